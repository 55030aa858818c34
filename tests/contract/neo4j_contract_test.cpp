// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <mutex>

#include "core_lib/neo4j/neo4j_connection_registry.hpp"

#include "contract/connection_contract.hpp"
#include "support/service.hpp"

namespace core_lib::contract {
namespace {

struct Neo4jContext {
  using Registry = Neo4jConnectionRegistry;
  static constexpr bool transactional = false;  // the server keeps what a session runs without a transaction

  Neo4jContext() { (void)outside_.execute_query("MATCH (n:Contract) DETACH DELETE n"); }

  Registry& registry() { return registry_; }

  /// The result stays open, so that the session keeps its connection.
  void work(neo4j::Session& session, int number) {
    neo4j::Result open = session.run("CREATE (n:Contract {number: $number}) RETURN n", {{"number", number}});
    (void)open.keys();
  }
  bool kept(int number) {
    const auto found =
        outside_.execute_query("MATCH (n:Contract {number: $number}) RETURN count(n)", {{"number", number}});
    return found.records[0].get<int>(0) == 1;
  }
  int held() { return static_cast<int>(registry_.pool_statistics()->active); }

  void make_commit_fail(neo4j::Session& session) { (void)session.run("UNWIND [1, 0] AS n RETURN 1 / n").keys(); }

 private:
  [[nodiscard]] neo4j::Driver make_driver() const {
    return {"bolt://127.0.0.1:" + service_["port"], neo4j::AuthToken::basic(service_["user"], service_["password"])};
  }

  support::Service service_{"neo4j"};
  neo4j::Driver outside_ = make_driver();
  Registry registry_{make_driver()};
};

INSTANTIATE_TYPED_TEST_SUITE_P(Neo4j, ConnectionContract, Neo4jContext);

}  // namespace
}  // namespace core_lib::contract
