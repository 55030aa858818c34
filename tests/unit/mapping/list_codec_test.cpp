// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/list_codec.hpp"

#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/uuid.hpp"

#include "unit/mapping/codec.hpp"

namespace core_lib::mapping {

struct Tag {
  std::string text;
  bool operator==(const Tag&) const = default;
};

}  // namespace core_lib::mapping

template <>
struct core_lib::Convert<core_lib::mapping::Tag> {
  using stored = std::string;
  static stored to_stored(const mapping::Tag& tag) { return "tag:" + tag.text; }
  static mapping::Tag from_stored(stored text) { return {text.substr(4)}; }
};

namespace core_lib::mapping {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year;
using testing::HasSubstr;
using testing::Not;

std::string json_of(const Scalar& list) {
  std::string json;
  append_json_list(json, list.as_list());
  return json;
}

/// As by a data source that has no lists.
template <class T>
std::vector<T> through_json(const std::vector<T>& list) {
  return decoded<std::vector<T>>(Scalar::text(json_of(encoded(list))));
}

template <class T>
void expect_kept(const std::vector<T>& list) {
  EXPECT_TRUE(round_trip(list) == list);
  EXPECT_TRUE(through_json(list) == list) << json_of(encoded(list));
}

TEST(ListCodecTest, KeepsValuesOfEveryKindAlsoAsJson) {
  expect_kept<std::int64_t>({});
  expect_kept<std::int64_t>({1, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()});
  expect_kept<bool>({true, false, true});
  expect_kept<double>({0.1, -0.0, 5e-324, 1.7976931348623157e308, 3, 1e17});
  expect_kept<std::string>({"", "a \"b\" \\ /", "\x01\n\t", "Zo\xC3\xAB \xF0\x90\x8D\x88", "null", "1", "[]"});
  expect_kept<Decimal>({Decimal("-12345678901234567890.000100"), Decimal("0")});
  expect_kept<Uuid>({Uuid(), Uuid::parse("ffffffff-89ab-cdef-0123-456789abcdef")});
  expect_kept<sys_days>({sys_days(year(2024) / 2 / 29), sys_days(year(1066) / 10 / 14)});
  expect_kept<std::chrono::sys_time<microseconds>>({sys_days(year(1969) / 12 / 31) + microseconds(1), {}});
  expect_kept<std::chrono::milliseconds>({std::chrono::milliseconds(-1), std::chrono::hours(7000)});
  expect_kept<std::optional<std::int32_t>>({1, std::nullopt, 3});
  expect_kept<Tag>({{"a"}, {"a text that is long enough to be kept elsewhere"}});
}

TEST(ListCodecTest, HasAnOptionalAroundIt) {
  using Maybe = std::optional<std::vector<std::int32_t>>;
  EXPECT_EQ(round_trip(Maybe()), Maybe());
  EXPECT_EQ(round_trip(Maybe({1, 2})), Maybe({1, 2}));
  EXPECT_EQ(field_type<Maybe>.kind, Kind::list);
  EXPECT_EQ(field_type<Maybe>.element, &field_type<std::int32_t>);
  EXPECT_EQ(field_type<std::string>.element, nullptr);
}

TEST(ListCodecTest, ReadsJsonOfOthers) {
  EXPECT_EQ(decoded<std::vector<std::string>>(Scalar::json(R"( [ "\u00eb\ud800\udf48\b\f\r\/" , "b" ] )")),
            (std::vector<std::string>{"\xC3\xAB\xF0\x90\x8D\x88\b\f\r/", "b"}));
  EXPECT_EQ(decoded<std::vector<double>>(Scalar::text("[1, 2.5e3,\n-0.5]")), (std::vector<double>{1, 2500, -0.5}));
  EXPECT_EQ(decoded<std::vector<Decimal>>(Scalar::text("[123456789012345678901234567890]")),
            (std::vector<Decimal>{Decimal("123456789012345678901234567890")}));
}

TEST(ListCodecTest, RefusesWhatIsNoArrayOfSimpleValues) {
  for (const char* const bad : {"",
                                " ",
                                "[",
                                "[1",
                                "[1,",
                                "[1,]",
                                "[,1]",
                                "[1 2]",
                                "1",
                                "null",
                                "{}",
                                "[{}]",
                                "[[1]]",
                                "[1]x",
                                "[tru]",
                                "[\"a]",
                                "[\"\\",
                                "[\"\\x\"]",
                                "[\"\\u12\"]",
                                "[\"\\ud800\"]",
                                "[\"\\udc00\"]",
                                "[\"\\ud800\\u0041\"]",
                                "[1e999]",
                                "[--1]"}) {
    SCOPED_TRACE(bad);
    EXPECT_THAT(conversion_error([&] { return decoded<std::vector<std::string>>(Scalar::text(bad)); }),
                HasSubstr("no JSON array of simple values"));
  }
  EXPECT_THAT(conversion_error([] { return decoded<std::vector<int>>(Scalar::integer(1)); }),
              HasSubstr("a list or a JSON array, not from integer"));
  EXPECT_THAT(conversion_error([] { return decoded<std::vector<int>>(Scalar()); }),
              HasSubstr("std::optional takes it"));
}

TEST(ListCodecTest, NamesTheValueAtFaultByItsPosition) {
  const std::string error =
      conversion_error([] { return decoded<std::vector<std::int8_t>>(Scalar::text("[1, 2, 4711]")); });
  EXPECT_THAT(error, testing::StartsWith("value 3 of the list: "));
  EXPECT_THAT(error, Not(HasSubstr("4711")));
  EXPECT_THAT(conversion_error([] { return decoded<std::vector<int>>(Scalar::text("[null]")); }),
              testing::StartsWith("value 1 of the list: null does not fit"));
  EXPECT_THAT(conversion_error([] { return encoded(std::vector<std::uint64_t>{1, ~std::uint64_t{0}}); }),
              testing::StartsWith("value 2 of the list: "));
}

TEST(ListCodecTest, JsonHasNoFormForSomeNumbers) {
  EXPECT_THAT(
      conversion_error([] { return json_of(encoded(std::vector<double>{std::numeric_limits<double>::infinity()})); }),
      HasSubstr("no form in JSON"));
}

}  // namespace
}  // namespace core_lib::mapping
