// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

#include "candidate.hpp"
#include "support/processors.hpp"
#include "support/service.hpp"

namespace benchmarks {

/// By its Unix socket.
inline Address address_of(const core_lib::support::Service& server) {
  return {.socket = server["socket"],
          .host = server["host"],
          .port = static_cast<std::uint16_t>(std::stoi(server["port"])),
          .user = server["user"],
          .password = server["password"],
          .database = server["database"]};
}

/// The same server behind a network that counts.
inline Address behind(std::uint16_t port, Address address) {
  address.socket.clear();
  address.host = "127.0.0.1";
  address.port = port;
  return address;
}

/// Prints lines of its own, or nothing where its packages are not there. They are those of the system's own Python.
inline void run_sqlalchemy(const std::string& engine, const Address& address) {
  setenv("DB_PASSWORD", address.password.c_str(), 1);
  const std::string command = "PATH=/usr/bin:$PATH python3 -B " CORE_LIB_BENCHMARKS "/servers/sqlalchemy_peer.py " +
                              engine + " " + address.socket + " " + std::to_string(address.port) + " " + address.user +
                              " " + address.database;
  require(std::system(command.c_str()) == 0);
}

}  // namespace benchmarks
