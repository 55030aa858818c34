// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "contract/sql_contract.hpp"
#include "support/caught.hpp"

/// A table that is not what the struct says: one clear error that names the table, the column and the member, holds no
/// value, and costs nothing else. A driver instantiates it with the context of SqlContract.
namespace core_lib::contract {

struct Person {
  std::int64_t id{};
  std::string name;
  std::int64_t age{};
  std::optional<std::string> note;
};

/// The same table and columns in other types.
struct Guest {
  std::optional<std::int64_t> id;
  std::optional<std::string> name;
  double age{};
  std::optional<std::string> note;
};

}  // namespace core_lib::contract

template <>
struct core_lib::Entity<core_lib::contract::Person>
    : core_lib::entity<"contract_people", core_lib::key<&core_lib::contract::Person::id>,
                       core_lib::named<&core_lib::contract::Person::name, "full_name">> {};

template <>
struct core_lib::Entity<core_lib::contract::Guest>
    : core_lib::entity<"contract_people", core_lib::key<&core_lib::contract::Guest::id>,
                       core_lib::named<&core_lib::contract::Guest::name, "full_name">> {};

namespace core_lib::contract {
namespace people {
inline constexpr auto name = col<&Person::name>;
inline constexpr auto age = col<&Person::age>;
}  // namespace people

template <class Context>
class SqlMisfitContract : public testing::Test {
 protected:
  void SetUp() override { db = context.open(); }
  void TearDown() override {
    EXPECT_EQ(db->execute("SELECT 42").template scalar<int>(), 42);
    EXPECT_EQ(db->pool_statistics()->active, 0U);
  }

  void make_table(const std::string& columns) { db->execute("CREATE TABLE contract_people (" + columns + ")"); }
  template <class E, class Body>
  std::string refusal(Body body) {
    return support::caught<E>([&] {
             db->with(body);
             return 0;
           })
        .what();
  }

  Context context;
  std::unique_ptr<SqlConnectionRegistry> db;
};

TYPED_TEST_SUITE_P(SqlMisfitContract);

using testing::AllOf;
using testing::Not;

TYPED_TEST_P(SqlMisfitContract, AMissingTableIsNamedWithItsStruct) {
  const auto names_both = AllOf(HasSubstr("contract_people"), HasSubstr("contract::Person"));
  EXPECT_THAT(this->template refusal<SyntaxError>([](sql::Session& session) { (void)session.query<Person>().get(1); }),
              names_both);
  EXPECT_THAT(
      this->template refusal<SyntaxError>([](sql::Session& session) { session.add(Person{0, "secret", 1, {}}); }),
      AllOf(names_both, Not(HasSubstr("secret"))));
}

TYPED_TEST_P(SqlMisfitContract, AMissingColumnIsNamedWithItsMember) {
  this->make_table("id BIGINT PRIMARY KEY, age BIGINT NOT NULL, note VARCHAR(100)");
  const auto names_all = AllOf(HasSubstr("'contract_people'"), HasSubstr("'full_name'"), HasSubstr("Person::name"),
                               Not(HasSubstr("secret")));
  const auto refused = [&](auto body) { return this->template refusal<SyntaxError>(body); };
  EXPECT_THAT(refused([](sql::Session& session) { (void)session.query<Person>().all(); }), names_all);
  EXPECT_THAT(refused([](sql::Session& session) { session.add(Person{1, "secret", 1, {}}); }), names_all);
  EXPECT_THAT(refused([](sql::Session& session) {
                session.query<Person>().filter(people::age == 1).update(people::name = "secret");
              }),
              names_all);
  EXPECT_THAT(refused([](sql::Session& session) { (void)session.query<Person>().order_by(people::name).first(); }),
              names_all);
  EXPECT_THAT(refused([](sql::Session& session) {
                for (const Person& person : session.query<Person>().stream()) EXPECT_EQ(person.id, 0);
              }),
              names_all);
}

TYPED_TEST_P(SqlMisfitContract, AColumnOfAnotherTypeIsNamedWithItsMember) {
  this->make_table("id BIGINT PRIMARY KEY, full_name VARCHAR(100), age VARCHAR(100), note VARCHAR(100)");
  this->db->execute("INSERT INTO contract_people (id, full_name, age) VALUES (1, 'ada', 'secret')");
  EXPECT_THAT(
      this->template refusal<ConversionError>([](sql::Session& session) { (void)session.query<Person>().get_one(1); }),
      AllOf(HasSubstr("contract_people.age"), HasSubstr("Person::age"), HasSubstr("not from text"),
            Not(HasSubstr("secret"))));
}

TYPED_TEST_P(SqlMisfitContract, ANullForAMemberThatTakesNoneIsNamedWithIt) {
  this->make_table("id BIGINT PRIMARY KEY, full_name VARCHAR(100), age BIGINT, note VARCHAR(100)");
  this->db->execute("INSERT INTO contract_people (id, age) VALUES (1, 1)");
  EXPECT_THAT(
      this->template refusal<ConversionError>([](sql::Session& session) { (void)session.query<Person>().all(); }),
      AllOf(HasSubstr("contract_people.full_name"), HasSubstr("Person::name"), HasSubstr("null"),
            HasSubstr("std::optional")));
}

TYPED_TEST_P(SqlMisfitContract, ANullThatTheTableRefusesIsNamed) {
  this->make_table("id BIGINT PRIMARY KEY, full_name VARCHAR(100), age BIGINT, note VARCHAR(100) NOT NULL");
  EXPECT_THAT(this->template refusal<ConstraintViolation>(
                  [](sql::Session& session) { session.add(Person{1, "secret", 1, {}}); }),
              AllOf(HasSubstr("note"), Not(HasSubstr("secret"))));
}

TYPED_TEST_P(SqlMisfitContract, OneStatementFillsTheStructThatAsks) {
  this->make_table("id BIGINT PRIMARY KEY, full_name VARCHAR(100) NOT NULL, age BIGINT NOT NULL, note VARCHAR(100)");
  this->db->execute("INSERT INTO contract_people (id, full_name, age) VALUES (1, 'ada', 36)");
  this->db->with([](sql::Session& session) {
    for (int run = 0; run < 3; ++run) {
      const Person person = session.query<Person>().all().at(0);
      EXPECT_EQ(person.id, 1);
      EXPECT_EQ(person.name, "ada");
      EXPECT_EQ(person.age, 36);
      EXPECT_EQ(person.note, std::nullopt);
      const Guest guest = session.query<Guest>().all().at(0);
      EXPECT_EQ(guest.id, 1);
      EXPECT_EQ(guest.name, "ada");
      EXPECT_EQ(guest.age, 36.0);
      EXPECT_EQ(guest.note, std::nullopt);
    }
  });
}

REGISTER_TYPED_TEST_SUITE_P(SqlMisfitContract, AMissingTableIsNamedWithItsStruct, AMissingColumnIsNamedWithItsMember,
                            AColumnOfAnotherTypeIsNamedWithItsMember, ANullForAMemberThatTakesNoneIsNamedWithIt,
                            ANullThatTheTableRefusesIsNamed, OneStatementFillsTheStructThatAsks);

}  // namespace core_lib::contract
