// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <barrier>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "contract/sql_contract.hpp"
#include "support/caught.hpp"
#include "support/eventually.hpp"
#include "support/forwarder.hpp"

/// The word about a commit is true where the network, the clock or another transaction comes between. An engine
/// instantiates it with support::PostgresqlSchema or its like. What needs no network is in SqlContract: an error
/// swallowed in the body, and a commit that the engine refuses.
namespace core_lib::contract {

struct Savings {
  std::int64_t id{};
  std::string owner;
  std::int64_t amount{};
};

}  // namespace core_lib::contract

template <>
struct core_lib::Entity<core_lib::contract::Savings>
    : core_lib::entity<"contract_savings", core_lib::key<&core_lib::contract::Savings::id>,
                       core_lib::unique<&core_lib::contract::Savings::owner>> {};

namespace core_lib::contract {
namespace savings {
inline constexpr auto owner = col<&Savings::owner>;
inline constexpr auto amount = col<&Savings::amount>;
}  // namespace savings

template <class Server>
class SqlCommitContract : public testing::Test {
 protected:
  SqlCommitContract() {
    typename Server::Options options = server.options();
    options.hosts = {{"127.0.0.1", network.port()}};
    db = Server::open(options);
    db->template create_db<Savings>();
    db->with([](sql::Session& session) { session.add_all(std::vector<Savings>{{0, "ada", 100}, {0, "grace", 100}}); });
  }

  /// As somebody else sees it.
  std::int64_t amount(const std::string& owner) {
    return server.administrator()
        .execute("SELECT amount FROM contract_savings WHERE owner = ?", owner)
        .template scalar<std::int64_t>();
  }
  static void set_amount(sql::Session& session, std::int64_t amount) {
    session.query<Savings>().filter(savings::owner == "ada").update(savings::amount = amount);
  }
  static void add_to(sql::Session& session, const std::string& owner, std::int64_t amount) {
    session.query<Savings>().filter(savings::owner == owner).update(savings::amount = savings::amount + amount);
  }
  /// Lets the next request pass or vanish, its answer in any case, and then cuts the link.
  std::jthread lose_the_next_answer(bool and_the_request) {
    network.swallow_requests(and_the_request);
    network.swallow_answers();
    return std::jthread([this, before = network.requests()] {
      network.await_request(before);
      network.cut();
    });
  }
  void heal() {
    network.swallow_requests(false);
    network.swallow_answers(false);
  }
  /// Calls it for both ways at a time.
  template <class Move>
  static void both_ways(Move move) {
    const std::jthread one([&] { move("ada", "grace"); });
    const std::jthread other([&] { move("grace", "ada"); });
  }

  Server server;
  support::Forwarder network{server.port()};
  std::unique_ptr<SqlConnectionRegistry> db;
};

TYPED_TEST_SUITE_P(SqlCommitContract);

using namespace std::chrono_literals;
using support::caught;
using support::eventually;

TYPED_TEST_P(SqlCommitContract, IsUnknownWhereItsAnswerIsLostAndMayBeStored) {
  std::jthread cutter;
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    this->set_amount(session, 1);
    cutter = this->lose_the_next_answer(false);
  }),
               CommitUnknown);
  EXPECT_TRUE(eventually([&] { return this->amount("ada") == 1; }));
}

TYPED_TEST_P(SqlCommitContract, IsUnknownWhereItsRequestIsLostAndIsNotStoredNorRunAgain) {
  std::jthread cutter;
  int runs = 0;
  const auto error = caught<CommitUnknown>([&] {
    this->db->with({.attempts = 3}, [&](sql::Session& session) {
      ++runs;
      this->set_amount(session, 1);
      cutter = this->lose_the_next_answer(true);
    });
    return 0;
  });
  EXPECT_TRUE(error.is_in_doubt());
  EXPECT_TRUE(error.breaks_connection());
  EXPECT_THROW(std::rethrow_exception(error.cause()), ConnectionLost);
  EXPECT_EQ(runs, 1);
  cutter.join();
  this->heal();
  EXPECT_EQ(this->amount("ada"), 100);
  this->db->with([&](sql::Session& session) { this->set_amount(session, 2); });
  EXPECT_EQ(this->amount("ada"), 2);
}

TYPED_TEST_P(SqlCommitContract, IsUnknownWhereTheDeadlinePassesBeforeItsAnswer) {
  EXPECT_THROW(this->db->with({.deadline = 1s},
                              [&](sql::Session& session) {
                                this->set_amount(session, 1);
                                this->network.swallow_answers();
                              }),
               CommitUnknown);
  EXPECT_TRUE(eventually([&] { return this->amount("ada") == 1; }));
  this->heal();
  this->db->with([&](sql::Session& session) { this->set_amount(session, 2); });
  EXPECT_EQ(this->amount("ada"), 2);
}

