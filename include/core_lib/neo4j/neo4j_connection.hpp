// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <memory>

#include "core_lib/connection/connection.hpp"
#include "core_lib/neo4j/session.hpp"

namespace core_lib {

class Logger;

/// One scope of work against a graph: enter() hands out its session; exit(nullptr) reads what is left of an open
/// result, so that an error in it reaches the caller, and gives the connection back. A query that the session ran by
/// itself was kept by the server when it ended: a scope that fails later does not take it back. What has to be kept
/// together goes into Session::execute_write(). Thread safety: none.
class Neo4jConnection final : public Connection<neo4j::Session> {
 public:
  /// @param logger  hears of a scope that was left without exit(); null means default_logger()
  explicit Neo4jConnection(neo4j::Session session, std::shared_ptr<Logger> logger = nullptr) noexcept;
  ~Neo4jConnection() override;

  /// Costs nothing: the session takes a connection when it runs something.
  neo4j::Session& enter() override;
  /// @throws Error  what the open result fails with; the connection is given back anyway
  void exit(std::exception_ptr failure) override;

 private:
  neo4j::Session session_;
  std::shared_ptr<Logger> logger_;
  bool entered_ = false;
  bool exited_ = false;
};

}  // namespace core_lib
