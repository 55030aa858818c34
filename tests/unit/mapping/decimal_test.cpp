// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/decimal.hpp"

#include <limits>
#include <string>
#include <vector>

#include "core_lib/mapping/json.hpp"

#include "unit/mapping/codec.hpp"

namespace core_lib {
namespace {

using mapping::conversion_error;
using mapping::decoded;
using mapping::encoded;
using mapping::Kind;
using mapping::Scalar;
using testing::HasSubstr;
using testing::Not;

TEST(DecimalTest, KeepsEveryDigit) {
  const std::string long_number = "-" + std::string(200, '9') + "." + std::string(200, '7') + "0";
  for (const std::string& text : {std::string("0"), std::string("12.50"), std::string("+007.0"), long_number}) {
    EXPECT_EQ(Decimal(text).text(), text);
    EXPECT_EQ(mapping::round_trip(Decimal(text)).text(), text);
  }
  EXPECT_EQ(Decimal().text(), "0");
}

TEST(DecimalTest, RefusesWhatIsNoNumberWithoutRepeatingIt) {
  for (const char* bad : {"", "-", "+", ".", "1.", ".5", "1.2.3", "1e5", "0x10", " 1", "1 ", "1,5", "--1", "NaN"}) {
    SCOPED_TRACE(bad);
    EXPECT_THAT(conversion_error([&] { return Decimal(bad); }), HasSubstr("no decimal number"));
  }
  EXPECT_THAT(conversion_error([] { return Decimal("secret"); }), Not(HasSubstr("secret")));
}

TEST(DecimalTest, ComparesByValue) {
  EXPECT_EQ(Decimal("1.5"), Decimal("+01.500"));
  EXPECT_EQ(Decimal("-0.0"), Decimal("0"));
  const std::vector<Decimal> sorted{Decimal("-10"),  Decimal("-9.5"), Decimal("-9.05"), Decimal("0"),
                                    Decimal("0.09"), Decimal("0.1"),  Decimal("9"),     Decimal("10")};
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
    EXPECT_LT(sorted[i], sorted[i + 1]) << i;
    EXPECT_GT(sorted[i + 1], sorted[i]) << i;
    EXPECT_NE(sorted[i], sorted[i + 1]) << i;
  }
}

TEST(DecimalTest, IsReadFromItsTypeItsTextAndIntegers) {
  EXPECT_EQ(encoded(Decimal("1.50")).kind(), Kind::decimal);
  EXPECT_EQ(decoded<Decimal>(Scalar::text("1.50")).text(), "1.50");
  EXPECT_EQ(decoded<Decimal>(Scalar::integer(std::numeric_limits<std::int64_t>::min())).text(), "-9223372036854775808");
}

TEST(DecimalTest, IsNotReadFromNumbersThatLostDigits) {
  EXPECT_THAT(conversion_error([] { return decoded<Decimal>(Scalar::real(1.5)); }), HasSubstr("not from real"));
  EXPECT_THAT(conversion_error([] { return decoded<Decimal>(Scalar::text("1e5")); }), HasSubstr("no decimal number"));
  EXPECT_THAT(conversion_error([] { return decoded<Decimal>(Scalar()); }), HasSubstr("std::optional takes it"));
}

TEST(JsonTest, IsKeptAsItIsWritten) {
  const Json json{R"({"b": 1,  "a": [null]})"};
  EXPECT_EQ(encoded(json).kind(), Kind::json);
  EXPECT_EQ(mapping::round_trip(json), json);
  EXPECT_EQ(decoded<Json>(Scalar::text("[1]")).text, "[1]");
  EXPECT_EQ(Json().text, "null");
  EXPECT_THAT(conversion_error([] { return decoded<Json>(Scalar::integer(1)); }), HasSubstr("not from integer"));
}

}  // namespace
}  // namespace core_lib
