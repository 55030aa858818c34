// SPDX-License-Identifier: Apache-2.0
// What each C++ type is on each SQL engine: values come back as they were, and docs/how-to/map-a-struct.md says which
// type their column has.
#include <chrono>
#include <cstdint>
#include <fstream>
#include <limits>
#include <memory>
#include <optional>
#include <set>
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

/// The rows of the documents' table, without its head.
std::vector<std::vector<std::string>> documented_rows() {
  std::ifstream page(CORE_LIB_TYPES_PAGE);
  std::string line;
  while (std::getline(page, line) && !line.starts_with("| C++ |")) {
  }
  std::getline(page, line);
  std::vector<std::vector<std::string>> rows;
  while (std::getline(page, line) && line.starts_with("|")) rows.push_back(cells_of(line));
  return rows;
}

/// The one that begins with this cell.
std::vector<std::string> documented(const std::string& name) {
  for (std::vector<std::string>& row : documented_rows()) {
    if (row[0] == name) return std::move(row);
  }
  ADD_FAILURE() << CORE_LIB_TYPES_PAGE << " has no row: | " << name << " |";
  return {};
}

/// What a checker is asked to check.
struct Names {
  template <class T>
  void check(const std::string& name, const std::vector<T>&) {
    names.insert(name);
  }
  template <class Integer>
  void check_integer(const std::string& name) {
    names.insert(name);
  }

  std::set<std::string> names;
};

template <class Engine>
class SqlTypes : public testing::Test {
 public:
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

 protected:
  Engine engine;
  std::unique_ptr<SqlConnectionRegistry> db = engine.open();
};

template <class Checker>
void check_numbers(Checker& checker) {
  checker.template check<bool>("`bool`", {false, true});
  checker.template check_integer<std::int8_t>("`std::int8_t`");
  checker.template check_integer<std::int16_t>("`std::int16_t`");
  checker.template check_integer<std::int32_t>("`std::int32_t`");
  checker.template check_integer<std::int64_t>("`std::int64_t`");
  checker.template check_integer<std::uint8_t>("`std::uint8_t`");
  checker.template check_integer<std::uint16_t>("`std::uint16_t`");
  checker.template check_integer<std::uint32_t>("`std::uint32_t`");
  checker.template check_integer<std::uint64_t>("`std::uint64_t`");
  checker.template check<float>("`float`", {0.1F, -0.0F, std::numeric_limits<float>::max()});
  checker.template check<double>("`double`", {0.1, -0.0, 5e-324, 1.7976931348623157e308});
  checker.template check<Decimal>("`core_lib::Decimal`", {Decimal("0"), Decimal("-12345678901234567890.000000000123")});
}

template <class Checker>
void check_text_and_time(Checker& checker) {
  checker.template check<std::string>("`std::string`",
                                      {"", "Zo\xC3\xAB '\"\\%_\n\t", "\xF0\x90\x8D\x88\xF3\xA0\x81\x81"});
  checker.template check<Bytes>("`std::vector<std::byte>`", {Bytes(), Bytes{std::byte{0}, std::byte{255}}});
  checker.template check<Instant>("`std::chrono::sys_time<...>`",
                                  {Instant(sys_days(year(1969) / 12 / 31)) + std::chrono::microseconds(1), Instant()});
  checker.template check<sys_days>("`sys_days`", {sys_days(year(2024) / 2 / 29), sys_days(year(1066) / 10 / 14)});
  checker.template check<std::chrono::minutes>("`std::chrono::duration<...>`",
                                               {std::chrono::minutes(-90), std::chrono::hours(24 * 40)});
  checker.template check<std::chrono::microseconds>(
      "`std::chrono::duration<...>`", {std::chrono::microseconds::min(), {}, std::chrono::microseconds::max()});
  checker.template check<Uuid>("`core_lib::Uuid`", {Uuid(), Uuid::parse("ffffffff-89ab-cdef-0123-456789abcdef")});
  checker.template check<Json>("`core_lib::Json`", {Json{R"({"a": [1, 2.5, null]})"}, Json{"null"}});
  checker.template check<Numbered>("an enum of `std::int16_t`", {Numbered::low, Numbered::high});
  checker.template check<Named>("an enum with `EnumNames`", {Named::open, Named::done});
}

template <class Checker>
void check_lists(Checker& checker) {
  checker.template check<std::vector<std::int64_t>>("`std::vector<std::int64_t>`", {{}, {1}, {3, -2, 1}});
  checker.template check<std::vector<std::string>>(
      "`std::vector<std::string>`", {{"a"}, {}, {"", "Zo\xC3\xAB '\"\\%{},", "NULL", "\xF0\x90\x8D\x88"}});
  checker.template check<std::vector<double>>("`std::vector<double>`", {{0.1, -0.0, 5e-324}});
  checker.template check<std::vector<Uuid>>("`std::vector<core_lib::Uuid>`",
                                            {{Uuid(), Uuid::parse("ffffffff-89ab-cdef-0123-456789abcdef")}});
  checker.template check<std::vector<Instant>>(
      "`std::vector<std::chrono::sys_time<...>>`",
      {{Instant(sys_days(year(1969) / 12 / 31)) + std::chrono::microseconds(1), Instant()}});
  checker.template check<std::vector<std::optional<bool>>>("`std::vector<std::optional<bool>>`",
                                                           {{true, std::nullopt, false}});
  checker.template check<std::vector<Decimal>>("`std::vector<core_lib::Decimal>`", {{Decimal("-1.50"), Decimal("0")}});
  checker.template check<std::vector<sys_days>>("`std::vector<sys_days>`", {{sys_days(year(2024) / 2 / 29)}});
  checker.template check<std::vector<std::chrono::seconds>>("`std::vector<std::chrono::duration<...>>`",
                                                            {{std::chrono::seconds(-1), std::chrono::hours(50)}});
  checker.template check<std::vector<Named>>("a `std::vector` of an enum with `EnumNames`",
                                             {{Named::done, Named::open}});
}

using Engines = testing::Types<SqliteTypes, PostgresqlTypes, MariadbTypes>;
TYPED_TEST_SUITE(SqlTypes, Engines);

TYPED_TEST(SqlTypes, OfNumbersRoundTripAndAreAsDocumented) { check_numbers(*this); }

TYPED_TEST(SqlTypes, OfTextAndTimeRoundTripAndAreAsDocumented) { check_text_and_time(*this); }

TYPED_TEST(SqlTypes, OfListsRoundTripAndAreAsDocumented) { check_lists(*this); }

TEST(SqlTypesPage, HasNoRowThatIsNotChecked) {
  Names checked;
  check_numbers(checked);
  check_text_and_time(checked);
  check_lists(checked);
  checked.names.insert("`std::optional<T>`");  // with each of the others
  std::set<std::string> rows;
  for (const std::vector<std::string>& row : documented_rows()) EXPECT_TRUE(rows.insert(row[0]).second) << row[0];
  EXPECT_EQ(rows, checked.names);
}

}  // namespace
}  // namespace core_lib::contract
