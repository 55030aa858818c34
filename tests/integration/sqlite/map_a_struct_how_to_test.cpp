// SPDX-License-Identifier: Apache-2.0
// The code that docs/how-to/map-a-struct.md quotes.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/uuid.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

namespace {

// [quote plain]
struct Customer {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
  std::chrono::sys_time<std::chrono::microseconds> created_at{};
};
// [/quote]

// [quote more_structs]
struct Contract {
  std::int64_t customer_id{};
  std::int32_t year{};
  core_lib::Decimal price;
};
// [/quote]

// [quote class]
class Account {
 public:
  Account() = default;
  Account(core_lib::Uuid account_id, std::string owner) : id(account_id), owner_name(std::move(owner)) {}

  core_lib::Uuid id;
  std::string owner_name;
  int unsaved_changes = 0;  // not a column
};
// [/quote]

// [quote enums]
enum class Priority : std::int16_t { low = 1, high = 9 };  // stored as its number
enum class State { open, done };                           // stored by its name, see EnumNames
// [/quote]

// [quote own_type]
struct Celsius {
  double degrees = 0;
};
// [/quote]
struct Reading {
  std::int64_t id{};
  Priority priority{};
  State state{};
  Celsius heat;
};

}  // namespace

// [quote entity]
template <>
struct core_lib::Entity<Customer>
    : core_lib::entity<"customers", core_lib::key<&Customer::id>, core_lib::unique<&Customer::email>,
                       core_lib::index<&Customer::created_at>, core_lib::named<&Customer::name, "full_name">> {};
// [/quote]
// [quote composite]
template <>
struct core_lib::Entity<Contract>
    : core_lib::entity<"contracts", core_lib::key<&Contract::customer_id, &Contract::year>,
                       core_lib::references<&Contract::customer_id, &Customer::id>> {};
// [/quote]
// [quote columns]
template <>
struct core_lib::Entity<Account> : core_lib::entity<"accounts", core_lib::key<&Account::id>> {
  using columns = core_lib::columns<&Account::id, core_lib::named<&Account::owner_name, "owner">{}>;
};
// [/quote]
// [quote enum_names]
template <>
struct core_lib::EnumNames<State> {
  static constexpr std::pair<State, std::string_view> names[] = {{State::open, "open"}, {State::done, "done"}};
};
// [/quote]
// [quote convert]
template <>
struct core_lib::Convert<Celsius> {
  using stored = double;
  static stored to_stored(const Celsius& heat) { return heat.degrees + 273.15; }
  static Celsius from_stored(stored kelvin) {
    if (kelvin < 0) throw core_lib::ConversionError("nothing is colder than 0 K");
    return {kelvin - 273.15};
  }
};
// [/quote]
template <>
struct core_lib::Entity<Reading> : core_lib::entity<"readings", core_lib::key<&Reading::id>> {};

namespace {

using core_lib::sql::Session;

TEST(MapAStructHowToTest, EveryFormIsStoredAndRead) {
  core_lib::SqlConnectionRegistry db(core_lib::sql::make_sqlite_driver());
  // [quote create_db]
  db.create_db<Contract, Customer, Account, Reading>();
  // [/quote]
  const core_lib::Uuid account = core_lib::Uuid::random();
  db.with([&](Session& session) {
    const Customer ada = session.add(Customer{0, "ada@example.org", "Ada", {}});
    session.add(Contract{ada.id, 2024, core_lib::Decimal("1250.00")});
    session.add(Account(account, "Ada"));
    session.add(Reading{1, Priority::high, State::done, {20}});
  });
  db.with([&](Session& session) {
    EXPECT_EQ(session.query<Customer>().get_one(1).name, "Ada");
    EXPECT_EQ(session.query<Contract>().get_one(1, 2024).price, core_lib::Decimal("1250"));
    EXPECT_EQ(session.query<Account>().get_one(account).owner_name, "Ada");
    EXPECT_DOUBLE_EQ(session.query<Reading>().get_one(1).heat.degrees, 20);
    EXPECT_EQ(session.execute("SELECT state || priority FROM readings").scalar<std::string>(), "done9");
    EXPECT_EQ(session.execute("SELECT full_name FROM customers").scalar<std::string>(), "Ada");
    EXPECT_EQ(session.execute("SELECT owner FROM accounts").scalar<std::string>(), "Ada");
  });
}

}  // namespace
