// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/detail/reflection.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/mapping/entity.hpp"

struct AtGlobalScope {
  int id{};
  std::string user_name;
};

namespace core_lib {
namespace {

enum class Height : std::uint8_t { low, high };

/// An aggregate inside an aggregate, kept as one value.
struct Money {
  std::int64_t cents{};
  int scale{};
};

struct One {
  int only{};
};
struct Sixty4 {
  int f00{};
  int f01{};
  int f02{};
  int f03{};
  int f04{};
  int f05{};
  int f06{};
  int f07{};
  int f08{};
  int f09{};
  int f10{};
  int f11{};
  int f12{};
  int f13{};
  int f14{};
  int f15{};
  int f16{};
  int f17{};
  int f18{};
  int f19{};
  int f20{};
  int f21{};
  int f22{};
  int f23{};
  int f24{};
  int f25{};
  int f26{};
  int f27{};
  int f28{};
  int f29{};
  int f30{};
  int f31{};
  int f32{};
  int f33{};
  int f34{};
  int f35{};
  int f36{};
  int f37{};
  int f38{};
  int f39{};
  int f40{};
  int f41{};
  int f42{};
  int f43{};
  int f44{};
  int f45{};
  int f46{};
  int f47{};
  int f48{};
  int f49{};
  int f50{};
  int f51{};
  int f52{};
  int f53{};
  int f54{};
  int f55{};
  int f56{};
  int f57{};
  int f58{};
  int f59{};
  int f60{};
  int f61{};
  int f62{};
  int f63{};
};
struct Mixed {
  bool flag{};
  std::int64_t id{};
  char letter{};
  std::string text;
  std::optional<std::string> maybe;
  std::vector<std::byte> bytes;
  Height level{};
  double real{};
  Money money;
  std::chrono::sys_days day;
  std::uint8_t last{};
};
struct Awkward {
  int value_id{};
  int _leading{};
  int trailing_{};
  int x{};
  int CamelCase{};
  int größe{};
  int a1b2{};
};
template <class T>
struct Generic {
  T value{};
  std::optional<T> other;
};
struct WithDefaults {
  int count = 7;
  std::string text = "text";
  std::optional<int> maybe = 5;
};

}  // namespace

template <>
struct Convert<Money> {
  using stored = std::int64_t;
  static stored to_stored(const Money& money) { return money.cents; }
  static Money from_stored(stored cents) { return {cents, 2}; }
};

namespace mapping {
namespace {

using testing::ElementsAre;

template <class T>
std::vector<std::string> names() {
  std::vector<std::string> names;
  for (const Field& field : fields_of<T>()) names.emplace_back(field.name);
  return names;
}

TEST(ReflectionTest, FindsNamesInOrder) {
  EXPECT_THAT(names<AtGlobalScope>(), ElementsAre("id", "user_name"));
  EXPECT_THAT(names<Mixed>(),
              ElementsAre("flag", "id", "letter", "text", "maybe", "bytes", "level", "real", "money", "day", "last"));
  EXPECT_THAT(names<Generic<std::string>>(), ElementsAre("value", "other"));
}

TEST(ReflectionTest, FindsNamesThatLookLikeOtherThings) {
  EXPECT_THAT(names<Awkward>(), ElementsAre("value_id", "_leading", "trailing_", "x", "CamelCase", "größe", "a1b2"));
}

TEST(ReflectionTest, FindsTheNamesOfALocalStruct) {
  struct Local {
    int first{};
    std::string second;
  };
  EXPECT_THAT(names<Local>(), ElementsAre("first", "second"));
}

TEST(ReflectionTest, ServesFrom1To64Fields) {
  EXPECT_THAT(names<One>(), ElementsAre("only"));
  const auto fields = fields_of<Sixty4>();
  ASSERT_EQ(fields.size(), 64U);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    EXPECT_EQ(fields[i].name, std::string(i < 10 ? "f0" : "f") + std::to_string(i));
    EXPECT_EQ(fields[i].offset, i * sizeof(int));
  }
}

TEST(ReflectionTest, FindsTypesAndOffsets) {
  const auto fields = fields_of<Mixed>();
  const auto expect = [&](std::size_t i, const FieldType& type, std::size_t offset) {
    EXPECT_EQ(fields[i].type, &type) << fields[i].name;
    EXPECT_EQ(fields[i].offset, offset) << fields[i].name;
  };
  const Mixed mixed;
  const auto at = [&](const auto& member) { return detail::distance(&mixed, &member); };
  expect(0, field_type<bool>, at(mixed.flag));
  expect(1, field_type<std::int64_t>, at(mixed.id));
  expect(2, field_type<char>, at(mixed.letter));
  expect(3, field_type<std::string>, at(mixed.text));
  expect(4, field_type<std::optional<std::string>>, at(mixed.maybe));
  expect(5, field_type<std::vector<std::byte>>, at(mixed.bytes));
  expect(6, field_type<Height>, at(mixed.level));
  expect(7, field_type<double>, at(mixed.real));
  expect(8, field_type<Money>, at(mixed.money));
  expect(9, field_type<std::chrono::sys_days>, at(mixed.day));
  expect(10, field_type<std::uint8_t>, at(mixed.last));
}

TEST(ReflectionTest, AFieldReadsAndWritesItsMemberAlone) {
  Mixed mixed;
  mixed.id = 7;
  mixed.text = "before";
  mixed.last = 3;
  Scratch scratch;
  const Field& text = fields_of<Mixed>()[3];
  EXPECT_EQ(text.encode(&mixed, scratch).as_text(), "before");
  text.decode(Scalar::text("after"), &mixed);
  EXPECT_EQ(mixed.text, "after");
  EXPECT_EQ(mixed.id, 7);
  EXPECT_EQ(mixed.last, 3);
}

TEST(ReflectionTest, DefaultsOfMembersDoNotCount) {
  EXPECT_THAT(names<WithDefaults>(), ElementsAre("count", "text", "maybe"));
}

TEST(ReflectionTest, TheFieldsOfATypeAreMadeOnce) { EXPECT_EQ(fields_of<One>().data(), fields_of<One>().data()); }

TEST(ReflectionTest, CountsMembersAndNotWhatTheyAreMadeOf) {
  EXPECT_EQ(detail::count_fields<One>(), 1U);
  EXPECT_EQ(detail::count_fields<Sixty4>(), 64U);
  EXPECT_EQ(detail::count_fields<Mixed>(), 11U);
}

struct WithArray {
  int id{};
  char name[8]{};
};
struct WithoutDefault {
  explicit WithoutDefault(int) {}
};
struct HoldsOneWithoutDefault {
  WithoutDefault other;
  int id{};
};
static_assert(detail::fields_begin_empty<Mixed, 11>());
static_assert(detail::fields_begin_empty<Sixty4, 64>());
static_assert(!detail::fields_begin_empty<WithArray, detail::count_fields<WithArray>()>());
static_assert(!detail::fields_begin_empty<HoldsOneWithoutDefault, detail::count_fields<HoldsOneWithoutDefault>()>());

}  // namespace
}  // namespace mapping
}  // namespace core_lib
