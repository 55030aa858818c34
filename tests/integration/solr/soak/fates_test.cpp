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

TEST(SolrSoakTest, AnErrorSaysWhatItMaySay) {
  EXPECT_EQ(word_of(CommitUnknown("lost", {.native_code = "500"})), Word::unknown);
  EXPECT_EQ(word_of(Error("busy", {.native_code = "503"})), Word::unknown);  // of an idempotent update
  EXPECT_EQ(word_of(ConstraintViolation("refused", {.native_code = "400"})), Word::refused);
  EXPECT_EQ(word_of(SyntaxError("no such core", {.native_code = "404"})), Word::answered);
  EXPECT_EQ(word_of(ConnectionLost("refused", {.native_code = "curl 7"})), Word::not_done);
}

TEST(SolrSoakTest, OfSeveralDocumentsThoseBeforeARefusedOneMayBeStored) {
  for (const Word word : {Word::refused, Word::answered}) {
    EXPECT_EQ(fate_after(word, 1), Fate::absent);
    EXPECT_EQ(fate_after(word, 2), Fate::either);
  }
  EXPECT_EQ(fate_after(Word::done, 2), Fate::stored);
  EXPECT_EQ(fate_after(Word::not_done, 2), Fate::absent);
  EXPECT_EQ(fate_after(Word::unknown, 1), Fate::either);
}

TEST(SolrSoakTest, EachOutcomeOfABulkUpdateIsAFate) {
  EXPECT_EQ(fate_after(Outcome::State::stored), Fate::stored);
  EXPECT_EQ(fate_after(Outcome::State::refused), Fate::absent);
  EXPECT_EQ(fate_after(Outcome::State::not_sent), Fate::absent);
  EXPECT_EQ(fate_after(Outcome::State::unknown), Fate::either);
}

TEST(SolrSoakTest, ARefusedDocumentIsNeverToldToBeStoredOrToFailOtherwise) {
  for (const Word word : {Word::refused, Word::not_done, Word::unknown}) EXPECT_TRUE(fits_a_refused_document(word));
  for (const Word word : {Word::done, Word::answered}) EXPECT_FALSE(fits_a_refused_document(word));
}

}  // namespace
}  // namespace core_lib::solr::soak
