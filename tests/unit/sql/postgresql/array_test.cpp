// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/postgresql_types.hpp"
#include "sql/postgresql/postgresql_values.hpp"
#include "sql/postgresql/value_text.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Kind;
using mapping::Scalar;
using namespace std::string_view_literals;

constexpr Oid text_array = array_type(type::text);
constexpr Oid int4_array = array_type(type::int4);

std::vector<std::string> texts_of(std::string_view literal) {
  RowBuffer buffer;
  std::vector<std::string> texts;
  for (const Scalar& value : text_decoder(text_array)(literal, buffer).as_list()) {
    texts.push_back(value.is_null() ? "(null)" : std::string(value.as_text()));
  }
  return texts;
}

TEST(PostgresqlArrayTest, LiteralsAreReadAsTheServerWritesThem) {
  EXPECT_THAT(texts_of("{}"), testing::IsEmpty());
  EXPECT_THAT(texts_of(R"({a,"b c","\"\\{},",NULL,"NULL",""})"),
              testing::ElementsAre("a", "b c", "\"\\{},", "(null)", "NULL", ""));
  EXPECT_THAT(texts_of("[0:1]={a,b}"), testing::ElementsAre("a", "b"));
}

TEST(PostgresqlArrayTest, LiteralsAreWrittenSoThatTheyAreReadAgain) {
  const std::vector<Scalar> values{
      Scalar::text("a"), Scalar::text("{\"\\,\n}"), {}, Scalar::text("NULL"), Scalar::text("")};
  std::string literal;
  append_value_text(literal, Scalar::list(values), 0);
  EXPECT_EQ(literal, "{\"a\",\"{\\\"\\\\,\n}\",NULL,\"NULL\",\"\"}");
  EXPECT_THAT(texts_of(literal), testing::ElementsAre("a", "{\"\\,\n}", "(null)", "NULL", ""));
}

TEST(PostgresqlArrayTest, BrokenLiteralsAreRefused) {
  for (const std::string_view bad :
       {"", "{", "}", "a", "{a", "{\"a}", "{\"a\\", "{\"a\"b}", "{a}}", "[0:1]", "{a,\"}"}) {
    SCOPED_TRACE(bad);
    EXPECT_THROW(texts_of(bad), ConversionError);
  }
  EXPECT_THROW(texts_of("{{a,b},{c,d}}"), ConversionError);
}

/// An array of 32-bit integers as array_send() of the server writes it.
std::string binary(std::int32_t dimensions, std::int32_t size, const std::vector<std::int32_t>& words) {
  std::string bytes;
  const auto put = [&](std::int32_t word) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes += static_cast<char>(static_cast<std::uint32_t>(word) >> static_cast<unsigned>(shift) & 0xFFU);
    }
  };
  put(dimensions);
  put(0);
  put(static_cast<std::int32_t>(type::int4));
  if (dimensions != 0) {
    put(size);
    put(1);
  }
  for (const std::int32_t word : words) put(word);
  return bytes;
}

TEST(PostgresqlArrayTest, BinaryOnesAreRead) {
  RowBuffer buffer;
  const Decoder decode = binary_decoder(int4_array);
  const auto values = decode(binary(1, 3, {4, -7, -1, 4, 9}), buffer).as_list();
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[0].as_integer(), -7);
  EXPECT_TRUE(values[1].is_null());
  EXPECT_EQ(values[2].as_integer(), 9);
  EXPECT_TRUE(decode(binary(0, 0, {}), buffer).as_list().empty());
}

TEST(PostgresqlArrayTest, BrokenBinaryOnesAreRefused) {
  RowBuffer buffer;
  const Decoder decode = binary_decoder(int4_array);
  const std::string whole = binary(1, 2, {4, 1, 4, 2});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW((void)decode(std::string_view(whole).substr(0, size), buffer), ConversionError) << size;
  }
  EXPECT_THROW((void)decode(binary(2, 1, {1, 1, 4, 1}), buffer), ConversionError);
  EXPECT_THROW((void)decode(binary(1, std::numeric_limits<std::int32_t>::max(), {4, 1}), buffer), ConversionError);
  EXPECT_THROW((void)decode(binary(1, -1, {}), buffer), ConversionError);
  EXPECT_THROW((void)decode(binary(1, 1, {std::numeric_limits<std::int32_t>::max(), 1}), buffer), ConversionError);
}

}  // namespace
}  // namespace core_lib::sql::postgresql
