// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

#include "neo4j/packstream/packer.hpp"
#include "neo4j/packstream/unpacker.hpp"
#include "unit/neo4j/packstream/hex.hpp"

namespace core_lib::neo4j::packstream {
namespace {

using testing::HasSubstr;

std::string packed(const Value& value, Dialect dialect = {}) {
  Buffer buffer;
  Packer(buffer, dialect).value(value);
  return to_hex(buffer.view());
}

Value unpacked(const std::string& hex, Dialect dialect = {}) {
  const Bytes bytes = from_hex(hex);
  Unpacker unpacker(bytes, dialect);
  Value value = unpacker.value();
  EXPECT_TRUE(unpacker.at_end());
  return value;
}

struct Case {
  Value value;
  std::string hex;
};

const std::int64_t least = std::numeric_limits<std::int64_t>::min();
const std::int64_t most = std::numeric_limits<std::int64_t>::max();

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {nullptr, "C0"},
      {false, "C2"},
      {true, "C3"},
      {0, "00"},
      {127, "7F"},
      {-1, "FF"},
      {-16, "F0"},
      {-17, "C8EF"},
      {-128, "C880"},
      {128, "C90080"},
      {-129, "C9FF7F"},
      {32767, "C97FFF"},
      {32768, "CA00008000"},
      {-32769, "CAFFFF7FFF"},
      {2147483648, "CB0000000080000000"},
      {least, "CB8000000000000000"},
      {most, "CB7FFFFFFFFFFFFFFF"},
      {1.5, "C13FF8000000000000"},
      {"", "80"},
      {"Gl\xC3\xBC"
       "ck",
       "86476CC3BC636B"},
      {std::string(16, 'a'), "D010" + std::string("61616161616161616161616161616161")},
      {Bytes{}, "CC00"},
      {Bytes{std::byte{1}, std::byte{255}}, "CC0201FF"},
      {List{1, "a", nullptr}, "93018161C0"},
      {Map{{"b", 1}, {"a", List{}}}, "A2816201816190"},
      {Date{-1}, "B144FF"},
      {Time{1, 3600}, "B25401C90E10"},
      {LocalTime{2}, "B17402"},
      {LocalDateTime{-1, 5}, "B264FF05"},
      {DateTime{1, 2, 3600, ""}, "B3490102C90E10"},
      {DateTime{1, 2, 0, "Europe/Oslo"}, "B36901028B4575726F70652F4F736C6F"},
      {Duration{1, -2, 3, 4}, "B44501FE0304"},
      {Point::cartesian(1, 2), "B358C91C23C13FF0000000000000C14000000000000000"},
      {Point::wgs84(1, 2, 0), "B459C91373C13FF0000000000000C14000000000000000C10000000000000000"},
  };
  return all;
}

TEST(PackstreamTest, ValuesTravelBothWaysInTheirShortestForm) {
  for (const auto& [value, hex] : cases()) {
    EXPECT_EQ(packed(value), hex);
    EXPECT_EQ(unpacked(hex), value) << hex;
  }
}

TEST(PackstreamTest, LongerFormsAreReadToo) {
  EXPECT_EQ(unpacked("C801"), Value(1));
  EXPECT_EQ(unpacked("CB0000000000000001"), Value(1));
  EXPECT_EQ(unpacked("D10001"
                     "61"),
            Value("a"));
  EXPECT_EQ(unpacked("D200000001"
                     "61"),
            Value("a"));
  EXPECT_EQ(unpacked("D600000001"
                     "01"),
            Value(List{1}));
  EXPECT_EQ(unpacked("DA00000001"
                     "816101"),
            Value(Map{{"a", 1}}));
}

TEST(PackstreamTest, SizesChooseTheirMarkers) {
  for (const auto& [size, prefix] : std::vector<std::pair<std::size_t, std::string>>{
           {15, "8F"}, {16, "D010"}, {255, "D0FF"}, {256, "D10100"}, {65535, "D1FFFF"}, {65536, "D200010000"}}) {
    const Value text(std::string(size, 'x'));
    EXPECT_EQ(packed(text).substr(0, prefix.size()), prefix);
    EXPECT_EQ(unpacked(packed(text)), text);
    const Value list(List(size, Value(1)));
    EXPECT_EQ(unpacked(packed(list)), list);
  }
}

