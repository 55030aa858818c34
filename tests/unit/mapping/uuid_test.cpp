// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/uuid.hpp"

#include <set>
#include <string>
#include <vector>

#include "unit/mapping/codec.hpp"

namespace core_lib {
namespace {

using mapping::conversion_error;
using mapping::decoded;
using mapping::encoded;
using mapping::Kind;
using mapping::Scalar;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* text = "01234567-89ab-cdef-0123-456789abcdef";

TEST(UuidTest, ReadsWhatItWrites) {
  EXPECT_EQ(Uuid::parse(text).to_string(), text);
  EXPECT_EQ(Uuid::parse("01234567-89AB-CDEF-0123-456789ABCDEF"), Uuid::parse(text));
  EXPECT_EQ(Uuid::parse(text).bytes[7], std::byte{0xEF});
  EXPECT_EQ(Uuid().to_string(), "00000000-0000-0000-0000-000000000000");
}

TEST(UuidTest, RefusesEverythingElseWithoutRepeatingIt) {
  for (const char* bad : {"", "0123456789abcdef0123456789abcdef", "01234567-89ab-cdef-0123-456789abcde",
                          "01234567-89ab-cdef-0123-456789abcdef0", "0123456-789ab-cdef-0123-456789abcdef",
                          "g1234567-89ab-cdef-0123-456789abcdef", "{1234567-89ab-cdef-0123-456789abcde}"}) {
    SCOPED_TRACE(bad);
    EXPECT_THAT(conversion_error([&] { return Uuid::parse(bad); }), HasSubstr("8-4-4-4-12"));
  }
  EXPECT_THAT(conversion_error([] { return Uuid::parse("secret"); }), Not(HasSubstr("secret")));
}

TEST(UuidTest, RandomOnesDifferAndAreOfVersion4) {
  std::set<Uuid> seen;
  for (int i = 0; i < 100; ++i) {
    const Uuid uuid = Uuid::random();
    EXPECT_EQ(uuid.to_string()[14], '4');
    EXPECT_THAT(std::string("89ab"), HasSubstr(uuid.to_string().substr(19, 1)));
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 100U);
}

TEST(UuidTest, SortsAsItsTextDoes) {
  EXPECT_LT(Uuid::parse("00000000-0000-0000-0000-000000000001"), Uuid::parse("00000000-0000-0000-0000-0000000000ff"));
  EXPECT_LT(Uuid::parse("7fffffff-0000-0000-0000-000000000000"), Uuid::parse("80000000-0000-0000-0000-000000000000"));
}

TEST(UuidTest, IsReadFromItsTypeItsTextAndItsBytes) {
  const Uuid uuid = Uuid::parse(text);
  EXPECT_EQ(encoded(uuid).kind(), Kind::uuid);
  EXPECT_EQ(mapping::round_trip(uuid), uuid);
  EXPECT_EQ(decoded<Uuid>(Scalar::text(text)), uuid);
  EXPECT_EQ(decoded<Uuid>(Scalar::blob(uuid.bytes)), uuid);
}

TEST(UuidTest, OtherStoredValuesAreRefused) {
  EXPECT_THAT(conversion_error([] { return decoded<Uuid>(Scalar::text("secret")); }),
              AllOf(HasSubstr("the stored text is no UUID"), Not(HasSubstr("secret"))));
  const std::vector<std::byte> short_bytes(15);
  EXPECT_THAT(conversion_error([&] { return decoded<Uuid>(Scalar::blob(short_bytes)); }), HasSubstr("which has 16"));
  EXPECT_THAT(conversion_error([] { return decoded<Uuid>(Scalar::integer(1)); }), HasSubstr("not from integer"));
  EXPECT_THAT(conversion_error([] { return decoded<Uuid>(Scalar()); }), HasSubstr("std::optional takes it"));
}

}  // namespace
}  // namespace core_lib
