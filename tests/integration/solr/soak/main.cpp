// SPDX-License-Identifier: Apache-2.0
// Indexes from 8 threads while everything breaks, and checks that the library's word about each document was true.
// usage: solr_soak [--minutes N] [--seed N]. It starts a Solr of its own, and two ways to it through a fault proxy.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/stream.hpp"

#include "integration/solr/soak/faults.hpp"
#include "integration/solr/soak/writer.hpp"
#include "support/recording_logger.hpp"
#include "support/service.hpp"

namespace core_lib::solr::soak {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int writers = 8;
constexpr seconds longest_recovery{60};

struct Settings {
  double minutes = 0.5;
  unsigned seed = std::random_device{}();
};

Settings settings_of(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; i += 2) {
    const bool minutes = std::strcmp(argv[i], "--minutes") == 0;
    if (i + 1 == argc || (!minutes && std::strcmp(argv[i], "--seed") != 0)) {
      throw std::runtime_error("usage: solr_soak [--minutes N] [--seed N]");
    }
    if (minutes) settings.minutes = std::stod(argv[i + 1]);
    if (!minutes) settings.seed = static_cast<unsigned>(std::stoul(argv[i + 1]));
  }
  return settings;
}

std::string port_of(const std::string& url) {
  const std::size_t at = url.rfind(':') + 1;
  return url.substr(at, url.find('/', at) - at);
}

