// SPDX-License-Identifier: Apache-2.0
// Moves money in a graph from 8 threads while everything breaks, and checks that the library's word about each commit
// was true. See tests/integration/ledger for the same on relational databases.
#include <cstdio>
#include <random>
#include <thread>

#include <gmock/gmock.h>

#include "core_lib/error/error.hpp"

#include "integration/ledger/ambush.hpp"
#include "integration/neo4j/graph_bank.hpp"
#include "support/fault_proxy.hpp"
#include "support/service.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::ledger {
namespace {

using std::chrono::milliseconds;
using Way = support::FaultProxy;

constexpr std::int64_t account_count = 40;
constexpr std::int64_t opening_balance = 1'000'000;
constexpr std::int64_t worker_count = 8;
constexpr milliseconds scope_time{500};
// A service that has lost its database does not ask it as fast as it can.
constexpr milliseconds pause_after_failure{5};
constexpr std::chrono::seconds longest_recovery{30};

class Neo4jLedger : public testing::Test {
 protected:
  ~Neo4jLedger() override { stop(); }

  [[nodiscard]] std::unique_ptr<Neo4jConnectionRegistry> open(const std::string& port) const {
    neo4j::DriverConfig config;
    config.max_transaction_retry_time = std::chrono::seconds(5);
    return std::make_unique<Neo4jConnectionRegistry>(
        neo4j::Driver("bolt://127.0.0.1:" + port, neo4j::AuthToken::basic("neo4j", server_["password"]), config));
  }

  void start() {
    open_accounts(*administrator_, account_count, opening_balance);
    for (std::int64_t worker = 1; worker <= worker_count; ++worker) {
      workers_.emplace_back([this, worker](const std::stop_token& stop) { work(worker, stop); });
    }
  }
  void stop() {
    for (std::jthread& worker : workers_) worker.request_stop();
    workers_.clear();
  }

  /// Lets a fault be felt for some time, heals it, and waits until everything goes on.
  void strike(const std::string& name, milliseconds time, const std::function<void()>& fault) {
    fault();
    std::this_thread::sleep_for(time);
    way_.heal();
    ++faults_;
    await_progress(name);
  }
  /// Strikes a transfer that is done and about to be committed.
  void strike_a_commit(const std::string& name, milliseconds time, const std::function<void()>& fault) {
    strike(name, time, [&] { EXPECT_TRUE(ambush_.lay(fault, longest_recovery)) << name << ": no commit came"; });
  }
  void await_progress(const std::string& fault) {
    const Deadline limit = Deadline::in(longest_recovery);
    const std::size_t wanted = journal_.count_committed() + worker_count;
    while (journal_.count_committed() < wanted) {
      ASSERT_FALSE(limit.expired()) << "the work did not go on after: " << fault;
      std::this_thread::sleep_for(milliseconds(1));
    }
  }
  void strike_everywhere() {
    const std::size_t some_bytes = std::uniform_int_distribution<std::size_t>(0, 1500)(random_);
    const auto moment = milliseconds(30);
    const auto long_time = scope_time + milliseconds(100);
    strike("cut", moment, [&] { way_.cut(); });
    strike("reset", moment, [&] { way_.reset(); });
    strike("delay", scope_time, [&] { way_.delay(scope_time / 8); });
    strike("half-open", long_time, [&] { way_.black_hole(); });
    strike("requests vanish", long_time, [&] { way_.black_hole(Way::Stream::upstream); });
    strike("answers vanish", long_time, [&] { way_.black_hole(Way::Stream::downstream); });
    strike("cut in a request", moment, [&] { way_.limit(Way::Stream::upstream, some_bytes); });
    strike("cut in an answer", moment, [&] { way_.limit(Way::Stream::downstream, some_bytes); });
    strike_a_commit("lose a commit", moment, [&] { way_.limit(Way::Stream::upstream, 0); });
    strike_a_commit("lose the answer to a commit", moment, [&] { way_.limit(Way::Stream::downstream, 0); });
    strike_a_commit("delay a commit", long_time, [&] { way_.delay(long_time); });
  }
  void crash() {
    server_.run("crash");
    server_.run("resume");
  }

  support::OwnService server_{"neo4j"};
  support::OwnService toxiproxy_{"toxiproxy"};
  Way way_{toxiproxy_["port"], server_["port"]};
  std::unique_ptr<Neo4jConnectionRegistry> administrator_ = open(server_["port"]);
  std::unique_ptr<Neo4jConnectionRegistry> db_ = open(way_.port());
  TemporaryFolder folder_;
  JournalFile journal_{folder_.path() + "/journal"};
  Ambush ambush_;
  std::size_t faults_ = 0;
  std::minstd_rand random_{std::random_device{}()};

 private:
  void work(std::int64_t worker, const std::stop_token& stop) {
    std::minstd_rand random(std::random_device{}());
    for (std::int64_t count = 1; !stop.stop_requested(); ++count) {
      const std::int64_t number = worker * transfers_of_a_worker + count;
      std::uniform_int_distribution<std::int64_t> account(1, account_count);
      const std::int64_t from = account(random);
      journal_.write(number, {});
      const Entry entry = make_one(worker, {0, number, from, from % account_count + 1, account(random)}, count);
      journal_.write(number, entry);
      if (entry.outcome != Outcome::committed) std::this_thread::sleep_for(pause_after_failure);
    }
  }

  /// Half of the workers have a deadline, too short to try again; the others try again as long as the driver does.
  Entry make_one(std::int64_t worker, const Transfer& transfer, std::int64_t count) {
    neo4j::SessionConfig session;
    if (worker % 2 == 0) session.deadline = Deadline::in(scope_time);
    try {
      make(*db_, session, transfer,
           {.swallows_an_error = count % 100 == 13, .throws = count % 100 == 57, .before_commit = [this] {
              ambush_.reach();
            }});
      return {Outcome::committed, {}, {}};
    } catch (const Error& error) {
      return {error.is_in_doubt() ? Outcome::unknown : Outcome::failed, {}, error.what()};
    } catch (const ChangedMind& error) {
      return {Outcome::failed, {}, error.what()};
    }
  }

  std::vector<std::jthread> workers_;
};

TEST_F(Neo4jLedger, BearsOutWhatWasSaidOfEachCommitWhileEverythingBreaks) {
  start();
  await_progress("the start");
  strike_everywhere();
  crash();
  await_progress("the server was killed and started again");
  strike_everywhere();
  stop();
  crash();  // so that nothing is under way while the books are read

  const Comparison found = compare(journal_.read(), read_books(*open(server_["port"]), opening_balance));
  std::printf("%zu faults, %zu transfers committed, %zu failed, %zu unknown, of which %zu were stored\n", faults_ + 2,
              found.committed, found.failed, found.unknown, found.unknown_stored);
  EXPECT_THAT(found.violations, testing::IsEmpty());
  EXPECT_GT(found.failed, 0U);
}

}  // namespace
}  // namespace core_lib::ledger
