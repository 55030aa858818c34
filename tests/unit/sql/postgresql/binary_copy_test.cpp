// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/binary_copy.hpp"

#include <string_view>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/field_type.hpp"

#include "sql/postgresql/postgresql_types.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Field;
using mapping::Scalar;
using namespace std::string_view_literals;

const Field number_field{"number", &mapping::field_type<std::int64_t>, 0, {}};
const Field text_field{"text", &mapping::field_type<std::optional<std::string>>, 0, {}};
const Field price_field{"price", &mapping::field_type<Decimal>, 0, {}};

bool is_taken(const Field& field, Oid type) {
  const Field* const fields[] = {&field};
  return BinaryCopy::make(fields, {{std::string(field.name), type}}).has_value();
}

TEST(PostgresqlBinaryCopyTest, WritesWhatTheServerReads) {
  const Field* const fields[] = {&number_field, &text_field};
  const auto copy =
      BinaryCopy::make(fields, {{"number", type::int4}, {"text", type::varchar}, {"other", type::numeric}});
  ASSERT_TRUE(copy.has_value());
  std::string out;
  BinaryCopy::append_header(out);
  const Scalar row[] = {Scalar::integer(-2), Scalar::text("ab")};
  copy->append_row(out, row);
  const Scalar other[] = {Scalar::integer(1), {}};
  copy->append_row(out, other);
  BinaryCopy::append_end(out);
  EXPECT_EQ(out,
            "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
            "\0\2\0\0\0\4\377\377\377\376\0\0\0\2ab"
            "\0\2\0\0\0\4\0\0\0\1\377\377\377\377"
            "\377\377"sv);
}

TEST(PostgresqlBinaryCopyTest, IsForColumnsThatTakeTheirValuesUnconverted) {
  EXPECT_TRUE(is_taken(number_field, type::int2));
  EXPECT_TRUE(is_taken(text_field, type::text));
  EXPECT_FALSE(is_taken(number_field, type::numeric));
  EXPECT_FALSE(is_taken(number_field, type::text));
  EXPECT_FALSE(is_taken(text_field, type::uuid));
  EXPECT_FALSE(is_taken(text_field, 16'500)) << "an enum";
  EXPECT_FALSE(is_taken(price_field, type::numeric));
  const Field* const fields[] = {&number_field};
  EXPECT_FALSE(BinaryCopy::make(fields, {}).has_value()) << "a column that is not there";
}

TEST(PostgresqlBinaryCopyTest, RefusesNumbersBeyondTheirColumn) {
  const Field* const fields[] = {&number_field};
  const auto copy = BinaryCopy::make(fields, {{"number", type::int2}});
  ASSERT_TRUE(copy.has_value());
  std::string out;
  for (const std::int64_t beyond : {32'768, -32'769}) {
    const Scalar row[] = {Scalar::integer(beyond)};
    EXPECT_THROW(copy->append_row(out, row), ConversionError);
  }
}

}  // namespace
}  // namespace core_lib::sql::postgresql
