// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/sql/sql_connection_registry.hpp"

/// What every SQL engine has to keep: that its word about commits is true.
/// A driver instantiates it with a context that has:
///   several_writers          false where one scope at a time may write
///   CauseOfRefusedCommit     the class of the cause that a refused commit tells
///   open(options)            opens a registry, always on the same database
///   refuse_commit(session)   works in the session so that the engine will refuse its COMMIT
namespace core_lib::contract {

struct Owner {
  std::int64_t id{};
  std::string name;
};
struct Pet {
  std::int64_t id{};
  std::int64_t owner_id{};
  std::string name;
};

}  // namespace core_lib::contract

template <>
struct core_lib::Entity<core_lib::contract::Owner>
    : core_lib::entity<"contract_owners", core_lib::key<&core_lib::contract::Owner::id>,
                       core_lib::unique<&core_lib::contract::Owner::name>> {};
template <>
struct core_lib::Entity<core_lib::contract::Pet>
    : core_lib::entity<"contract_pets", core_lib::key<&core_lib::contract::Pet::id>,
                       core_lib::references<&core_lib::contract::Pet::owner_id, &core_lib::contract::Owner::id>> {};

namespace core_lib::contract {
namespace owners {
inline constexpr auto id = col<&Owner::id>;
inline constexpr auto name = col<&Owner::name>;
}  // namespace owners

template <class Context>
class SqlContract : public testing::Test {
 protected:
  void SetUp() override {
    db = context.open();
    db->template create_db<Pet, Owner>();
  }

  std::vector<std::string> names() {
    return db->with(
        [](sql::Session& session) { return session.query<Owner>().order_by(owners::name).select(owners::name).all(); });
  }
  static void add(sql::Session& session, const std::string& name) { session.add(Owner{0, name}); }

  Context context;
  std::unique_ptr<SqlConnectionRegistry> db;
};

TYPED_TEST_SUITE_P(SqlContract);

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TYPED_TEST_P(SqlContract, WhatWasAcknowledgedIsThere) {
  this->db->with([&](sql::Session& session) { this->add(session, "ada"); });
  EXPECT_THAT(this->names(), ElementsAre("ada"));
}

TYPED_TEST_P(SqlContract, TheValueOfTheBodyIsReturned) {
  const std::int64_t id = this->db->with([&](sql::Session& session) { return session.add(Owner{0, "ada"}).id; });
  const auto found = this->db->with([&](sql::Session& session) { return session.query<Owner>().get(id); });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "ada");
}

TYPED_TEST_P(SqlContract, ABodyThatThrowsLeavesNothing) {
  struct Mine : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    throw Mine("body");
  }),
               Mine);
  EXPECT_THAT(this->names(), IsEmpty());
}

TYPED_TEST_P(SqlContract, AnErrorSwallowedInTheBodyFailsTheCommit) {
  try {
    this->db->with([&](sql::Session& session) {
      this->add(session, "ada");
      EXPECT_THROW(this->add(session, "ada"), UniqueViolation);
    });
    FAIL() << "the commit of a failed transaction was reported as done";
  } catch (const TransactionAborted& error) {
    EXPECT_THROW(std::rethrow_exception(error.cause()), UniqueViolation);
    EXPECT_THAT(error.what(), HasSubstr("savepoint()"));
  }
  EXPECT_THAT(this->names(), IsEmpty());
}

TYPED_TEST_P(SqlContract, AStatementAfterAFailedOneIsRefusedAndNotRun) {
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    EXPECT_THROW(this->add(session, "ada"), UniqueViolation);
    EXPECT_THROW(this->add(session, "grace"), TransactionAborted);
    EXPECT_THROW((void)session.query<Owner>().all(), TransactionAborted);
  }),
               TransactionAborted);
  EXPECT_THAT(this->names(), IsEmpty());
}

TYPED_TEST_P(SqlContract, ASyntaxErrorDoomsToo) {
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    EXPECT_THROW((void)session.execute("SELEKT 1"), SyntaxError);
  }),
               TransactionAborted);
  EXPECT_THAT(this->names(), IsEmpty());
}

TYPED_TEST_P(SqlContract, RollbackLiftsTheDoomAndBeginsAnew) {
  this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    EXPECT_THROW(this->add(session, "ada"), UniqueViolation);
    session.rollback();
    this->add(session, "grace");
  });
  EXPECT_THAT(this->names(), ElementsAre("grace"));
}

