// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "core_lib/neo4j/driver.hpp"

#include "support/service.hpp"

namespace core_lib::neo4j {

/// The real server, emptied before each test.
class Neo4jTest : public testing::Test {
 protected:
  explicit Neo4jTest(const std::string& service = default_service()) : service_(service) {
    (void)driver_.execute_query("MATCH (n) DETACH DELETE n");
  }

  [[nodiscard]] std::string uri(const std::string& scheme = "bolt", const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ':' + service_["port"];
  }
  [[nodiscard]] AuthToken token() const { return AuthToken::basic(service_["user"], service_["password"]); }
  [[nodiscard]] std::int64_t count(const std::string& label) const {
    return driver_.execute_query("MATCH (n:" + label + ") RETURN count(n)").records[0].get<std::int64_t>(0);
  }

  static std::string default_service() {
    const char* const other = std::getenv("NEO4J_SERVICE");
    return other == nullptr ? "neo4j" : other;
  }

  support::Service service_;
  Driver driver_{uri(), token()};
};

}  // namespace core_lib::neo4j
