// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/uuid.hpp"

#include "unit/mapping/codec.hpp"

namespace core_lib {
namespace {

enum class Level : std::uint8_t { low = 1, high = 200 };
enum Plain : int { plain_zero, plain_one };
enum class Color { red, green, unnamed };
enum class Bit : bool { off, on };

/// Kept as its text.
struct Email {
  std::string text;
  friend bool operator==(const Email&, const Email&) = default;
};
/// Kept as an integer, or null for none.
struct Rank {
  int number = 0;
  friend bool operator==(const Rank&, const Rank&) = default;
};
/// Kept as what a Convert makes of it, which has a Convert of its own.
struct Contact {
  Email email;
  friend bool operator==(const Contact&, const Contact&) = default;
};
struct Ticket {
  Uuid id;
};

}  // namespace

template <>
struct EnumNames<Color> {
  static constexpr std::pair<Color, std::string_view> names[] = {{Color::red, "red"}, {Color::green, "green"}};
};
template <>
struct Convert<Email> {
  using stored = std::string;
  static stored to_stored(const Email& email) { return "mailto:" + email.text; }
  static Email from_stored(const stored& text) {
    if (!text.starts_with("mailto:")) throw ConversionError("the stored text is no address");
    return {text.substr(7)};
  }
};
template <>
struct Convert<Rank> {
  using stored = std::optional<int>;
  static stored to_stored(const Rank& rank) { return rank.number == 0 ? stored() : rank.number; }
  static Rank from_stored(const stored& number) { return {number.value_or(0)}; }
};
template <>
struct Convert<Contact> {
  using stored = Email;
  static stored to_stored(const Contact& contact) { return contact.email; }
  static Contact from_stored(stored email) { return {std::move(email)}; }
};
template <>
struct Convert<Ticket> {
  using stored = Uuid;
  static stored to_stored(const Ticket& ticket) { return ticket.id; }
  static Ticket from_stored(const stored& id) { return {id}; }
};

namespace mapping {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(EnumFieldTest, IsItsIntegerWithoutNames) {
  EXPECT_EQ(field_type<Level>.kind, Kind::integer);
  EXPECT_EQ(field_type<Level>.bytes, 1);
  EXPECT_EQ(encoded(Level::high).as_integer(), 200);
  EXPECT_EQ(decoded<Level>(Scalar::integer(1)), Level::low);
  EXPECT_EQ(round_trip(plain_one), plain_one);
  EXPECT_EQ(field_type<Bit>.kind, Kind::boolean);
  EXPECT_EQ(round_trip(Bit::on), Bit::on);
}

TEST(EnumFieldTest, RefusesAnIntegerBeyondItsType) {
  EXPECT_THAT(conversion_error([] { return decoded<Level>(Scalar::integer(256)); }), HasSubstr("out of the range"));
  EXPECT_THAT(conversion_error([] { return decoded<Level>(Scalar::integer(-1)); }), HasSubstr("out of the range"));
}

TEST(EnumFieldTest, IsItsNameWhereItHasNames) {
  EXPECT_EQ(field_type<Color>.kind, Kind::text);
  EXPECT_EQ(encoded(Color::green).as_text(), "green");
  EXPECT_EQ(decoded<Color>(Scalar::text("red")), Color::red);
  EXPECT_EQ(round_trip(std::optional(Color::green)), Color::green);
}

TEST(EnumFieldTest, RefusesANameThatIsNoneAndAValueWithoutOne) {
  EXPECT_THAT(conversion_error([] { return decoded<Color>(Scalar::text("purple")); }),
              AllOf(HasSubstr("none of the names"), HasSubstr("Color"), Not(HasSubstr("purple"))));
  EXPECT_THAT(conversion_error([] { return encoded(Color::unnamed); }), HasSubstr("no name in EnumNames"));
  EXPECT_THAT(conversion_error([] { return decoded<Color>(Scalar::integer(0)); }), HasSubstr("not from integer"));
}

TEST(ConvertTest, StoresATypeAsAnotherAndBack) {
  EXPECT_EQ(field_type<Email>.kind, Kind::text);
  EXPECT_FALSE(field_type<Email>.nullable);
  const Email email{"ada@example.org"};
  EXPECT_EQ(encoded(email).as_text(), "mailto:ada@example.org");
  EXPECT_EQ(round_trip(email), email);
  EXPECT_EQ(round_trip(std::optional(email)), email);
}

TEST(ConvertTest, ItsTextOutlivesTheConversion) {
  Scratch scratch;
  const Email first{"first, and longer than a string keeps inside itself"};
  const Email second{"second, and longer than a string keeps inside itself"};
  const Scalar a = field_type<Email>.encode(&first, scratch);
  const Scalar b = field_type<Email>.encode(&second, scratch);
  EXPECT_EQ(a.as_text(), "mailto:" + first.text);
  EXPECT_EQ(b.as_text(), "mailto:" + second.text);
}

TEST(ConvertTest, ItsErrorPassesThrough) {
  EXPECT_EQ(conversion_error([] { return decoded<Email>(Scalar::text("ada")); }), "the stored text is no address");
  EXPECT_THAT(conversion_error([] { return decoded<Email>(Scalar::integer(7)); }), HasSubstr("not from integer"));
}

TEST(ConvertTest, ATypeMayBeStoredAsAnOptional) {
  EXPECT_TRUE(field_type<Rank>.nullable);
  EXPECT_TRUE(encoded(Rank{0}).is_null());
  EXPECT_EQ(decoded<Rank>(Scalar()), Rank{0});
  EXPECT_EQ(round_trip(Rank{7}), Rank{7});
}

TEST(ConvertTest, ConversionsNest) {
  const Contact contact{{"ada@example.org"}};
  EXPECT_EQ(encoded(contact).as_text(), "mailto:ada@example.org");
  EXPECT_EQ(round_trip(contact), contact);
}

TEST(ConvertTest, BytesOfTheStoredTypeAreKeptToo) {
  const Ticket ticket{Uuid::random()};
  EXPECT_EQ(field_type<Ticket>.kind, Kind::uuid);
  EXPECT_EQ(round_trip(ticket).id, ticket.id);
}

}  // namespace
}  // namespace mapping
}  // namespace core_lib
