// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <string>

#include "core_lib/sql/sql_connection_registry.hpp"

#include "integration/ledger/settings.hpp"
#include "support/fault_proxy.hpp"

namespace core_lib::ledger {

/// A server of tests/services, the network in front of it and, where its kind has one, a standby to fail over to.
class Server {
 public:
  /// Of the configuration: `server.script` of tests/services; `server.folders`, that in which it runs and another one;
  /// `server.ports`, where it and its successor are to be reached; `server.toxiproxy`, the port of that service.
  explicit Server(const Settings& settings);

  /// The way to whoever serves now.
  [[nodiscard]] support::FaultProxy& network() { return *ways_[serving_]; }
  void crash() { run("crash", folders_[serving_]); }
  void resume() { run("resume", folders_[serving_]); }
  /// Ends sessions of the workers on the server.
  void terminate_sessions() const;
  /// Makes a standby, waits until commits are copied to it before they are acknowledged, crashes the primary and
  /// promotes the standby.
  void fail_over();
  /// Connections of its own, which no fault concerns.
  [[nodiscard]] std::shared_ptr<SqlConnectionRegistry> administrator() const;

 private:
  void run(const std::string& command, const std::string& folder, const std::string& argument = {}) const;
  [[nodiscard]] std::string port_in(const std::string& folder) const;

  const Settings& settings_;
  std::array<std::string, 2> folders_;
  std::array<std::unique_ptr<support::FaultProxy>, 2> ways_;
  std::size_t serving_ = 0;
};

}  // namespace core_lib::ledger
