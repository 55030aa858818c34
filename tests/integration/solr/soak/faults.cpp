// SPDX-License-Identifier: Apache-2.0
#include "integration/solr/soak/faults.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include "core_lib/solr/client.hpp"

namespace core_lib::solr::soak {
namespace {

using std::chrono::milliseconds;
using Stream = support::FaultProxy::Stream;

/// Longer than the writers' timeout.
constexpr milliseconds long_time{1'700};
constexpr milliseconds short_time{200};
constexpr std::chrono::minutes longest_replay{5};

/// Whether the log of updates is active, which is the last of its four states.
bool has_replayed(const Client& client) {
  Request request{.path = "admin/metrics", .of_node = true};
  request.parameters.add("group", "core").add("key", "solr.core.core0:TLOG.state");
  return client.send(std::move(request))["metrics"]["solr.core.core0:TLOG.state"].integer() == 3;
}

}  // namespace

void crash(support::OwnService& solr, Networks all) {
  for (support::FaultProxy& network : all) network.cut();
  solr.run("crash");
  solr.run("resume");
  const Client client({.urls = {solr["url"]}});
  const auto end = std::chrono::steady_clock::now() + longest_replay;
  while (!has_replayed(client)) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("Solr does not end the replay of its log");
    std::this_thread::sleep_for(short_time);
  }
  for (support::FaultProxy& network : all) network.heal();
}

std::vector<Fault> faults_of(support::OwnService& solr) {
  using support::FaultProxy;
  const auto lasting = [](milliseconds time, const std::function<void(FaultProxy&)>& begin) {
    return [time, begin](Networks networks) {
      for (FaultProxy& network : networks) begin(network);
      std::this_thread::sleep_for(time);
      for (FaultProxy& network : networks) network.heal();
    };
  };
  return {
      {"connections cut", lasting(short_time, [](FaultProxy& network) { network.cut(); })},
      {"connections reset", lasting(short_time, [](FaultProxy& network) { network.reset(); })},
      {"answers delayed", lasting(long_time, [](FaultProxy& network) { network.delay(milliseconds(400)); })},
      {"black hole", lasting(long_time, [](FaultProxy& network) { network.black_hole(); })},
      {"black hole of requests", lasting(long_time, [](FaultProxy& network) { network.black_hole(Stream::upstream); })},
      {"black hole of answers",
       lasting(long_time, [](FaultProxy& network) { network.black_hole(Stream::downstream); })},
      {"cut in a request", lasting(short_time, [](FaultProxy& network) { network.limit(Stream::upstream, 900); })},
      {"cut in an answer", lasting(short_time, [](FaultProxy& network) { network.limit(Stream::downstream, 700); })},
      {"answer lost", lasting(short_time, [](FaultProxy& network) { network.limit(Stream::downstream, 0); })},
      {.name = "kill -9", .strike = [&solr](Networks all) { crash(solr, all); }, .of_server = true},
  };
}

}  // namespace core_lib::solr::soak
