// SPDX-License-Identifier: Apache-2.0
#include "integration/neo4j/graph_bank.hpp"

#include <stdexcept>

#include "core_lib/error/error.hpp"

namespace core_lib::ledger {
namespace {

void change(neo4j::ManagedTransaction& tx, std::int64_t account, std::int64_t by) {
  const auto summary =
      tx.run("MATCH (a:Account {id: $id}) SET a.balance = a.balance + $by", {{"id", account}, {"by", by}}).consume();
  if (summary.counters.properties_set != 1) throw std::logic_error("there is no account " + std::to_string(account));
}

/// An error as in a program that means well: it is caught, and the work goes on.
void fail_and_go_on(neo4j::ManagedTransaction& tx) {
  try {
    (void)tx.run("RETURN 1 / 0").consume();
    throw std::logic_error("the database divided by zero");
  } catch (const ConnectionLost&) {
    throw;
  } catch (const Error&) {
    // Swallowed on purpose: the commit has to fail.
  }
}

}  // namespace

void open_accounts(Neo4jConnectionRegistry& db, std::int64_t count, std::int64_t opening_balance) {
  (void)db.driver().execute_query("CREATE CONSTRAINT FOR (a:Account) REQUIRE a.id IS UNIQUE");
  (void)db.driver().execute_query("UNWIND range(1, $count) AS id CREATE (:Account {id: id, balance: $balance})",
                                  {{"count", count}, {"balance", opening_balance}});
}

void make(Neo4jConnectionRegistry& db, const neo4j::SessionConfig& config, const Transfer& transfer,
          const Manners& manners) {
  db.with(config, [&](neo4j::Session& session) {
    session.execute_write([&](neo4j::ManagedTransaction& tx) {
      change(tx, transfer.from_account, -transfer.amount);
      change(tx, transfer.to_account, transfer.amount);
      (void)tx.run("CREATE (t:Transfer) SET t = $transfer", {{"transfer", neo4j::to_map(transfer)}}).consume();
      if (manners.swallows_an_error) fail_and_go_on(tx);
      if (manners.throws) throw ChangedMind("changed its mind");
      if (manners.before_commit) manners.before_commit();
    });
  });
}

Books read_books(Neo4jConnectionRegistry& db, std::int64_t opening_balance) {
  return db.with({.access = read_only}, [&](neo4j::Session& session) {
    Books books{{}, {}, opening_balance};
    session.execute_read([&](neo4j::ManagedTransaction& tx) {
      books.accounts = tx.run("MATCH (a:Account) RETURN a").list<Account>();
      books.transfers = tx.run("MATCH (t:Transfer) RETURN t").list<Transfer>();
    });
    return books;
  });
}

}  // namespace core_lib::ledger
