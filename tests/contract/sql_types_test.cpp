// SPDX-License-Identifier: Apache-2.0
// What each C++ type is on each SQL engine: values come back as they were, and docs/how-to/map-a-struct.md says which
// type their column has.
#include <chrono>
#include <cstdint>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/json.hpp"
#include "core_lib/mapping/uuid.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

#include "sql/mariadb/mariadb_dialect.hpp"
#include "sql/postgresql/postgresql_dialect.hpp"
#include "sql/sqlite/sqlite_dialect.hpp"
#include "support/mariadb_database.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::contract {

/// A row with a value of one type, and one that may be null.
template <class T>
struct Held {
  std::int64_t id{};
  T value{};
  std::optional<T> maybe;
};

enum class Numbered : std::int16_t { low = -1, high = 9 };
enum class Named { open, done };

}  // namespace core_lib::contract

template <class T>
struct core_lib::Entity<core_lib::contract::Held<T>>
    : core_lib::entity<"held", core_lib::key<&core_lib::contract::Held<T>::id>> {};
template <>
struct core_lib::EnumNames<core_lib::contract::Named> {
  static constexpr std::pair<contract::Named, std::string_view> names[] = {{contract::Named::open, "open"},
                                                                           {contract::Named::done, "done"}};
};

namespace core_lib::contract {
namespace {

using Bytes = std::vector<std::byte>;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using std::chrono::sys_days;
using std::chrono::year;

struct SqliteTypes {
  static constexpr std::size_t column = 1;
  static const sql::Dialect& dialect() { return sql::sqlite::dialect(); }
  std::unique_ptr<SqlConnectionRegistry> open() {
    return std::make_unique<SqlConnectionRegistry>(sql::make_sqlite_driver());
  }
};
struct PostgresqlTypes {
  static constexpr std::size_t column = 2;
  static const sql::Dialect& dialect() { return sql::postgresql::dialect(); }
  std::unique_ptr<SqlConnectionRegistry> open() { return schema.open(); }
  support::PostgresqlSchema schema;
};
struct MariadbTypes {
  static constexpr std::size_t column = 3;
  static const sql::Dialect& dialect() { return sql::mariadb::dialect(); }
  std::unique_ptr<SqlConnectionRegistry> open() { return database.open(); }
  support::MariadbDatabase database;
};

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream row(line.substr(1));
  for (std::string cell; std::getline(row, cell, '|');) {
    const std::size_t from = cell.find_first_not_of(' ');
    cells.push_back(from == std::string::npos ? "" : cell.substr(from, cell.find_last_not_of(' ') + 1 - from));
  }
  return cells;
}

/// The row of the documents' table that begins with this cell.
std::vector<std::string> documented(const std::string& name) {
  std::ifstream page(CORE_LIB_TYPES_PAGE);
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| " + name + " |")) return cells_of(line);
  }
  ADD_FAILURE() << CORE_LIB_TYPES_PAGE << " has no row: | " << name << " |";
  return {};
}

template <class Engine>
class SqlTypes : public testing::Test {
 protected:
  /// Stores and reads the samples as fields and as fields that may be null, and looks the type up in the documents.
  template <class T>
  void check(const std::string& name, const std::vector<T>& samples) {
    SCOPED_TRACE(name);
    db->template create_db<Held<T>>();
    std::vector<Held<T>> rows{{0, samples[0], std::nullopt}};
    for (const T& sample : samples) rows.push_back({0, sample, sample});
    db->with([&](sql::Session& session) { session.add_all(rows, sql::fill_keys); });
    for (const char* const read : {"once", "again, as a statement that is known"}) {
      SCOPED_TRACE(read);
      for (const Held<T>& row : rows) {
        const Held<T> stored =
            db->with([&](sql::Session& session) { return session.query<Held<T>>().get_one(row.id); });
        EXPECT_TRUE(stored.value == row.value);
        EXPECT_TRUE(stored.maybe == row.maybe);
      }
    }
    db->execute("DROP TABLE held");
    std::string type;
    Engine::dialect().column_type(type, mapping::field_type<T>);
    const std::vector<std::string> row = documented(name);
    ASSERT_GT(row.size(), Engine::column);
    EXPECT_EQ(row[Engine::column], "`" + type + "`");
  }
  template <class Integer>
  void check_integer(const std::string& name) {
    using Limits = std::numeric_limits<Integer>;
    const Integer most = sizeof(Integer) == 8 ? static_cast<Integer>(std::numeric_limits<std::int64_t>::max())
                                              : Limits::max();  // more is refused
    check<Integer>(name, {Limits::min(), Integer{0}, Integer{1}, most});
  }

  Engine engine;
  std::unique_ptr<SqlConnectionRegistry> db = engine.open();
};

