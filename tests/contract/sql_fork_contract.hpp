// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "core_lib/sql/sql_connection_registry.hpp"

#include "support/child_process.hpp"

/// After a fork() the child opens connections of its own, and the parent's stay the parent's. An engine instantiates it
/// with support::PostgresqlSchema or its like.
namespace core_lib::contract {

template <class Server>
class SqlForkContract : public testing::Test {
 protected:
  /// What a child does with the database; the connection that it had.
  template <class Work>
  static std::string in_child(Work work) {
    support::ChildProcess child([&](const support::ChildProcess::Reporter& reporter) { reporter.tell(work()); });
    std::string told = child.read_all();
    EXPECT_EQ(child.wait(), 0);
    return told;
  }
  std::string connection() { return std::to_string(db->with(Server::connection_of)); }

  Server server;
  std::unique_ptr<SqlConnectionRegistry> db = server.open();
};

TYPED_TEST_SUITE_P(SqlForkContract);

TYPED_TEST_P(SqlForkContract, AChildOpensItsOwnAndTheParentKeepsIts) {
  const std::string own = this->connection();
  const std::string of_child = this->in_child([&] {
    std::string opened = this->connection();
    this->db.reset();
    return opened;
  });
  EXPECT_FALSE(of_child.empty());
  EXPECT_NE(of_child, own);
  EXPECT_EQ(this->connection(), own) << "the child said goodbye on it";
}

TYPED_TEST_P(SqlForkContract, AScopeThatIsOpenStaysTheParents) {
  this->db->execute("CREATE TABLE contract_forks (id INT)");
  auto scope = this->db->get();
  sql::Session& session = scope.enter();
  (void)session.execute("INSERT INTO contract_forks VALUES (1)");
  const std::int64_t own = TypeParam::connection_of(session);
  const std::string of_child = this->in_child([&] { return this->connection(); });
  EXPECT_NE(of_child, std::to_string(own));
  EXPECT_EQ(TypeParam::connection_of(session), own);
  scope.exit(nullptr);
  EXPECT_EQ(this->db->execute("SELECT COUNT(*) FROM contract_forks").template scalar<int>(), 1);
}

REGISTER_TYPED_TEST_SUITE_P(SqlForkContract, AChildOpensItsOwnAndTheParentKeepsIts, AScopeThatIsOpenStaysTheParents);

}  // namespace core_lib::contract
