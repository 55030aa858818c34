// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/parameters.hpp"

#include <gtest/gtest.h>

namespace core_lib::solr {
namespace {

std::string encoded(const Parameters& parameters) {
  std::string out;
  parameters.append_encoded(out);
  return out;
}

TEST(ParametersTest, KeepOrderAndRepeat) {
  Parameters parameters;
  parameters.add("fq", "a:1").add("rows", 10).add("fq", "b:2").add("wt", "json").add("debug", true).add("boost", 1.5);
  EXPECT_EQ(encoded(parameters), "fq=a%3A1&rows=10&fq=b%3A2&wt=json&debug=true&boost=1.5");
  parameters.set("fq", "c");
  EXPECT_EQ(encoded(parameters), "rows=10&wt=json&debug=true&boost=1.5&fq=c");
  EXPECT_EQ(parameters.get("rows"), "10");
  EXPECT_EQ(parameters.get("none"), std::nullopt);
}

TEST(ParametersTest, NoValueBecomesAnotherParameter) {
  for (int byte = 0; byte < 256; ++byte) {
    Parameters parameters;
    parameters.add("q", std::string("a") + static_cast<char>(byte) + "shards=evil");
    const std::string text = encoded(parameters);
    EXPECT_EQ(text.find_first_of("&#+ ;\r\n\t/?:"), std::string::npos) << byte;
    EXPECT_EQ(text.find('='), 1U);
    EXPECT_EQ(text.find('=', 2), std::string::npos);
  }
}

TEST(ParametersTest, UnreservedCharactersStayAsTheyAre) {
  std::string out;
  append_percent_encoded(out, "AZaz09-._~ %☃");
  EXPECT_EQ(out, "AZaz09-._~%20%25%E2%98%83");
}

}  // namespace
}  // namespace core_lib::solr
