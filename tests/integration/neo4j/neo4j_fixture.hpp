// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <gtest/gtest.h>

#include "core_lib/neo4j/driver.hpp"

#include "support/service.hpp"

namespace core_lib::neo4j {

/// The real server, emptied before each test.
class Neo4jTest : public testing::Test {
 protected:
  Neo4jTest() { (void)driver_.execute_query("MATCH (n) DETACH DELETE n"); }

  [[nodiscard]] std::string uri(const std::string& scheme = "bolt", const std::string& host = "127.0.0.1") const {
    return scheme + "://" + host + ':' + service_["port"];
  }
  [[nodiscard]] AuthToken token() const { return AuthToken::basic(service_["user"], service_["password"]); }
  [[nodiscard]] std::int64_t count(const std::string& label) const {
    return driver_.execute_query("MATCH (n:" + label + ") RETURN count(n)").records[0].get<std::int64_t>(0);
  }

  support::Service service_{"neo4j"};
  Driver driver_{uri(), token()};
};

}  // namespace core_lib::neo4j
