// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/binary_copy.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/field_type.hpp"

#include "sql/postgresql/postgresql_types.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Field;
using mapping::field_type;
using mapping::Scalar;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using namespace std::string_literals;
using namespace std::string_view_literals;

struct Row {
  std::int64_t number = 0;
  std::optional<std::string> text{};
  Instant instant{};
  Decimal price{};
};
const Field number_field{"number", &field_type<std::int64_t>, offsetof(Row, number), {}};
const Field text_field{"text", &field_type<std::optional<std::string>>, offsetof(Row, text), {}};
const Field instant_field{"instant", &field_type<Instant>, offsetof(Row, instant), {}};
const Field price_field{"price", &field_type<Decimal>, offsetof(Row, price), {}};

/// One entity, again and again.
class OneRow final : public driver::RowSource {
 public:
  OneRow(std::span<const Field* const> fields, const Row& row) : fields_(fields), row_(row) {}

  std::span<const Field* const> fields() const noexcept override { return fields_; }
  const void* next() override { return &row_; }
  std::span<const Scalar> values() override {
    ++encoded;
    values_.clear();
    for (const Field* const field : fields_) values_.push_back(field->encode(&row_, scratch_));
    return values_;
  }

  int encoded = 0;

 private:
  std::span<const Field* const> fields_;
  const Row& row_;
  mapping::Scratch scratch_;
  std::vector<Scalar> values_;
};

bool is_taken(const Field& field, Oid type) {
  const Field* const fields[] = {&field};
  return BinaryCopy::make(fields, {{std::string(field.name), type}}).has_value();
}

class PostgresqlBinaryCopyTest : public testing::Test {
 protected:
  /// The bytes of one row. @param encoded  how often it was turned into Scalars
  static std::string bytes_of(std::span<const Field* const> fields, const ColumnTypes& types, const Row& row,
                              int encoded) {
    const auto copy = BinaryCopy::make(fields, types);
    EXPECT_TRUE(copy.has_value());
    OneRow rows(fields, row);
    CopyBuffer out;
    copy->append_row(out, rows, rows.next());
    EXPECT_EQ(rows.encoded, encoded);
    return std::string(out.bytes());
  }
};

TEST_F(PostgresqlBinaryCopyTest, WritesWhatTheServerReads) {
  const Field* const fields[] = {&number_field, &text_field};
  const auto copy =
      BinaryCopy::make(fields, {{"number", type::int4}, {"text", type::varchar}, {"other", type::numeric}});
  ASSERT_TRUE(copy.has_value());
  CopyBuffer out;
  BinaryCopy::append_header(out);
  for (const Row& row : {Row{-2, "ab"}, Row{1, std::nullopt}}) {
    OneRow rows(fields, row);
    copy->append_row(out, rows, rows.next());
  }
  BinaryCopy::append_end(out);
  EXPECT_EQ(out.bytes(),
            "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
            "\0\2\0\0\0\4\377\377\377\376\0\0\0\2ab"
            "\0\2\0\0\0\4\0\0\0\1\377\377\377\377"
            "\377\377"sv);
}

TEST_F(PostgresqlBinaryCopyTest, WritesTheUsualFieldsFromTheEntityAndTheSame) {
  const Field* const fields[] = {&number_field, &text_field, &instant_field};
  const ColumnTypes direct{{"number", type::int8}, {"text", type::text}, {"instant", type::timestamptz}};
  ColumnTypes converted = direct;
  converted["text"] = type::bpchar;  // the same bytes, by way of Scalars
  for (const Row& row : {Row{-5'000'000'000, std::string(5'000, 'x'), Instant(std::chrono::seconds(1'700'000'000))},
                         Row{7, std::nullopt, Instant()}}) {
    EXPECT_EQ(bytes_of(fields, direct, row, 0), bytes_of(fields, converted, row, 1));
  }
}

TEST_F(PostgresqlBinaryCopyTest, IsForColumnsThatTakeTheirValuesUnconverted) {
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

TEST_F(PostgresqlBinaryCopyTest, RefusesWhatItsColumnCannotHold) {
  struct {
    Row row;
    const Field* field;
    Oid type;
  } const refused[] = {{{.number = 32'768}, &number_field, type::int2},
                       {{.number = -32'769}, &number_field, type::int2},
                       {{.text = "a\0b"s}, &text_field, type::text},
                       {{.text = "a\0b"s}, &text_field, type::bpchar},
                       {{.instant = Instant::max()}, &instant_field, type::timestamptz},
                       {{.instant = Instant::min()}, &instant_field, type::timestamp}};
  for (const auto& [row, field, type] : refused) {
    const Field* const fields[] = {field};
    const auto copy = BinaryCopy::make(fields, {{std::string(field->name), type}});
    ASSERT_TRUE(copy.has_value());
    OneRow rows(fields, row);
    CopyBuffer out;
    EXPECT_THROW(copy->append_row(out, rows, rows.next()), ConversionError) << field->name;
  }
}

}  // namespace
}  // namespace core_lib::sql::postgresql