TYPED_TEST_P(SqlContract, ASavepointToleratesAnExpectedError) {
  bool was_there = false;
  // [quote savepoint]
  this->db->with([&](sql::Session& session) {
    session.add(Owner{0, "ada"});
    try {
      session.savepoint([&] {
        session.add(Owner{0, "lost with the savepoint"});
        session.add(Owner{0, "ada"});
      });
    } catch (const UniqueViolation&) {
      was_there = true;  // the transaction goes on
    }
    session.add(Owner{0, "grace"});
  });
  // [/quote]
  EXPECT_TRUE(was_there);
  EXPECT_THAT(this->names(), ElementsAre("ada", "grace"));
}

TYPED_TEST_P(SqlContract, AnErrorSwallowedInsideASavepointFailsTheSavepointAlone) {
  this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    EXPECT_THROW(session.savepoint([&] {
      this->add(session, "grace");
      EXPECT_THROW(this->add(session, "ada"), UniqueViolation);
    }),
                 TransactionAborted);
    this->add(session, "mary");
  });
  EXPECT_THAT(this->names(), ElementsAre("ada", "mary"));
}

TYPED_TEST_P(SqlContract, NestedSavepointsUndoOnlyTheirOwn) {
  this->db->with([&](sql::Session& session) {
    const int value = session.savepoint([&] {
      this->add(session, "outer");
      EXPECT_THROW(session.savepoint([&] {
        this->add(session, "inner");
        throw std::runtime_error("inner");
      }),
                   std::runtime_error);
      return 7;
    });
    EXPECT_EQ(value, 7);
  });
  EXPECT_THAT(this->names(), ElementsAre("outer"));
}

TYPED_TEST_P(SqlContract, CommitInsideASavepointIsRefused) {
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    session.savepoint([&] {
      this->add(session, "ada");
      session.commit();
    });
  }),
               UsageError);
  EXPECT_THAT(this->names(), IsEmpty());
}

TYPED_TEST_P(SqlContract, RollbackOnlyEndsWithoutAnException) {
  this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    session.rollback_only();
  });
  EXPECT_THAT(this->names(), IsEmpty());
}

TYPED_TEST_P(SqlContract, CommitInTheMiddleSurvivesALaterFailure) {
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    session.commit();
    this->add(session, "grace");
    throw std::runtime_error("later");
  }),
               std::runtime_error);
  EXPECT_THAT(this->names(), ElementsAre("ada"));
}

TYPED_TEST_P(SqlContract, AConnectionDroppedWithoutExitNeverCommits) {
  {
    auto connection = this->db->get();
    this->add(connection.enter(), "ada");
  }
  EXPECT_THAT(this->names(), IsEmpty());
  EXPECT_EQ(this->db->pool_statistics()->active, 0U);
}

TYPED_TEST_P(SqlContract, ASessionIsOfNoUseAfterItsScope) {
  auto connection = this->db->get();
  sql::Session& session = connection.enter();
  this->add(session, "ada");
  connection.exit(nullptr);
  EXPECT_THROW(this->add(session, "grace"), UsageError);
  EXPECT_THROW(connection.exit(nullptr), UsageError);
  EXPECT_THAT(this->names(), ElementsAre("ada"));
}

TYPED_TEST_P(SqlContract, ARefusedCommitStoresNothingAndFreesTheConnection) {
  try {
    this->db->with([&](sql::Session& session) {
      this->add(session, "ada");
      this->context.refuse_commit(session);
    });
    FAIL() << "a commit that the engine refused was reported as done";
  } catch (const CommitFailed& error) {
    EXPECT_THROW(std::rethrow_exception(error.cause()), typename TypeParam::CauseOfRefusedCommit);
    EXPECT_FALSE(error.is_in_doubt());
  }
  EXPECT_EQ(this->db->pool_statistics()->active, 0U);
  EXPECT_THAT(this->names(), IsEmpty());
}

TYPED_TEST_P(SqlContract, ConstraintErrorsKeepTheirKind) {
  EXPECT_THROW(this->db->with([&](sql::Session& session) { session.add(Pet{0, 4711, "stray"}); }), ConstraintViolation);
  this->db->with([&](sql::Session& session) { session.add(Owner{1, "ada"}); });
  EXPECT_THROW(this->db->with([&](sql::Session& session) { session.add(Owner{1, "grace"}); }), UniqueViolation);
}

TYPED_TEST_P(SqlContract, AfterCommitRunsOnceItIsStoredAndOnlyThen) {
  std::vector<std::string> seen;
  this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    session.after_commit([&] { seen = {"stored"}; });
    EXPECT_TRUE(seen.empty());
  });
  EXPECT_THAT(seen, ElementsAre("stored"));
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    session.after_commit([&] { seen.push_back("never"); });
    throw std::runtime_error("body");
  }),
               std::runtime_error);
  EXPECT_THAT(seen, ElementsAre("stored"));
}

