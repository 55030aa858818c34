// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "core_lib/sql/session.hpp"

#include "sql/database.hpp"
#include "sql/encode.hpp"
#include "sql/session_use.hpp"
#include "sql/watch.hpp"

namespace core_lib::sql {
namespace {

using mapping::EntityTable;
using mapping::Scalar;

std::vector<const mapping::Field*> fields_of(const EntityTable& table, bool with_key) {
  std::vector<const mapping::Field*> fields;
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    if (with_key || !detail::is_key(table, i)) fields.push_back(&table.fields[i]);
  }
  return fields;
}

std::vector<std::string_view> names_of(std::span<const mapping::Field* const> fields) {
  std::vector<std::string_view> names;
  for (const mapping::Field* const field : fields) names.push_back(field->name);
  return names;
}

/// The rows of one run of entities, which goes on while the keys are of one kind.
template <class Run>
class EntityRows final : public driver::RowSource {
 public:
  EntityRows(const EntityTable& table, const Run& run, std::size_t most)
      : table_(table), run_(run), most_(most), fields_(fields_of(table, !run.make_key)), values_(table.fields.size()) {}

  std::span<const mapping::Field* const> fields() const noexcept override { return fields_; }

  const void* next() override {
    if (row_ == most_) return nullptr;
    entity_ = run_.entity(row_);
    if (row_ >= run_.count && detail::wants_key(table_, entity_, scratch_) != run_.make_key) return nullptr;
    ++row_;
    return entity_;
  }
  std::span<const Scalar> values() override {
    scratch_ = {};
    return {values_.data(), detail::encode_fields(table_, entity_, !run_.make_key, scratch_, values_.data())};
  }
  /// Rows that next() gave.
  [[nodiscard]] std::size_t given() const noexcept { return row_; }

 private:
  const EntityTable& table_;
  const Run& run_;
  std::size_t most_;
  std::vector<const mapping::Field*> fields_;
  mapping::Scratch scratch_;
  std::vector<Scalar> values_;
  std::size_t row_ = 0;
  const void* entity_ = nullptr;
};

}  // namespace

/// False where INSERT is to do it.
bool Session::load(const EntityTable& table, Run& run, std::size_t most) {
  const Dialect& dialect = database_.driver().dialect();
  if (run.count < dialect.least_load()) return false;
  EntityRows rows(table, run, most);
  if (rows.fields().empty()) return false;
  const Use use(*this);
  std::string sql;
  std::unique_ptr<detail::QueryWatch> watch;
  try {
    driver::Connection& connection = *open_link(Work::any).connection;
    dialect.load(sql, table.name, names_of(rows.fields()));
    do {
      if (!connection.can_load(table.name, !run.make_key)) return false;
      if (database_.observer() != nullptr && !watch) [[unlikely]] {
        watch = std::make_unique<detail::QueryWatch>(database_, transaction_.id);
        watch->started(sql);
      }
    } while (!connection.load(sql, rows));
    run.count = rows.given();
    if (watch) watch->ended_having_matched(run.count);
  } catch (...) {
    const std::exception_ptr error = std::current_exception();
    doom(error);
    if (watch) watch->failed(error);
    throw;
  }
  return true;
}

}  // namespace core_lib::sql
