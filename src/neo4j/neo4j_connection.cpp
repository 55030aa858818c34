// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/neo4j_connection.hpp"

#include <utility>

#include "core_lib/connection/run_scope.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/neo4j_connection_registry.hpp"

namespace core_lib {

Neo4jConnection::Neo4jConnection(neo4j::Session session, std::shared_ptr<Logger> logger) noexcept
    : session_(std::move(session)), logger_(std::move(logger)) {}

Neo4jConnection::~Neo4jConnection() {
  if (entered_ && !exited_) abandon_scope(*this, logger_.get());
}

neo4j::Session& Neo4jConnection::enter() {
  if (entered_) throw UsageError("a connection serves one scope: take another one from its registry");
  entered_ = true;
  return session_;
}

void Neo4jConnection::exit(std::exception_ptr failure) {
  if (!entered_ || exited_) throw UsageError("a connection is exited once, after it was entered");
  exited_ = true;
  if (failure == nullptr) return session_.close();
  session_.abandon();
}

Neo4jConnectionRegistry::Neo4jConnectionRegistry(neo4j::Driver driver, Neo4jRegistryOptions options)
    : ConnectionRegistry(options.logger), driver_(std::move(driver)), options_(std::move(options)) {}

Neo4jConnectionRegistry::~Neo4jConnectionRegistry() = default;

Neo4jConnection Neo4jConnectionRegistry::get() { return get(options_.session); }

Neo4jConnection Neo4jConnectionRegistry::get(neo4j::SessionConfig session) {
  return Neo4jConnection(driver_.session(std::move(session)), logger());
}

std::string_view Neo4jConnectionRegistry::name() const noexcept { return options_.name; }

Health Neo4jConnectionRegistry::ping(Deadline deadline) {
  return measure_health([&] { return driver_.get_server_info(deadline).agent; });
}

std::optional<PoolStatistics> Neo4jConnectionRegistry::pool_statistics() const { return driver_.pool_statistics(); }

void Neo4jConnectionRegistry::close(Deadline deadline) { driver_.close(deadline); }

}  // namespace core_lib