TYPED_TEST_P(SqlContract, AFailureOfAfterCommitDoesNotMakeTheCommitFail) {
  this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    session.after_commit([] { throw std::runtime_error("side effect"); });
  });
  EXPECT_THAT(this->names(), ElementsAre("ada"));
}

TYPED_TEST_P(SqlContract, ARetryableErrorRunsTheBodyAgain) {
  int runs = 0;
  this->db->with({.attempts = 3}, [&](sql::Session& session) {
    this->add(session, "try " + std::to_string(++runs));
    if (runs < 3) throw Error("serialization failure", {.retryable = true});
  });
  EXPECT_EQ(runs, 3);
  EXPECT_THAT(this->names(), ElementsAre("try 3"));
}

TYPED_TEST_P(SqlContract, AttemptsRunOutAndOthersAreNotRetried) {
  int runs = 0;
  const auto fail = [&](bool retryable) {
    this->db->with({.attempts = 2}, [&](sql::Session&) {
      ++runs;
      throw Error("no", {.retryable = retryable});
    });
  };
  EXPECT_THROW(fail(true), Error);
  EXPECT_EQ(runs, 2);
  EXPECT_THROW(fail(false), Error);
  EXPECT_EQ(runs, 3);
}

TYPED_TEST_P(SqlContract, AnUnknownCommitIsNeverRunAgain) {
  int runs = 0;
  EXPECT_THROW(this->db->with({.attempts = 5},
                              [&](sql::Session&) {
                                ++runs;
                                throw CommitUnknown("link lost", {.retryable = true});
                              }),
               CommitUnknown);
  EXPECT_EQ(runs, 1);
}

TYPED_TEST_P(SqlContract, APassedDeadlineEndsTheScopeWithoutACommit) {
  EXPECT_THROW(this->db->with({.deadline = std::chrono::milliseconds(0)},
                              [&](sql::Session& session) { this->add(session, "ada"); }),
               DeadlineExceeded);
  EXPECT_THAT(this->names(), IsEmpty());
}

TYPED_TEST_P(SqlContract, AReadingScopeRefusesToWrite) {
  this->db->with([&](sql::Session& session) { this->add(session, "ada"); });
  EXPECT_THROW(this->db->with({.access = read_only}, [&](sql::Session& session) { this->add(session, "grace"); }),
               Error);
  const auto count =
      this->db->with({.access = read_only}, [](sql::Session& session) { return session.query<Owner>().count(); });
  EXPECT_EQ(count, 1);
  this->db->with([&](sql::Session& session) { this->add(session, "mary"); });
  EXPECT_THAT(this->names(), ElementsAre("ada", "mary"));
}

TYPED_TEST_P(SqlContract, AScopeInsideAScopeIsIndependentOrRefusedNamingBothPlaces) {
  const auto nested = [&] {
    this->db->with([&](sql::Session& session) {
      this->add(session, "outer");
      this->db->with([&](sql::Session& inner) { this->add(inner, "inner"); });
    });
  };
  if constexpr (TypeParam::several_writers) {
    nested();
    EXPECT_THAT(this->names(), ElementsAre("inner", "outer"));
  } else {
    try {
      nested();
      FAIL() << "two scopes on one connection";
    } catch (const UsageError& error) {
      const std::string message = error.what();
      const auto first = message.find("sql_contract.hpp:");
      ASSERT_NE(first, std::string::npos) << message;
      EXPECT_NE(message.find("sql_contract.hpp:", first + 1), std::string::npos) << message;
    }
    EXPECT_THAT(this->names(), IsEmpty());
  }
}

TYPED_TEST_P(SqlContract, ACursorEndsWithItsTransaction) {
  this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    this->add(session, "grace");
    auto cursor = session.query<Owner>().stream();
    auto row = cursor.begin();
    session.commit();
    EXPECT_THROW(++row, UsageError);
  });
}

TYPED_TEST_P(SqlContract, RowsMatchedAreCountedChangedOrNot) {
  this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    EXPECT_EQ(session.query<Owner>().filter(owners::name == "ada").update(owners::name = "ada"), 1U);
    EXPECT_EQ(session.query<Owner>().filter(owners::name == "nobody").update(owners::name = "x"), 0U);
    EXPECT_EQ(session.query<Owner>().filter(owners::name == "nobody").remove(), 0U);
  });
}

