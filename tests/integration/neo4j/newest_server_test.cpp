// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "core_lib/error/error.hpp"

#include "integration/neo4j/neo4j_fixture.hpp"

namespace core_lib::neo4j {
namespace {

/// What only servers of Bolt 6 have.
class NewestServerTest : public Neo4jTest {
 protected:
  NewestServerTest() : Neo4jTest("neo4j-2026") {}
};

TEST_F(NewestServerTest, VectorsComeBackAsTheyWereSent) {
  const Value vectors[] = {Vector{std::vector<float>{1.5F, -2.0F}},
                           Vector{std::vector<double>{0.1, 1e300}},
                           Vector{std::vector<std::int8_t>{-128, 127}},
                           Vector{std::vector<std::int16_t>{-32'768, 1}},
                           Vector{std::vector<std::int32_t>{1, 2'000'000'000}},
                           Vector{std::vector<std::int64_t>{-1, 9'000'000'000}}};
  for (const Value& vector : vectors) {
    const EagerResult result = driver_.execute_query("RETURN $vector AS vector", {{"vector", vector}});
    EXPECT_EQ(result.records.at(0)["vector"], vector);
  }
}

TEST_F(NewestServerTest, FailuresTellTheStatusOfTheServer) {
  try {
    (void)driver_.execute_query("RETURN 1/0");
    FAIL() << "one was divided by zero";
  } catch (const Error& error) {
    ASSERT_NE(server_failure(error), nullptr);
    EXPECT_EQ(server_failure(error)->gql_status, "22012");
  }
}

}  // namespace
}  // namespace core_lib::neo4j
