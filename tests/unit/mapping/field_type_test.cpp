// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/field_type.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "unit/mapping/codec.hpp"

namespace core_lib::mapping {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

template <class T>
class IntegerFieldTest : public testing::Test {};
using Integers = testing::Types<char, signed char, unsigned char, short, unsigned short, int, unsigned, long,
                                unsigned long, long long, unsigned long long>;
TYPED_TEST_SUITE(IntegerFieldTest, Integers);

TYPED_TEST(IntegerFieldTest, IsAnIntegerOfItsWidth) {
  EXPECT_EQ(field_type<TypeParam>.kind, Kind::integer);
  EXPECT_EQ(field_type<TypeParam>.bytes, sizeof(TypeParam));
  EXPECT_FALSE(field_type<TypeParam>.nullable);
}

TYPED_TEST(IntegerFieldTest, KeepsItsEnds) {
  using Limits = std::numeric_limits<TypeParam>;
  EXPECT_EQ(round_trip(Limits::min()), Limits::min());
  EXPECT_EQ(round_trip(TypeParam{0}), TypeParam{0});
  if constexpr (std::is_signed_v<TypeParam> || sizeof(TypeParam) < 8) {
    EXPECT_EQ(round_trip(Limits::max()), Limits::max());
  }
}

TYPED_TEST(IntegerFieldTest, RefusesWhatIsBeyondItsEnds) {
  using Limits = std::numeric_limits<TypeParam>;
  const auto refused = [](std::int64_t stored) {
    return conversion_error([&] { return decoded<TypeParam>(Scalar::integer(stored)); });
  };
  if constexpr (sizeof(TypeParam) < 8) {
    EXPECT_THAT(refused(static_cast<std::int64_t>(Limits::max()) + 1), HasSubstr("out of the range of"));
    EXPECT_THAT(refused(static_cast<std::int64_t>(Limits::min()) - 1), HasSubstr("out of the range of"));
  } else if constexpr (std::is_unsigned_v<TypeParam>) {
    EXPECT_THAT(refused(-1), HasSubstr("out of the range of"));
    const auto most = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(decoded<TypeParam>(Scalar::integer(most)), static_cast<TypeParam>(most));
  }
}

TYPED_TEST(IntegerFieldTest, RefusesNullAndOtherKinds) {
  EXPECT_THAT(conversion_error([] { return decoded<TypeParam>(Scalar()); }), HasSubstr("std::optional takes it"));
  EXPECT_THAT(conversion_error([] { return decoded<TypeParam>(Scalar::text("7")); }), HasSubstr("not from text"));
  EXPECT_THAT(conversion_error([] { return decoded<TypeParam>(Scalar::real(7)); }), HasSubstr("not from real"));
}

TEST(FieldTypeTest, AnUnsignedIntegerBeyondThoseOfDatabasesIsRefusedWithoutItsValue) {
  const std::uint64_t too_large = std::uint64_t{1} << 63U;
  EXPECT_THAT(conversion_error([&] { return encoded(too_large); }),
              AllOf(HasSubstr("out of range"), HasSubstr("std::uint64_t"), Not(HasSubstr("9223372036854775808"))));
  EXPECT_EQ(encoded(too_large - 1).as_integer(), std::numeric_limits<std::int64_t>::max());
}

TEST(FieldTypeTest, AnIntegerIsReadFromADecimalThatIsOne) {
  EXPECT_EQ(decoded<std::int64_t>(Scalar::decimal("-15")), -15);
  for (const char* text : {"1.5", "", "x", "15 ", "9223372036854775808"}) {
    EXPECT_THAT(conversion_error([&] { return decoded<std::int64_t>(Scalar::decimal(text)); }),
                HasSubstr("no integer of 64 bits"));
  }
}

TEST(FieldTypeTest, BoolIsKeptAndReadFromZeroAndOneAlone) {
  EXPECT_EQ(encoded(true).kind(), Kind::boolean);
  EXPECT_TRUE(round_trip(true));
  EXPECT_FALSE(round_trip(false));
  EXPECT_TRUE(decoded<bool>(Scalar::integer(1)));
  EXPECT_FALSE(decoded<bool>(Scalar::integer(0)));
  EXPECT_THAT(conversion_error([] { return decoded<bool>(Scalar::integer(2)); }), HasSubstr("neither 0 nor 1"));
  EXPECT_THAT(conversion_error([] { return decoded<bool>(Scalar::text("true")); }), HasSubstr("not from text"));
  EXPECT_THAT(conversion_error([] { return decoded<bool>(Scalar()); }), HasSubstr("null does not fit bool"));
}

TEST(FieldTypeTest, RealNumbersAreKeptBitByBit) {
  for (const double value : {0.0, -0.0, 0.1, 1e308, 5e-324, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(round_trip(value), value);
    EXPECT_EQ(std::signbit(round_trip(value)), std::signbit(value));
  }
  EXPECT_TRUE(std::isnan(round_trip(std::numeric_limits<double>::quiet_NaN())));
  for (const float value : {0.1F, 3.4e38F, 1e-45F, -std::numeric_limits<float>::infinity()}) {
    EXPECT_EQ(round_trip(value), value);
  }
}

TEST(FieldTypeTest, AnIntegerIsReadAsRealWhereThatIsExact) {
  const std::int64_t last_exact = std::int64_t{1} << 53U;
  EXPECT_EQ(decoded<double>(Scalar::integer(last_exact)), 9007199254740992.0);
  EXPECT_EQ(decoded<double>(Scalar::integer(-last_exact)), -9007199254740992.0);
  EXPECT_THAT(conversion_error([&] { return decoded<double>(Scalar::integer(last_exact + 1)); }),
              HasSubstr("no exact double"));
  EXPECT_EQ(decoded<float>(Scalar::integer(1 << 24)), 16777216.0F);
  EXPECT_THAT(conversion_error([] { return decoded<float>(Scalar::integer((1 << 24) + 1)); }),
              HasSubstr("no exact float"));
}

TEST(FieldTypeTest, ARealBeyondFloatIsRefused) {
  EXPECT_THAT(conversion_error([] { return decoded<float>(Scalar::real(1e39)); }),
              HasSubstr("out of the range of float"));
  EXPECT_THAT(conversion_error([] { return decoded<float>(Scalar::real(-1e39)); }),
              HasSubstr("out of the range of float"));
  EXPECT_EQ(decoded<float>(Scalar::real(0.1)), 0.1F);
}

TEST(FieldTypeTest, ARealIsReadFromADecimalAsTheNearest) {
  EXPECT_EQ(decoded<double>(Scalar::decimal("2.5000")), 2.5);
  EXPECT_EQ(decoded<double>(Scalar::decimal("-0.1")), -0.1);
  EXPECT_THAT(conversion_error([] { return decoded<double>(Scalar::decimal("1e999")); }),
              HasSubstr("out of the range"));
  EXPECT_THAT(conversion_error([] { return decoded<double>(Scalar::text("2.5")); }), HasSubstr("not from text"));
}

TEST(FieldTypeTest, TextIsKeptWhateverItsBytes) {
  const std::string long_text(100'000, 'x');
  for (const std::string& text : {std::string(), std::string("Zoë ✓"), std::string("a\0b", 3), long_text}) {
    EXPECT_EQ(round_trip(text), text);
  }
  EXPECT_EQ(decoded<std::string>(Scalar::decimal("1.50")), "1.50");
  EXPECT_EQ(decoded<std::string>(Scalar::json("{}")), "{}");
  EXPECT_THAT(conversion_error([] { return decoded<std::string>(Scalar::integer(7)); }),
              HasSubstr("std::string is read from text, not from integer"));
}

TEST(FieldTypeTest, BytesAreKept) {
  using Bytes = std::vector<std::byte>;
  for (const Bytes& bytes : {Bytes(), Bytes{std::byte{0}, std::byte{255}}, Bytes(100'000, std::byte{7})}) {
    EXPECT_EQ(round_trip(bytes), bytes);
  }
  EXPECT_EQ(encoded(Bytes()).kind(), Kind::blob);
  EXPECT_THAT(conversion_error([] { return decoded<Bytes>(Scalar::text("x")); }), HasSubstr("not from text"));
}

TEST(FieldTypeTest, AnEmptyOptionalIsNullBothWays) {
  EXPECT_TRUE(field_type<std::optional<int>>.nullable);
  EXPECT_EQ(field_type<std::optional<int>>.kind, Kind::integer);
  EXPECT_TRUE(encoded(std::optional<int>()).is_null());
  EXPECT_EQ(round_trip(std::optional<int>(7)), 7);
  std::optional<std::string> name = "before";
  field_type<std::optional<std::string>>.decode(Scalar(), &name);
  EXPECT_FALSE(name);
  field_type<std::optional<std::string>>.decode(Scalar::text("after"), &name);
  EXPECT_EQ(name, "after");
}

TEST(FieldTypeTest, AnEmptyTextIsNotNull) {
  EXPECT_FALSE(encoded(std::optional<std::string>("")).is_null());
  EXPECT_EQ(round_trip(std::optional<std::string>("")), "");
}

TEST(FieldTypeTest, MessagesNameTheTypeAndHoldNoValue) {
  EXPECT_THAT(conversion_error([] { return decoded<std::int32_t>(Scalar::integer(123'456'789'012)); }),
              AllOf(HasSubstr("std::int32_t"), Not(HasSubstr("123456789012"))));
  EXPECT_THAT(conversion_error([] { return decoded<int>(Scalar::text("secret")); }), Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace core_lib::mapping