TYPED_TEST_P(SqlContract, AStatementOfTheRegistryCommitsOnItsOwn) {
  this->db->with([&](sql::Session& session) { this->add(session, "ada"); });
  EXPECT_EQ(this->db->execute("UPDATE contract_owners SET name = 'grace'").rows_matched(), 1U);
  EXPECT_THAT(this->names(), ElementsAre("grace"));
  EXPECT_EQ(this->db->execute("SELECT name FROM contract_owners").template scalar<std::string>(), "grace");
  EXPECT_THROW(this->db->execute("UPDATE contract_owners SET name = NULL"), ConstraintViolation);
  EXPECT_THROW(this->db->execute({.access = read_only}, "DELETE FROM contract_owners"), Error);
  EXPECT_THROW(this->db->execute({.deadline = std::chrono::milliseconds(0)}, "DELETE FROM contract_owners"),
               DeadlineExceeded);
  EXPECT_EQ(this->db->pool_statistics()->active, 0U);
  EXPECT_THAT(this->names(), ElementsAre("grace"));
}

TYPED_TEST_P(SqlContract, AReadingScopeMayAskManyTimes) {
  this->db->with([&](sql::Session& session) { this->add(session, "ada"); });
  this->db->with({.access = read_only}, [&](sql::Session& session) {
    EXPECT_EQ(session.query<Owner>().count(), 1);
    EXPECT_TRUE(session.query<Owner>().exists());
    for (const Owner& owner : session.query<Owner>().stream()) EXPECT_EQ(owner.name, "ada");
    EXPECT_EQ(session.savepoint([&] { return session.query<Owner>().count(); }), 1);
    session.commit();
    EXPECT_EQ(session.query<Owner>().count(), 1);
  });
}

TYPED_TEST_P(SqlContract, ATextWithoutOrWithTwoStatementsIsRefused) {
  const auto run = [&](const std::string& sql) {
    this->db->with([&](sql::Session& session) { (void)session.execute(sql); });
  };
  EXPECT_THROW(run(" -- nothing"), UsageError);
  EXPECT_THROW(run("SELECT 1; DELETE FROM contract_owners"), UsageError);
  EXPECT_NO_THROW(run("SELECT 1;"));
}

TYPED_TEST_P(SqlContract, AWrongNumberOfValuesIsRefused) {
  EXPECT_THROW(this->db->execute("SELECT 1", 2), UsageError);
  EXPECT_THROW(this->db->execute("SELECT 1 WHERE 1 = ?"), UsageError);
  EXPECT_THROW(this->db->execute("SELECT 1 WHERE 1 = ?", 1, 1), UsageError);
  EXPECT_EQ(this->db->execute("SELECT 7 WHERE 1 = ?", 1).template scalar<int>(), 7);
}

TYPED_TEST_P(SqlContract, CloseRefusesNewScopesAndIsIdempotent) {
  this->db->close(Deadline::in(std::chrono::seconds(5)));
  this->db->close(Deadline::in(std::chrono::seconds(5)));
  EXPECT_THROW(this->db->with([](sql::Session&) {}), UsageError);
  const Health health = this->db->ping(Deadline::in(std::chrono::seconds(5)));
  EXPECT_FALSE(health.healthy);
  EXPECT_FALSE(health.error.empty());
}

REGISTER_TYPED_TEST_SUITE_P(SqlContract, WhatWasAcknowledgedIsThere, TheValueOfTheBodyIsReturned,
                            ABodyThatThrowsLeavesNothing, AnErrorSwallowedInTheBodyFailsTheCommit,
                            AStatementAfterAFailedOneIsRefusedAndNotRun, ASyntaxErrorDoomsToo,
                            RollbackLiftsTheDoomAndBeginsAnew, ASavepointToleratesAnExpectedError,
                            AnErrorSwallowedInsideASavepointFailsTheSavepointAlone, NestedSavepointsUndoOnlyTheirOwn,
                            CommitInsideASavepointIsRefused, RollbackOnlyEndsWithoutAnException,
                            CommitInTheMiddleSurvivesALaterFailure, AConnectionDroppedWithoutExitNeverCommits,
                            ASessionIsOfNoUseAfterItsScope, ARefusedCommitStoresNothingAndFreesTheConnection,
                            ConstraintErrorsKeepTheirKind, AfterCommitRunsOnceItIsStoredAndOnlyThen,
                            AFailureOfAfterCommitDoesNotMakeTheCommitFail, ARetryableErrorRunsTheBodyAgain,
                            AttemptsRunOutAndOthersAreNotRetried, AnUnknownCommitIsNeverRunAgain,
                            APassedDeadlineEndsTheScopeWithoutACommit, AReadingScopeRefusesToWrite,
                            AScopeInsideAScopeIsIndependentOrRefusedNamingBothPlaces, ACursorEndsWithItsTransaction,
                            RowsMatchedAreCountedChangedOrNot, AStatementOfTheRegistryCommitsOnItsOwn,
                            AReadingScopeMayAskManyTimes, ATextWithoutOrWithTwoStatementsIsRefused,
                            AWrongNumberOfValuesIsRefused, CloseRefusesNewScopesAndIsIdempotent);

}  // namespace core_lib::contract
