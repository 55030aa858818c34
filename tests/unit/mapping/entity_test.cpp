// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/entity.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

struct User {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
};
struct Membership {
  std::int64_t user_id{};
  std::string team;
  std::int32_t rank{};
  std::optional<std::int64_t> invited_by;
};
/// No aggregate: it has a constructor and private members.
class Account {
 public:
  Account() = default;
  explicit Account(std::int64_t number) : id(number) {}
  std::int64_t id{};
  std::string owner;
  int visits = 0;  // not stored
  [[nodiscard]] int secret() const { return secret_; }

 private:
  int secret_ = 42;
};
struct Node {
  std::int64_t id{};
  std::optional<std::int64_t> parent_id;
};
struct Left {
  std::int64_t id{};
  std::int64_t right_id{};
};
struct Right {
  std::int64_t id{};
  std::int64_t left_id{};
};
struct Log {
  std::string line;
};
struct Forgetful {
  std::int64_t id{};
  std::string left_out;
};
struct Textual {
  std::string code;
};
struct Nullable {
  std::optional<std::int64_t> id;
};

}  // namespace

template <>
struct Entity<User> : entity<"users", key<&User::id>, unique<&User::email>, named<&User::name, "full name">> {};
template <>
struct Entity<Membership>
    : entity<"memberships", key<&Membership::user_id, &Membership::team>, unique<&Membership::team, &Membership::rank>,
             unique<&Membership::invited_by>, index<&Membership::rank>, index<&Membership::team, &Membership::user_id>,
             references<&Membership::user_id, &User::id>, references<&Membership::invited_by, &User::id>> {};
template <>
struct Entity<Account> : entity<"accounts", key<&Account::id>, named<&Account::id, "account_id">> {
  using columns = core_lib::columns<named<&Account::owner, "owner_name">{}, &Account::id>;
};
template <>
struct Entity<Node> : entity<"nodes", key<&Node::id>, references<&Node::parent_id, &Node::id>> {};
template <>
struct Entity<Left> : entity<"lefts", key<&Left::id>, references<&Left::right_id, &Right::id>> {};
template <>
struct Entity<Right> : entity<"rights", key<&Right::id>, references<&Right::left_id, &Left::id>> {};
template <>
struct Entity<Log> : entity<"log"> {};
template <>
struct Entity<Forgetful> : entity<"forgetful", key<&Forgetful::id>, index<&Forgetful::left_out>> {
  using columns = core_lib::columns<&Forgetful::id>;
};
template <>
struct Entity<Textual> : entity<"textual", key<&Textual::code>> {};
template <>
struct Entity<Nullable> : entity<"nullable", key<&Nullable::id>> {};

namespace mapping {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> names(const EntityTable& table) {
  std::vector<std::string> names;
  for (const Field& field : table.fields) names.emplace_back(field.name);
  return names;
}

TEST(EntityTest, ReadsNameFieldsAndKey) {
  const EntityTable& table = entity_table<User>();
  EXPECT_EQ(table.name, "users");
  EXPECT_THAT(std::string(table.type_name), HasSubstr("User"));
  EXPECT_THAT(table.key, ElementsAre(0U));
  EXPECT_TRUE(table.has_generated_key());
}

TEST(EntityTest, ReadersReadWhatTheFieldsDo) {
  const EntityTable& table = entity_table<User>();
  ASSERT_EQ(table.readers.size(), table.fields.size());
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    EXPECT_EQ(table.readers[i].offset, table.fields[i].offset);
    EXPECT_EQ(table.readers[i].decode, table.fields[i].type->decode);
  }
}

TEST(EntityTest, AMemberMayHaveAnotherName) {
  EXPECT_THAT(names(entity_table<User>()), ElementsAre("id", "email", "full name"));
}