TYPED_TEST_P(SqlCommitContract, OfAStatementOnItsOwnIsUnknownWhereItsAnswerIsLost) {
  const auto set_all = [&](int amount) { this->db->execute("UPDATE contract_savings SET amount = ?", amount); };
  set_all(5);
  const std::jthread cutter = this->lose_the_next_answer(false);
  EXPECT_THROW(set_all(7), CommitUnknown);
  EXPECT_TRUE(eventually([&] { return this->amount("ada") == 7; }));
}

// MariaDB rolls all of it back, takes the next statement for the first one of a new transaction, and calls COMMIT done.
TYPED_TEST_P(SqlCommitContract, FailsAfterADeadlockThatTheBodySwallowedBeforeAnotherWrite) {
  std::barrier both_hold_one(2);
  std::atomic<int> failures = 0;
  this->both_ways([&](const char* from, const char* to) {
    try {
      this->db->with([&](sql::Session& session) {
        this->add_to(session, from, -10);
        both_hold_one.arrive_and_wait();
        try {
          this->add_to(session, to, 10);
        } catch (const Error& error) {
          EXPECT_TRUE(error.is_retryable());
          EXPECT_THROW(session.execute("UPDATE contract_savings SET amount = 7"), TransactionAborted);
        }
      });
    } catch (const TransactionAborted&) {
      ++failures;
    }
  });
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(this->amount("ada") + this->amount("grace"), 200);
  EXPECT_NE(this->amount("ada"), 7);
}

TYPED_TEST_P(SqlCommitContract, IsTriedAgainAfterADeadlock) {
  std::barrier both_hold_one(2);
  std::atomic<int> runs = 0;
  this->both_ways([&](const char* from, const char* to) {
    bool first = true;
    this->db->with({.attempts = 10}, [&](sql::Session& session) {
      ++runs;
      this->add_to(session, from, -10);
      if (std::exchange(first, false)) both_hold_one.arrive_and_wait();
      this->add_to(session, to, 10);
    });
  });
  EXPECT_GE(runs, 3);
  EXPECT_EQ(this->amount("ada"), 100);
  EXPECT_EQ(this->amount("grace"), 100);
}

TYPED_TEST_P(SqlCommitContract, IsTriedAgainAfterASerializationFailure) {
  std::barrier both_have_read(2);
  std::atomic<int> runs = 0;
  this->both_ways([&](const char*, const char*) {
    bool first = true;
    this->db->with({.isolation = Isolation::serializable, .attempts = 20}, [&](sql::Session& session) {
      ++runs;
      const std::int64_t seen = session.query<Savings>().filter(savings::owner == "ada").one().amount;
      if (std::exchange(first, false)) both_have_read.arrive_and_wait();
      this->set_amount(session, seen + 10);
    });
  });
  EXPECT_GE(runs, 3);
  EXPECT_EQ(this->amount("ada"), 120);
}

TYPED_TEST_P(SqlCommitContract, ARollbackThatIsNotAnsweredEndsWithItsDeadline) {
  const std::int64_t connection = this->db->with(TypeParam::connection_of);
  const auto start = Deadline::clock::now();
  EXPECT_THROW(this->db->with({.deadline = 200ms},
                              [&](sql::Session& session) {
                                (void)session.execute("SELECT 1");
                                this->network.swallow_requests();
                                throw std::runtime_error("the body gives up");
                              }),
               std::runtime_error);
  EXPECT_LT(Deadline::clock::now() - start, 4s) << "it waited longer than for the deadline";
  this->heal();
  EXPECT_NE(this->db->with(TypeParam::connection_of), connection);
}

REGISTER_TYPED_TEST_SUITE_P(SqlCommitContract, IsUnknownWhereItsAnswerIsLostAndMayBeStored,
                            IsUnknownWhereItsRequestIsLostAndIsNotStoredNorRunAgain,
                            IsUnknownWhereTheDeadlinePassesBeforeItsAnswer,
                            OfAStatementOnItsOwnIsUnknownWhereItsAnswerIsLost,
                            FailsAfterADeadlockThatTheBodySwallowedBeforeAnotherWrite, IsTriedAgainAfterADeadlock,
                            IsTriedAgainAfterASerializationFailure, ARollbackThatIsNotAnsweredEndsWithItsDeadline);

}  // namespace core_lib::contract