TEST(PackstreamTest, InstantsOfTheOldFormAreTurnedIntoUtc) {
  const Dialect old{.element_ids = false, .utc = false};
  const DateTime instant{1'700'000'000, 5, 3600, ""};
  EXPECT_EQ(packed(instant, old), "B346CA6553FF1005C90E10");
  EXPECT_EQ(unpacked(packed(instant, old), old), Value(instant));
  const DateTime zoned{1'700'000'000, 5, 0, "Europe/Oslo"};  // in November: UTC+1
  EXPECT_EQ(packed(zoned, old), "B366CA6553FF10058B4575726F70652F4F736C6F");
  EXPECT_EQ(unpacked(packed(zoned, old), old), Value(zoned));
}

TEST(PackstreamTest, NodesAndRelationshipsHaveElementIdsSinceFive) {
  const Node node{.id = 7, .element_id = "4:x:7", .labels = {"A"}, .properties = {{"p", 1}}};
  EXPECT_EQ(unpacked("B44E07918141A181700185343A783A37"), Value(node));
  const Node old{.id = 7, .element_id = "7", .labels = {"A"}, .properties = {{"p", 1}}};
  EXPECT_EQ(unpacked("B34E07918141A1817001", {.element_ids = false}), Value(old));
  const Relationship relationship{.id = 1,
                                  .element_id = "e",
                                  .start_id = 2,
                                  .start_element_id = "s",
                                  .end_id = 3,
                                  .end_element_id = "t",
                                  .type = "R",
                                  .properties = {}};
  EXPECT_EQ(unpacked("B8520102038152A0816581738174"), Value(relationship));
}

TEST(PackstreamTest, PathsAreWalkedInBothDirections) {
  // (a)-[r]->(b)<-[r]-(a): node a, then along r to b, then back.
  const std::string a = "B44E0190A08161", b = "B44E0290A08162", r = "B472098152A08172";
  const Path path = unpacked(
                        "B350"
                        "92" +
                        a + b + "91" + r +
                        "9401"
                        "01"
                        "FF"
                        "00")
                        .get<Path>();
  ASSERT_EQ(path.nodes.size(), 3U);
  ASSERT_EQ(path.relationships.size(), 2U);
  EXPECT_EQ(path.nodes[2], path.nodes[0]);
  for (const Relationship& relationship : path.relationships) {
    EXPECT_EQ(relationship.start_element_id, "a");
    EXPECT_EQ(relationship.end_id, 2);
  }
}

TEST(PackstreamTest, VectorsTravelSinceSix) {
  const Dialect six{.vectors = true};
  for (const Value& vector :
       {Value(Vector{std::vector<double>{1.5, -2}}), Value(Vector{std::vector<float>{0.25F}}),
        Value(Vector{std::vector<std::int8_t>{-1, 2}}), Value(Vector{std::vector<std::int16_t>{300}}),
        Value(Vector{std::vector<std::int32_t>{-70000}}), Value(Vector{std::vector<std::int64_t>{}})}) {
    EXPECT_EQ(unpacked(packed(vector, six), six), vector);
  }
  EXPECT_EQ(packed(Vector{std::vector<std::int16_t>{1}}, six), "B256CC01C9CC020001");
}

TEST(PackstreamTest, ScalarsAreReadForFieldsOfStructs) {
  const auto kind = [](const std::string& hex) {
    const Bytes bytes = from_hex(hex);
    mapping::Scratch scratch;
    return Unpacker(bytes).scalar(scratch).kind();
  };
  EXPECT_EQ(kind("C0"), mapping::Kind::null);
  EXPECT_EQ(kind("C3"), mapping::Kind::boolean);
  EXPECT_EQ(kind("7F"), mapping::Kind::integer);
  EXPECT_EQ(kind("C13FF8000000000000"), mapping::Kind::real);
  EXPECT_EQ(kind("8161"), mapping::Kind::text);
  EXPECT_EQ(kind("CC0101"), mapping::Kind::blob);
  EXPECT_EQ(kind("B14401"), mapping::Kind::date);
  EXPECT_EQ(kind("B3490102C90E10"), mapping::Kind::timestamp);
  EXPECT_EQ(kind("B44500010203"), mapping::Kind::duration);
  EXPECT_EQ(kind("92018161"), mapping::Kind::list);
}

TEST(PackstreamTest, AListThatNoFieldHoldsLeavesTheReaderWhereItWas) {
  const Bytes bytes = from_hex("92019101");
  Unpacker reader(bytes);
  mapping::Scratch scratch;
  EXPECT_THROW((void)reader.scalar(scratch), ConversionError);
  EXPECT_EQ(reader.value(), Value(List{1, List{1}}));
}

TEST(PackstreamTest, WhatOnlyTheServerMakesIsNoParameter) {
  for (const Value& value : {Value(Node{}), Value(Relationship{}), Value(Path{}), Value(UnsupportedType{}),
                             Value(List{Node{}}), Value(Vector{})}) {
    EXPECT_THROW((void)packed(value), ConversionError);
  }
}

TEST(PackstreamTest, TextThatIsNotUtf8IsNoParameter) {
  for (const char* text : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\x80"}) {
    EXPECT_THROW((void)packed(text), ConversionError);
    EXPECT_THROW((void)packed(Map{{text, 1}}), ConversionError);
  }
  EXPECT_EQ(unpacked(packed("\xF0\x9F\x8C\x8D 12345678 \xE2\x82\xAC")),
            Value("\xF0\x9F\x8C\x8D 12345678 \xE2\x82\xAC"));
}

TEST(PackstreamTest, DeepParametersAreRefused) {
  Value deep;
  for (int i = 0; i < 2'000; ++i) {
    List list;
    list.push_back(std::move(deep));
    deep = std::move(list);
  }
  try {
    (void)packed(deep);
    FAIL() << "a list of two thousand levels was packed";
  } catch (const ConversionError& error) {
    EXPECT_THAT(error.what(), HasSubstr("more than 1000 levels deep"));
  }
}

}  // namespace
}  // namespace core_lib::neo4j::packstream