TEST(EntityTest, KeysConstraintsAndIndexesMayHaveSeveralFields) {
  const EntityTable& table = entity_table<Membership>();
  EXPECT_THAT(table.key, ElementsAre(0U, 1U));
  EXPECT_FALSE(table.has_generated_key());
  ASSERT_EQ(table.unique.size(), 2U);
  EXPECT_THAT(table.unique[0], ElementsAre(1U, 2U));
  EXPECT_THAT(table.unique[1], ElementsAre(3U));
  ASSERT_EQ(table.indexes.size(), 2U);
  EXPECT_THAT(table.indexes[0], ElementsAre(2U));
  EXPECT_THAT(table.indexes[1], ElementsAre(1U, 0U));
}

TEST(EntityTest, ReferencesKnowTheirTarget) {
  const EntityTable& table = entity_table<Membership>();
  ASSERT_EQ(table.foreign_keys.size(), 2U);
  EXPECT_THAT(table.foreign_keys[0].fields, ElementsAre(0U));
  EXPECT_THAT(table.foreign_keys[1].fields, ElementsAre(3U));
  for (const ForeignKey& foreign : table.foreign_keys) {
    EXPECT_EQ(&foreign.target(), &entity_table<User>());
    EXPECT_THAT(foreign.target_fields, ElementsAre(0U));
  }
}

TEST(EntityTest, EntitiesMayReferToThemselvesAndToEachOther) {
  EXPECT_EQ(&entity_table<Node>().foreign_keys[0].target(), &entity_table<Node>());
  EXPECT_EQ(&entity_table<Left>().foreign_keys[0].target(), &entity_table<Right>());
  EXPECT_EQ(&entity_table<Right>().foreign_keys[0].target(), &entity_table<Left>());
}

TEST(EntityTest, AListOfColumnsStandsForAClassThatIsNoAggregate) {
  const EntityTable& table = entity_table<Account>();
  EXPECT_THAT(names(table), ElementsAre("owner_name", "account_id"));
  EXPECT_THAT(table.key, ElementsAre(1U));
  Account account(7);
  Scratch scratch;
  EXPECT_EQ(table.fields[1].encode(&account, scratch).as_integer(), 7);
  table.fields[0].decode(Scalar::text("ada"), &account);
  EXPECT_EQ(account.owner, "ada");
  EXPECT_EQ(account.secret(), 42);
}

TEST(EntityTest, AKeyIsMadeByTheDatabaseWhereItIsOneIntegerThatIsNeverNull) {
  EXPECT_FALSE(entity_table<Textual>().has_generated_key());
  EXPECT_FALSE(entity_table<Nullable>().has_generated_key());
  EXPECT_FALSE(entity_table<Log>().has_generated_key());
  EXPECT_THAT(entity_table<Log>().key, IsEmpty());
}

TEST(EntityTest, AMemberIsFoundByItsPointer) {
  EXPECT_EQ(field_index<&User::name>(), 2U);
  EXPECT_EQ(field_index<&Account::owner>(), 0U);
  EXPECT_EQ(field_index<&Account::id>(), 1U);
}

TEST(EntityTest, AMemberThatTheColumnsLeaveOutIsRefused) {
  EXPECT_THROW((void)field_index<&Forgetful::left_out>(), UsageError);
  try {
    (void)entity_table<Forgetful>();
    FAIL() << "an index over a field that is not stored";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("Forgetful"), HasSubstr("columns of its Entity leave out")));
  }
}

TEST(EntityTest, APlainStructThatIsNoEntityHasFieldsToo) {
  struct Row {
    int id{};
    std::string name;
  };
  EXPECT_EQ(fields_of<Row>().size(), 2U);
  static_assert(!is_entity<Row>);
  static_assert(is_entity<User>);
}

TEST(EntityTest, TheTableOfATypeIsMadeOnce) { EXPECT_EQ(&entity_table<User>(), &entity_table<User>()); }

}  // namespace
}  // namespace mapping
}  // namespace core_lib
