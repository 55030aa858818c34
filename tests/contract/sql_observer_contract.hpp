// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "contract/sql_contract.hpp"
#include "support/recording_observer.hpp"

/// What an observer of any SQL engine sees. A driver instantiates it with the context of SqlContract.
namespace core_lib::contract {

template <class Context>
class SqlObserverContract : public SqlContract<Context> {
 protected:
  void SetUp() override {
    this->db = this->context.open({.observer = observer});
    this->db->template create_db<Pet, Owner>();
    observer->clear();
  }
  /// The one query that ended.
  support::RecordingObserver::Query only_query() {
    const auto ended = observer->queries_ended();
    EXPECT_EQ(ended.size(), 1U);
    return ended.empty() ? support::RecordingObserver::Query{} : ended.front();
  }
  TransactionOutcome only_transaction() {
    const auto ended = observer->transactions_ended();
    EXPECT_EQ(ended.size(), 1U);
    return ended.empty() ? TransactionOutcome{} : ended.front().outcome;
  }

  std::shared_ptr<support::RecordingObserver> observer = std::make_shared<support::RecordingObserver>();
};

TYPED_TEST_SUITE_P(SqlObserverContract);

TYPED_TEST_P(SqlObserverContract, AQueryIsToldFromItsStartToItsEnd) {
  this->db->with([&](sql::Session& session) {
    for (const char* name : {"ada", "grace"}) this->add(session, name);
    this->observer->clear();
    EXPECT_EQ(session.query<Owner>().all().size(), 2U);
  });
  const auto started = this->observer->queries_started();
  const auto ended = this->only_query();
  ASSERT_EQ(started.size(), 1U);
  EXPECT_EQ(started[0].id, ended.id);
  EXPECT_EQ(started[0].statement, ended.statement);
  EXPECT_THAT(ended.statement, HasSubstr("contract_owners"));
  EXPECT_EQ(ended.source, this->db->name());
  EXPECT_FALSE(ended.engine.empty());
  EXPECT_EQ(ended.outcome.rows, 2U);
  EXPECT_GT(ended.outcome.duration.count(), 0);
  EXPECT_FALSE(ended.outcome.failure);
}

TYPED_TEST_P(SqlObserverContract, RowsAreThoseMatchedWhereNoneAreRead) {
  this->db->with([&](sql::Session& session) {
    for (const char* name : {"ada", "grace", "mary"}) this->add(session, name);
    this->observer->clear();
    EXPECT_EQ(session.query<Owner>().filter(owners::name != "ada").update(owners::name = owners::name), 2U);
  });
  EXPECT_EQ(this->only_query().outcome.rows, 2U);
}

TYPED_TEST_P(SqlObserverContract, EachStatementOfABatchIsToldOnce) {
  this->db->with([&](sql::Session& session) {
    for (const char* name : {"ada", "grace"}) this->add(session, name);
    this->observer->clear();
    const auto results = session.execute(sql::Batch()
                                             .add("UPDATE contract_owners SET name = name WHERE name <> ?", "mary")
                                             .add("SELECT name FROM contract_owners")
                                             .add("UPDATE contract_owners SET name = name WHERE name = ?", "ada"));
    EXPECT_EQ(results[1].size(), 2U);
    EXPECT_EQ(results[2].rows_matched(), 1U);
  });
  const auto started = this->observer->queries_started();
  const auto ended = this->observer->queries_ended();
  ASSERT_EQ(started.size(), 3U);
  ASSERT_EQ(ended.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(started[i].id, ended[i].id);
    EXPECT_EQ(ended[i].outcome.rows, i == 2 ? 1U : 2U);
    EXPECT_FALSE(ended[i].outcome.failure);
  }
}

TYPED_TEST_P(SqlObserverContract, OnlyTheStatementOfABatchThatFailedIsToldToHaveFailed) {
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    for (const char* name : {"ada", "grace"}) this->add(session, name);
    this->observer->clear();
    (void)session.execute(sql::Batch()
                              .add("UPDATE contract_owners SET name = name")
                              .add("UPDATE contract_owners SET name = ? WHERE name = ?", "ada", "grace")
                              .add("UPDATE contract_owners SET name = ?", "mary"));
  }),
               UniqueViolation);
  const auto ended = this->observer->queries_ended();
  ASSERT_EQ(ended.size(), 2U);
  EXPECT_FALSE(ended[0].outcome.failure);
  EXPECT_EQ(ended[1].outcome.failure.error_class, "UniqueViolation");
}

TYPED_TEST_P(SqlObserverContract, AReaderThatBreaksOffEndsTheQuery) {
  this->db->with([&](sql::Session& session) {
    for (const char* name : {"ada", "grace", "mary"}) this->add(session, name);
    this->observer->clear();
    for (const Owner& owner : session.query<Owner>().stream()) {
      EXPECT_FALSE(owner.name.empty());
      EXPECT_TRUE(this->observer->queries_ended().empty());
      break;
    }
  });
  EXPECT_EQ(this->only_query().outcome.rows, 1U);
}

TYPED_TEST_P(SqlObserverContract, AFailureTellsItsClassAndTheEnginesCode) {
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    this->observer->clear();
    this->add(session, "ada");
  }),
               UniqueViolation);
  const auto failed = this->only_query();
  EXPECT_EQ(failed.outcome.failure.error_class, "UniqueViolation");
  EXPECT_FALSE(failed.outcome.failure.native_code.empty());
  EXPECT_EQ(this->only_transaction().end, TransactionEnd::rolled_back);
}

