// SPDX-License-Identifier: Apache-2.0
#include "integration/solr/soak/fates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace core_lib::solr::soak {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Expected expected{.fates = {Fate::stored, Fate::absent, Fate::either}, .least_count = 2, .most_count = 3};

TEST(SolrSoakTest, WhatWasSaidIsFound) {
  EXPECT_THAT(violations_of(expected, {.copies = {1, 0, 1}, .count = 2}), IsEmpty());
  EXPECT_THAT(violations_of(expected, {.copies = {1}, .count = 3}), IsEmpty());
}

TEST(SolrSoakTest, LostDoubledAndUnaskedForDocumentsAreViolations) {
  EXPECT_THAT(violations_of(expected, {.copies = {0, 0, 1}, .count = 2}), ElementsAre(HasSubstr("missing")));
  EXPECT_THAT(violations_of(expected, {.copies = {2}, .count = 2}), ElementsAre(HasSubstr("2 times")));
  EXPECT_THAT(violations_of(expected, {.copies = {1, 1}, .count = 2}), ElementsAre(HasSubstr("should not")));
  EXPECT_THAT(violations_of(expected, {.copies = {1, 0, 0, 1}, .count = 2}), ElementsAre(HasSubstr("document 3")));
}

TEST(SolrSoakTest, LostAndDoubledIncrementsAreViolations) {
  EXPECT_THAT(violations_of(expected, {.copies = {1}, .count = 1}), ElementsAre(HasSubstr("counter is 1")));
  EXPECT_THAT(violations_of(expected, {.copies = {1}, .count = 4}), ElementsAre(HasSubstr("counter is 4")));
}

}  // namespace
}  // namespace core_lib::solr::soak