using Engines = testing::Types<SqliteTypes, PostgresqlTypes, MariadbTypes>;
TYPED_TEST_SUITE(SqlTypes, Engines);

TYPED_TEST(SqlTypes, OfNumbersRoundTripAndAreAsDocumented) {
  this->template check<bool>("`bool`", {false, true});
  this->template check_integer<std::int8_t>("`std::int8_t`");
  this->template check_integer<std::int16_t>("`std::int16_t`");
  this->template check_integer<std::int32_t>("`std::int32_t`");
  this->template check_integer<std::int64_t>("`std::int64_t`");
  this->template check_integer<std::uint8_t>("`std::uint8_t`");
  this->template check_integer<std::uint16_t>("`std::uint16_t`");
  this->template check_integer<std::uint32_t>("`std::uint32_t`");
  this->template check_integer<std::uint64_t>("`std::uint64_t`");
  this->template check<float>("`float`", {0.1F, -0.0F, std::numeric_limits<float>::max()});
  this->template check<double>("`double`", {0.1, -0.0, 5e-324, 1.7976931348623157e308});
  this->template check<Decimal>("`core_lib::Decimal`", {Decimal("0"), Decimal("-12345678901234567890.000000000123")});
}

TYPED_TEST(SqlTypes, OfTextAndTimeRoundTripAndAreAsDocumented) {
  this->template check<std::string>("`std::string`",
                                    {"", "Zo\xC3\xAB '\"\\%_\n\t", "\xF0\x90\x8D\x88\xF3\xA0\x81\x81"});
  this->template check<Bytes>("`std::vector<std::byte>`", {Bytes(), Bytes{std::byte{0}, std::byte{255}}});
  this->template check<Instant>("`std::chrono::sys_time<...>`",
                                {Instant(sys_days(year(1969) / 12 / 31)) + std::chrono::microseconds(1), Instant()});
  this->template check<sys_days>("`sys_days`", {sys_days(year(2024) / 2 / 29), sys_days(year(1066) / 10 / 14)});
  this->template check<std::chrono::minutes>("`std::chrono::duration<...>`",
                                             {std::chrono::minutes(-90), std::chrono::hours(24 * 40)});
  this->template check<std::chrono::microseconds>(
      "`std::chrono::duration<...>`", {std::chrono::microseconds::min(), {}, std::chrono::microseconds::max()});
  this->template check<Uuid>("`core_lib::Uuid`", {Uuid(), Uuid::parse("ffffffff-89ab-cdef-0123-456789abcdef")});
  this->template check<Json>("`core_lib::Json`", {Json{R"({"a": [1, 2.5, null]})"}, Json{"null"}});
  this->template check<Numbered>("an enum of `std::int16_t`", {Numbered::low, Numbered::high});
  this->template check<Named>("an enum with `EnumNames`", {Named::open, Named::done});
}

TYPED_TEST(SqlTypes, OfListsRoundTripAndAreAsDocumented) {
  this->template check<std::vector<std::int64_t>>("`std::vector<std::int64_t>`", {{}, {1}, {3, -2, 1}});
  this->template check<std::vector<std::string>>("`std::vector<std::string>`",
                                                 {{"a"}, {}, {"", "Zo\xC3\xAB '\"\\%{},", "NULL", "\xF0\x90\x8D\x88"}});
  this->template check<std::vector<double>>("`std::vector<double>`", {{0.1, -0.0, 5e-324}});
  this->template check<std::vector<Uuid>>("`std::vector<core_lib::Uuid>`",
                                          {{Uuid(), Uuid::parse("ffffffff-89ab-cdef-0123-456789abcdef")}});
  this->template check<std::vector<Instant>>(
      "`std::vector<std::chrono::sys_time<...>>`",
      {{Instant(sys_days(year(1969) / 12 / 31)) + std::chrono::microseconds(1), Instant()}});
  this->template check<std::vector<std::optional<bool>>>("`std::vector<std::optional<bool>>`",
                                                         {{true, std::nullopt, false}});
  this->template check<std::vector<Decimal>>("`std::vector<core_lib::Decimal>`", {{Decimal("-1.50"), Decimal("0")}});
  this->template check<std::vector<sys_days>>("`std::vector<sys_days>`", {{sys_days(year(2024) / 2 / 29)}});
  this->template check<std::vector<std::chrono::seconds>>("`std::vector<std::chrono::duration<...>>`",
                                                          {{std::chrono::seconds(-1), std::chrono::hours(50)}});
  this->template check<std::vector<Named>>("a `std::vector` of an enum with `EnumNames`", {{Named::done, Named::open}});
}

}  // namespace
}  // namespace core_lib::contract