TYPED_TEST_P(SqlObserverContract, AStatementThatCannotBeRunIsTold) {
  EXPECT_THROW(this->db->execute("SELECT nothing FROM nowhere WHERE secret = 'hunter2'"), SyntaxError);
  const auto failed = this->only_query();
  EXPECT_EQ(failed.statement, "SELECT nothing FROM nowhere WHERE secret = ?");
  EXPECT_EQ(failed.outcome.failure.error_class, "SyntaxError");
}

TYPED_TEST_P(SqlObserverContract, NoValueIsTold) {
  this->db->with([&](sql::Session& session) {
    this->add(session, "hunter2");
    (void)session.execute("UPDATE contract_owners SET name = 'hunter2' WHERE id = 4711 -- hunter2");
    (void)session.query<Owner>().filter(owners::name.in({"hunter2", "swordfish"})).all();
  });
  const auto statements = this->observer->statements();
  EXPECT_EQ(statements.size(), 3U);
  for (const std::string& statement : statements) {
    for (const char* secret : {"hunter2", "4711", "swordfish"}) {
      EXPECT_THAT(statement, testing::Not(HasSubstr(secret)));
    }
  }
}

TYPED_TEST_P(SqlObserverContract, ATransactionTellsItsOutcome) {
  this->db->with([&](sql::Session& session) { this->add(session, "ada"); });
  const auto began = this->observer->transactions_began();
  const auto ended = this->observer->transactions_ended();
  ASSERT_EQ(began.size(), 1U);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(began[0].id, ended[0].id);
  EXPECT_EQ(this->only_query().transaction, ended[0].id);
  EXPECT_EQ(ended[0].source, this->db->name());
  EXPECT_EQ(ended[0].outcome.end, TransactionEnd::committed);
  EXPECT_GE(ended[0].outcome.duration, ended[0].outcome.closing);
  EXPECT_GT(ended[0].outcome.closing.count(), 0);

  this->observer->clear();
  this->db->with([&](sql::Session& session) {
    this->add(session, "grace");
    session.rollback();
    this->add(session, "mary");
    session.rollback_only();
  });
  for (const auto& transaction : this->observer->transactions_ended()) {
    EXPECT_EQ(transaction.outcome.end, TransactionEnd::rolled_back);
  }
  EXPECT_EQ(this->observer->transactions_ended().size(), 2U);
}

TYPED_TEST_P(SqlObserverContract, ARefusedCommitIsToldOnce) {
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    this->context.refuse_commit(session);
  }),
               Error);
  const TransactionOutcome outcome = this->only_transaction();
  EXPECT_EQ(outcome.end, TransactionEnd::commit_failed);
  EXPECT_TRUE(outcome.failure);
}

TYPED_TEST_P(SqlObserverContract, AStatementOnItsOwnHasNoTransaction) {
  this->db->execute("SELECT 1");
  EXPECT_EQ(this->only_query().transaction, 0U);
  EXPECT_TRUE(this->observer->transactions_began().empty());
  EXPECT_TRUE(this->observer->transactions_ended().empty());
}

TYPED_TEST_P(SqlObserverContract, ThePoolIsSeenToo) {
  this->db->with([&](sql::Session& session) {
    this->add(session, "ada");
    EXPECT_EQ(this->observer->count(PoolEvent::Kind::acquired), 1U);
    EXPECT_EQ(this->observer->count(PoolEvent::Kind::released), 0U);
  });
  EXPECT_EQ(this->observer->count(PoolEvent::Kind::released), 1U);
  this->db->close(Deadline::in(std::chrono::seconds(5)));
  EXPECT_GE(this->observer->count(PoolEvent::Kind::closed), 1U);
}

TYPED_TEST_P(SqlObserverContract, ATracedStatementDoesTheSame) {
  const TraceParent trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  this->db->with({.traceparent = trace}, [&](sql::Session& session) {
    for (const char* name : {"ada", "grace"}) this->add(session, name);
    EXPECT_EQ(session.query<Owner>().filter(owners::name == "ada").count(), 1);
    EXPECT_EQ(session.execute("SELECT 7; ").template scalar<int>(), 7);
    EXPECT_EQ(session.execute("SELECT 8 -- eight").template scalar<int>(), 8);
    EXPECT_EQ(session.savepoint([&] { return session.query<Owner>().count(); }), 2);
  });
  EXPECT_EQ(this->db->execute({.traceparent = trace}, "SELECT 9").template scalar<int>(), 9);
  for (const std::string& statement : this->observer->statements()) {
    EXPECT_THAT(statement, testing::Not(HasSubstr("traceparent")));
  }
  EXPECT_THAT(this->names(), ElementsAre("ada", "grace"));
}

REGISTER_TYPED_TEST_SUITE_P(SqlObserverContract, AQueryIsToldFromItsStartToItsEnd, RowsAreThoseMatchedWhereNoneAreRead,
                            EachStatementOfABatchIsToldOnce, OnlyTheStatementOfABatchThatFailedIsToldToHaveFailed,
                            AReaderThatBreaksOffEndsTheQuery, AFailureTellsItsClassAndTheEnginesCode,
                            AStatementThatCannotBeRunIsTold, NoValueIsTold, ATransactionTellsItsOutcome,
                            ARefusedCommitIsToldOnce, AStatementOnItsOwnHasNoTransaction, ThePoolIsSeenToo,
                            ATracedStatementDoesTheSame);

}  // namespace core_lib::contract
