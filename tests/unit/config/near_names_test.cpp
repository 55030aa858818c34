// SPDX-License-Identifier: Apache-2.0
#include "config/near_names.hpp"

#include <gtest/gtest.h>

namespace core_lib::config {
namespace {

TEST(NearNamesTest, NearNamesAreSuggestedBestFirst) {
  EXPECT_EQ(suggest("prot", {"host", "port", "protocol"}), "; did you mean 'port'?");
  EXPECT_EQ(suggest("hosst", {"hosts", "host"}), "; did you mean 'hosts' or 'host'?");
  EXPECT_EQ(suggest("PORT", {"port"}), "; did you mean 'port'?");
  EXPECT_EQ(suggest("aaaa", {"aaab", "aaac", "aaad", "aaae"}), "; did you mean 'aaab' or 'aaac' or 'aaad'?");
}

TEST(NearNamesTest, ANameThatWasNotWrittenToItsEndIsNear) {
  EXPECT_EQ(suggest("SqlConnection", {"SolrConnectionRegistry", "SqlConnectionRegistry"}),
            "; did you mean 'SqlConnectionRegistry'?");
}

TEST(NearNamesTest, DistantNamesAreListed) {
  EXPECT_EQ(suggest("zzz", {"host", "port"}), "; known: host, port");
  EXPECT_EQ(suggest("zzz", {}), "");
  EXPECT_EQ(suggest("zzz", {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b1", "b2"}),
            "; known: a1, a2, a3, a4, a5, a6, a7, a8, a9, b1, ...");
}

TEST(NearNamesTest, LongAndManyNamesStayCheap) {
  EXPECT_EQ(suggest(std::string(100'000, 'x'), {"port"}), "; known: port");
  const std::vector<std::string> names(100'000, std::string(60, 'x'));
  EXPECT_EQ(suggest(std::string(60, 'x'), names).find("; did you mean 'xxx"), 0U);
}

}  // namespace
}  // namespace core_lib::config