/// A node that a fault had struck is asked again soon.
ClientOptions options(Networks networks, std::shared_ptr<Logger> logger) {
  ClientOptions options{.http = {.connect_timeout = milliseconds(500), .timeout = milliseconds(1'500)},
                        .balancing = {.first_pause = milliseconds(100),
                                      .longest_pause = milliseconds(500),
                                      .check_timeout = milliseconds(500)},
                        .logger = std::move(logger)};
  for (const support::FaultProxy& network : networks) {
    options.urls.push_back("http://127.0.0.1:" + network.port() + "/solr/core0");
  }
  return options;
}

class Soak {
 public:
  explicit Soak(const Settings& settings) : settings_(settings), random_(settings.seed) {
    const Client client(options(networks_, logger_));
    for (int i = 0; i < writers; ++i) writers_.emplace_back(i, client, settings.seed + static_cast<unsigned>(i));
  }

  /// @returns the violations
  std::size_t run() {
    {
      std::vector<std::jthread> threads;
      for (Writer& writer : writers_) threads.emplace_back([&](const std::stop_token& stop) { writer.run(stop); });
      strike_until_enough();
    }
    // A request that was on its way when its writer gave up must not arrive while the index is read.
    crash(solr_, networks_);
    compare();
    print();
    return violations_.size();
  }

 private:
  [[nodiscard]] std::size_t acknowledged() const {
    std::size_t sum = 0;
    for (const Writer& writer : writers_) sum += writer.acknowledged();
    return sum;
  }

  void strike_until_enough() {
    const auto end = Clock::now() +
                     std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(settings_.minutes * 60));
    std::vector<Fault> faults = faults_of(solr_);
    while (recovered() && Clock::now() < end) {
      std::shuffle(faults.begin(), faults.end(), random_);
      for (const Fault& fault : faults) {
        const Networks struck = fault.of_server ? Networks(networks_) : some_networks();
        fault.strike(struck);
        ++struck_[fault.name + (struck.size() == 1 ? ", at one address" : "")];
        if (!recovered()) return;
        if (Clock::now() >= end) break;
      }
    }
  }

  /// Either of the two, or both.
  Networks some_networks() {
    const auto which = random_() % 3;
    return which == 2 ? Networks(networks_) : Networks(networks_).subspan(which, 1);
  }

  /// Waits until requests are answered again.
  bool recovered() {
    const std::size_t wanted = acknowledged() + 10 * writers;
    const auto end = Clock::now() + longest_recovery;
    while (acknowledged() < wanted) {
      if (Clock::now() > end) {
        violations_.push_back("the work did not go on");
        return false;
      }
      std::this_thread::sleep_for(milliseconds(1));
    }
    return true;
  }

  /// Solr replays its log in the background, and passes over commits meanwhile.
  void compare() {
    const std::vector<std::string> before = violations_;
    const auto end = Clock::now() + 2 * longest_recovery;
    do {
      violations_ = before;
      try {
        compare_once();
      } catch (const Error& error) {
        violations_.push_back(error.what());
      }
    } while (!violations_.empty() && before.empty() && Clock::now() < end);
  }

  void compare_once() {
    const Client client({.urls = {solr_["url"]}});
    client.commit();
    std::vector<Found> found(writers);
    for (const Value document : DocumentStream(client, Query("number_i:*").fields({"id", "writer_i", "number_i"}))) {
      std::vector<int>& copies = found.at(static_cast<std::size_t>(document["writer_i"].integer())).copies;
      const auto number = static_cast<std::size_t>(document["number_i"].integer());
      if (copies.size() <= number) copies.resize(number + 1);
      ++copies[number];
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Results counter = client.get_by_id(Writer::counter_id(static_cast<int>(i)));
      if (!counter.empty()) found[i].count = counter.documents()[0]["count_i"].integer_or(0);
      const std::string writer = "writer " + std::to_string(i) + ": ";
      for (const std::string& one : violations_of(writers_[i].expected(), found[i]))
        violations_.push_back(writer + one);
      for (const std::string& one : writers_[i].wrong_answers()) violations_.push_back(writer + one);
    }
    found_ = std::move(found);
  }

  void print() const {
    std::size_t fates[3] = {};
    std::size_t unknown_stored = 0;
    std::map<std::string, std::size_t> failures;
    for (std::size_t i = 0; i < writers_.size(); ++i) {
      const Expected& expected = writers_[i].expected();
      for (std::size_t document = 0; document < expected.fates.size(); ++document) {
        const Fate fate = expected.fates[document];
        ++fates[static_cast<std::size_t>(fate)];
        if (fate == Fate::either && i < found_.size() && document < found_[i].copies.size()) {
          unknown_stored += static_cast<std::size_t>(found_[i].copies[document]);
        }
      }
      for (const auto& [name, count] : writers_[i].failures()) failures[name] += count;
    }
    std::printf("soak of Solr: %.1f minutes, seed %u\n", settings_.minutes, settings_.seed);
    for (const auto& [name, count] : struck_) line("fault: " + name, count);
    line("times that an address was left out", logger_->count(LogLevel::warning, "is left out"));
    line("requests that were answered well", acknowledged());
    for (const auto& [name, count] : failures) line("failed: " + name, count);
    line("documents acknowledged and not removed", fates[0]);
    line("documents refused, not sent or removed", fates[1]);
    line("documents of which nobody knows", fates[2]);
    line("  of them stored", unknown_stored);
    line("violations", violations_.size());
    for (std::size_t i = 0; i < std::min<std::size_t>(violations_.size(), 20); ++i) {
      std::printf("  %s\n", violations_[i].c_str());
    }
  }

  static void line(const std::string& name, std::size_t value) { std::printf("%-56s %9zu\n", name.c_str(), value); }

  const Settings& settings_;
  support::OwnService solr_{"solr", "single", ""};
  support::OwnService toxiproxy_{"toxiproxy"};
  const std::string port_ = port_of(solr_["url"]);
  std::array<support::FaultProxy, 2> networks_{support::FaultProxy(toxiproxy_["port"], port_),
                                               support::FaultProxy(toxiproxy_["port"], port_)};
  std::minstd_rand random_;
  const std::shared_ptr<support::RecordingLogger> logger_ = std::make_shared<support::RecordingLogger>();
  std::deque<Writer> writers_{};
  std::map<std::string, std::size_t> struck_{};
  std::vector<Found> found_{};
  std::vector<std::string> violations_{};
};

}  // namespace
}  // namespace core_lib::solr::soak

int main(int argc, char** argv) {
  try {
    const core_lib::solr::soak::Settings settings = core_lib::solr::soak::settings_of(argc, argv);
    return core_lib::solr::soak::Soak(settings).run() == 0 ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "solr_soak: %s\n", error.what());
    return 2;
  }
}
