// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/supervisor.hpp"

#include <cstdio>
#include <optional>
#include <thread>

#include "core_lib/config/instantiate_config.hpp"

#include "integration/ledger/faults.hpp"

namespace core_lib::ledger {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds longest_recovery{30};

milliseconds since(Deadline::clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(Deadline::clock::now() - start);
}

class Supervisor {
 public:
  explicit Supervisor(const Settings& settings)
      : settings_(settings), journal_(settings.journal), start_(Deadline::clock::now()) {
    if (settings.config.contains("server")) server_.emplace(settings);
    report_.seed = settings.seed;
  }

  Report run() {
    {
      const auto db = administrator();
      report_.database =
          std::string(db->name()) + ", " + db->ping(Deadline::in(std::chrono::seconds(10))).server_version;
      open_accounts(*db, settings_.work.accounts, settings_.opening_balance);
    }
    Ambush ambush;
    Crew crew(settings_, journal_, ambush);
    Faults faults(settings_, crew, ambush, server_ ? &*server_ : nullptr);
    if (recovered_after("the start")) strike_until_enough(faults);
    report_.pool = crew.pool_statistics();
    crew.stop();
    report_.time = since(start_);
    end_what_is_under_way();
    const Books books = read_books(*administrator(), settings_.opening_balance);
    const Comparison found = compare(journal_.read(), books, settings_.patience);
    const std::vector<std::string> before = std::move(report_.comparison.violations);
    report_.comparison = found;
    report_.comparison.violations.insert(report_.comparison.violations.begin(), before.begin(), before.end());
    return std::move(report_);
  }

 private:
  [[nodiscard]] std::shared_ptr<SqlConnectionRegistry> administrator() const {
    if (server_) return server_->administrator();
    return instantiate_config<SqlConnectionRegistry>(settings_.config.at("administrator"));
  }

  void strike_until_enough(Faults& faults) {
    std::vector<std::string> round;
    std::size_t struck = 0;
    while (struck < settings_.least_faults || journal_.count_committed() < settings_.least_transfers ||
           since(start_) < settings_.least_time) {
      if (round.empty()) round = faults.shuffled_round();
      const std::string name = std::move(round.back());
      round.pop_back();
      if (!faults.strike(name)) continue;
      ++struck;
      if (!recovered_after(name)) return;
      progress(struck);
    }
  }

  /// Waits until everything goes on.
  bool recovered_after(const std::string& fault) {
    const auto healed = Deadline::clock::now();
    const std::size_t wanted = journal_.count_committed() + settings_.threads;
    while (journal_.count_committed() < wanted) {
      if (since(healed) > longest_recovery) {
        report_.comparison.violations.push_back("the work did not go on after " + fault);
        return false;
      }
      std::this_thread::sleep_for(milliseconds(1));
    }
    report_.recoveries[fault].push_back(since(healed));
    return true;
  }

  /// A commit that was on its way when its client gave up must not arrive while the books are read.
  void end_what_is_under_way() {
    if (!server_) return;
    server_->network().cut();
    server_->crash();
    server_->resume();
  }

  void progress(std::size_t struck) {
    if (struck % 20 != 0) return;
    std::fprintf(stderr, "%8.1f s  %zu faults, %zu committed transfers\n",
                 static_cast<double>(since(start_).count()) / 1000, struck, journal_.count_committed());
  }

  const Settings& settings_;
  JournalFile journal_;
  std::optional<Server> server_;
  Report report_;
  Deadline::clock::time_point start_;
};

}  // namespace

Report run(const Settings& settings) { return Supervisor(settings).run(); }

}  // namespace core_lib::ledger
