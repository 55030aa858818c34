// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/json/tree.hpp"

namespace core_lib::solr {
namespace {

using namespace std::string_literals;

std::string json_of(const std::string& value) {
  return Reply(detail::Tree::parse_javabin("\x02" + value, "the answer")).root().json();
}

TEST(JavabinReaderTest, ReadsEveryKind) {
  const std::pair<std::string, const char*> values[] = {
      {"\x00"s, "null"},
      {"\x01", "true"},
      {"\x02", "false"},
      {"\x03\xff", "-1"},
      {"\x04\xff\xfe", "-2"},
      {"\x05\x3f\xf8\0\0\0\0\0\0"s, "1.5"},
      {"\x06\xff\xff\xff\xfd", "-3"},
      {"\x07\x80\0\0\0\0\0\0\0"s, "-9223372036854775808"},
      {"\x08\xbf\x80\0\0"s, "-1.0"},
      {"\x08\x80\0\0\0"s, "-0.0"},
      {"\x08\x41\x49\x70\xa4"s, "12.59"},
      {"\x08\xc2\xf6\xe6\x66"s, "-123.45"},
      {"\x08\x4b\x80\0\0"s, "16777216.0"},
      {"\x09\0\0\x01\x8c\xc2\x51\xf4\0"s, "\"2024-01-01T00:00:00Z\""},
      {"\x09\0\0\x01\x8c\xc2\x51\xf4\x7b"s, "\"2024-01-01T00:00:00.123Z\""},
      {"\x0a\x01\x21k\x41", R"({"k":1})"},
      {"\x0b\xa2\x22id\x21x\x21n\x42", R"({"id":"x","n":2})"},
      {"\x0b\xa2\x22id\x21x\x0b\xa1\x22id\x21y", R"({"id":"x","_childDocuments_":[{"id":"y"}]})"},
      {"\x0c\x84\x61\x60\x00\x01\x81\x0b\xa0"s,
       R"({"numFound":1,"start":0,"maxScore":null,"numFoundExact":true,"docs":[{}]})"},
      {"\x0d\x03"
       "abc",
       "\"YWJj\""},
      {"\x0e\x41\x42\x0f", "[1,2]"},
      {"\x11\x21k\x41\x21k\x42\x0f", R"({"k":1,"k":2})"},
      {"\x12\x41\x23red", "\"red\""},
      {"\x24text", "\"text\""},
      {"\x2b"
       "eight \xc3\xa9\xe2\x82\xac",
       "\"eight \xc3\xa9\xe2\x82\xac\""},
      {"\x3f\x01" + std::string(32, 'x'), "\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\""},
      {"\x5f\x01", "31"},
      {"\x70\x01", "16"},
      {"\x82\xe0\x21s\xe1", R"(["s","s"])"},
      {"\xc2\x21k\x41\x00\x42"s, R"({"k":1,"":2})"},
  };
  for (const auto& [value, expected] : values) EXPECT_EQ(json_of(value), expected);
}

TEST(JavabinReaderTest, RefusesWhatIsMalformed) {
  const std::string values[] = {
      "",          // nothing
      "\x0f",      // an end without a beginning
      "\x10",      // a document that only goes to the server
      "\x14\x15",  // unknown
      "\x25text",  // longer than there is
      "\x21\xff",  // no UTF-8
      "\x29"
      "12345678\xff",
      "\x29"
      "1234567\xc3"
      "9",
      "\xe1",                          // a text that was not there before
      "\x9f\xff\xff\xff\xff\xff\x7f",  // more elements than bytes
      "\x0d\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
      "\x41\x41",      // more than one value
      "\xa1\x41\x41",  // a name that is no text
      "\x0c\x85\x41\x41\x41\x41\x41\x80",
      "\x09\x7f\xff\xff\xff\xff\xff\xff\xff",
      std::string(1'000, '\x0e'),  // too deep
      std::string(1'000, '\x81'),
      std::string(10'000'000, '\x12'),
      std::string(10'000'000, '\xe0'),  // a shared text that is a shared text
  };
  for (const std::string& value : values) {
    EXPECT_THROW((void)json_of(value), Error) << testing::PrintToString(value.substr(0, 20));
  }
  EXPECT_THROW((void)detail::Tree::parse_javabin("\x01\x41", "the answer"), Error);
  EXPECT_THROW((void)detail::Tree::parse_javabin("", "the answer"), Error);
}

}  // namespace
}  // namespace core_lib::solr
