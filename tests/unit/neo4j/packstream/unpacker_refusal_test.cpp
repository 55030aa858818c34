// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

#include "neo4j/packstream/unpacker.hpp"
#include "unit/neo4j/packstream/hex.hpp"

namespace core_lib::neo4j::packstream {
namespace {

void expect_broken(const std::string& hex, Dialect dialect = {}) {
  const Bytes bytes = from_hex(hex);
  try {
    (void)Unpacker(bytes, dialect).value();
    ADD_FAILURE() << hex << " was read";
  } catch (const ConversionError&) {
    ADD_FAILURE() << hex << " did not break the connection";
  } catch (const Error& error) {
    EXPECT_TRUE(error.breaks_connection()) << hex;
    EXPECT_FALSE(error.is_retryable()) << hex;
  }
}

TEST(UnpackerRefusalTest, EveryPrefixOfAValueIsTooShort) {
  const std::string whole =
      "A2"
      "816193"
      "CB0000000080000000"
      "C13FF8000000000000"
      "D00261"
      "62"
      "8162"
      "B8520102038152A0816581738174";
  (void)Unpacker(from_hex(whole)).at_end();
  for (std::size_t size = 0; size + 2 <= whole.size() - 2; size += 2) expect_broken(whole.substr(0, size));
}

TEST(UnpackerRefusalTest, LengthsBeyondTheMessageAreNotBelieved) {
  for (const char* hex :
       {"D2FFFFFFFF61", "CEFFFFFFFF", "D6FFFFFFFF01", "DAFFFFFFFF816101", "BF4E", "8F", "D5FFFF", "9F"}) {
    expect_broken(hex);
    const Bytes bytes = from_hex(hex);
    EXPECT_THROW(Unpacker(bytes).skip(), Error) << hex;
  }
}

TEST(UnpackerRefusalTest, UnknownMarkersAreRefused) {
  for (const char* hex : {"C4", "C5", "C6", "C7", "CF", "D3", "D7", "DB", "DC", "DD", "DE", "E0", "EF"})
    expect_broken(hex);
}

TEST(UnpackerRefusalTest, StructuresMustHaveTheirShape) {
  for (const char* hex : {
           "B34E0190A0",        // a node without its element id
           "B54E0190A0816101",  // with a field too many
           "B44E8161"
           "90A08161",        // whose id is text
           "B44E01A0A08161",  // whose labels are a map
           "B14481"
           "61",  // a date of text
           "B2540181"
           "61",                        // a time whose offset is text
           "B25401CB7FFFFFFFFFFFFFFF",  // whose offset is out of range
           "B346010200",                // an instant in the old form
           "B35801"
           "0101",        // a point of integers
           "B350909090",  // a path without a node
           "B35091B44E0190A0816190"
           "9101",  // with half a step
           "B35091B44E0190A0816190"
           "920100",  // along a relationship that is not there
           "B35091B44E0190A0816191B472098152A08172"
           "920109",  // to a node that is not there
           "B35091B44E0190A0816191B472098152A08172"
           "920000",  // along number 0
           "B3509101"
           "9090",  // with a number for a node
       }) {
    expect_broken(hex);
  }
  expect_broken("B256CC01C9CC0100", {.vectors = true});  // half a number
  expect_broken("B256CC0155CC0100", {.vectors = true});  // numbers of an unknown type
}

TEST(UnpackerRefusalTest, AnUnknownStructureIsAboutItsValueOnly) {
  const Bytes bytes = from_hex("B17A0105");
  Unpacker unpacker(bytes);
  try {
    (void)unpacker.value();
    FAIL() << "a structure of an unknown kind was read";
  } catch (const ConversionError& error) {
    EXPECT_FALSE(error.breaks_connection());
  }
  unpacker.skip();
  EXPECT_EQ(unpacker.integer(), 5);
}

TEST(UnpackerRefusalTest, DeepNestingIsSkippedButNotRead) {
  const Bytes bytes = from_hex([] {
    std::string hex;
    for (int i = 0; i < 100'000; ++i) hex += "91";
    return hex + "01";
  }());
  EXPECT_THROW((void)Unpacker(bytes).value(), ConversionError);
  Unpacker unpacker(bytes);
  unpacker.skip();
  EXPECT_TRUE(unpacker.at_end());
}

TEST(UnpackerRefusalTest, SomethingElseThanWhatIsDueIsRefused) {
  const Bytes text = from_hex("8161");
  EXPECT_THROW((void)Unpacker(text).integer(), Error);
  EXPECT_THROW((void)Unpacker(text).boolean(), Error);
  EXPECT_THROW((void)Unpacker(text).real(), Error);
  EXPECT_THROW((void)Unpacker(text).bytes(), Error);
  EXPECT_THROW((void)Unpacker(text).list_header(), Error);
  EXPECT_THROW((void)Unpacker(text).map_header(), Error);
  EXPECT_THROW((void)Unpacker(text).structure_header(), Error);
  const Bytes number = from_hex("01");
  EXPECT_THROW((void)Unpacker(number).string(), Error);
}

}  // namespace
}  // namespace core_lib::neo4j::packstream
