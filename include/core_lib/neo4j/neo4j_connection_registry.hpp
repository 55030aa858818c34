// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core_lib/connection/connection_registry.hpp"
#include "core_lib/connection/run_scope.hpp"
#include "core_lib/neo4j/driver.hpp"
#include "core_lib/neo4j/neo4j_connection.hpp"

namespace core_lib {

/// What tells one Neo4jConnectionRegistry from another.
struct Neo4jRegistryOptions {
  std::string name = "neo4j";        ///< For logs and health reports.
  neo4j::SessionConfig session{};    ///< Of scopes that do not ask for another one.
  std::shared_ptr<Logger> logger{};  ///< Null means default_logger().
};

/// The graph database of an application: long-lived, shared by its data accesses, owner of the driver.
/// It opens no connection before the first is needed.
/// Thread safety: all functions, from any thread. Lifetime: outlives its connections.
class Neo4jConnectionRegistry final : public ConnectionRegistry<Neo4jConnection> {
 public:
  explicit Neo4jConnectionRegistry(neo4j::Driver driver, Neo4jRegistryOptions options = {});
  ~Neo4jConnectionRegistry() override;

  /// A scope to end by hand; with() is the way that cannot be forgotten. Errors: UsageError after close().
  [[nodiscard]] Neo4jConnection get() override;
  /// The same for a session of another kind: another database, or read only.
  [[nodiscard]] Neo4jConnection get(neo4j::SessionConfig session);

  using ConnectionRegistry<Neo4jConnection>::with;
  /// Runs `fn(session)` in a scope whose session is of another kind.
  template <class Fn>
  auto with(neo4j::SessionConfig session, Fn&& fn) {
    Neo4jConnection connection = get(std::move(session));
    return run_scope(connection, std::forward<Fn>(fn), logger().get());
  }

  /// For what is not done in scopes, such as Driver::execute_query().
  [[nodiscard]] const neo4j::Driver& driver() const noexcept { return driver_; }
  /// What a session is made with unless another kind is asked for.
  [[nodiscard]] const neo4j::SessionConfig& session_config() const noexcept { return options_.session; }

  [[nodiscard]] std::string_view name() const noexcept override;
  /// Connects where no connection is open, and asks for a sign of life where one is.
  [[nodiscard]] Health ping(Deadline deadline) override;
  [[nodiscard]] std::optional<PoolStatistics> pool_statistics() const override;
  void close(Deadline deadline) override;

 private:
  neo4j::Driver driver_;
  Neo4jRegistryOptions options_;
};

}  // namespace core_lib
