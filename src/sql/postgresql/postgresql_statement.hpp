// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/sql/driver/statement.hpp"

#include "sql/postgresql/postgresql_error.hpp"
#include "sql/postgresql/postgresql_parameters.hpp"
#include "sql/postgresql/postgresql_values.hpp"
#include "sql/postgresql/sql_text.hpp"
#include "sql/postgresql/wire.hpp"

namespace core_lib::sql::postgresql {

class PostgresqlConnection;

/// A statement is prepared along with its first execution, since only then its parameters' types are known. That one
/// asks for text, which every type can be read from; the next ones for binary, where all columns can.
class PostgresqlStatement final : public driver::Statement {
 public:
  PostgresqlStatement(PostgresqlConnection& connection, std::string_view sql);
  ~PostgresqlStatement() override;
  PostgresqlStatement(const PostgresqlStatement&) = delete;
  PostgresqlStatement& operator=(const PostgresqlStatement&) = delete;

  std::size_t execute(std::span<const mapping::Scalar> parameters, driver::Fetching fetching) override;
  bool fetch() override {
    if (row_ == rows_ && !fetch_portion()) return false;
    ++row_;
    return true;
  }
  std::span<const mapping::Scalar> row() override;
  void read(const mapping::EntityTable& table, void* entity) override;
  std::size_t rows_ahead() const noexcept override { return static_cast<std::size_t>(rows_ - row_); }
  void close() noexcept override {
    if (open_) give_back();
  }

  std::uint64_t rows_matched() const noexcept override { return result_ ? rows_written(result_.get()) : 0; }
  std::string_view column_name(std::size_t column) const override;

 private:
  friend class PostgresqlBatch;
  enum class Format { unknown, text, binary };
  /// What reading it into a field takes, close together.
  struct Column {
    Assign assign = nullptr;   ///< Null where the value goes through a Scalar.
    std::uint32_t offset = 0;  ///< Of the field.
    Oid type = 0;
  };
  /// The statement for one list of parameters' types.
  struct Variant {
    std::vector<Oid> types;
    std::string name;
    const bool* is_prepared = nullptr;            ///< Null where nothing is prepared.
    Step execution{};                             ///< With the parameters of the last one.
    Format format = Format::unknown;              ///< In which its rows are asked for.
    bool columns_binary = false;                  ///< How columns came last.
    std::vector<Column> columns{};                ///< As they came last.
    std::vector<Decoder> decoders{};              ///< Of the columns.
    const mapping::EntityTable* table = nullptr;  ///< That columns were read into last.

    [[nodiscard]] Step preparation() const noexcept {
      return {.kind = Step::Kind::prepare, .sql = execution.sql, .name = execution.name, .types = types};
    }
    /// A null fits any type, so that which fields are null does not make another statement each time.
    [[nodiscard]] bool fits(const ParameterView& parameters) const noexcept {
      const std::size_t size = types.size();
      if (size != static_cast<std::size_t>(parameters.size)) return false;
      for (std::size_t i = 0; i < size; ++i) {
        if (types[i] != parameters.oids[i] && !parameters.is_null(i)) return false;
      }
      return true;
    }
  };

  /// Errors: UsageError where the statement has another number of placeholders.
  void check_count(std::size_t values) {
    if (values != text_.numbered) settle_count(values);
  }
  void settle_count(std::size_t values);
  /// What the server is given for it.
  [[nodiscard]] const std::string& text_of(const Variant& variant) const noexcept {
    return text_.numbered == 0 && !variant.types.empty() ? numbered_ : sql_;
  }
  /// What it gives back lives until close() or the next bind(). @pre require_storable() let them pass
  [[nodiscard]] ParameterView bind(std::span<const mapping::Scalar> parameters, Parameters::Texts texts) {
    open_ = true;
    return parameters_.assign(parameters, texts);
  }
  [[nodiscard]] Variant& variant(const ParameterView& parameters) {
    for (Variant& variant : variants_) {
      if (variant.fits(parameters)) [[likely]] {
        return variant;
      }
    }
    return add_variant(parameters);
  }
  [[nodiscard]] Variant& add_variant(const ParameterView& parameters);
  [[nodiscard]] ResultPtr run(Variant& variant);
  [[nodiscard]] ResultPtr send(Variant& variant);
  [[nodiscard]] ResultPtr prepare_and_send(Variant& variant);
  [[nodiscard]] bool renew(Variant& variant, const PGresult* failure);
  [[noreturn]] void throw_failed(const Variant& variant, const PGresult* failure) const;
  [[nodiscard]] ResultPtr open_cursor(const Variant& variant);
  [[nodiscard]] ResultPtr next_rows();
  /// False where no more rows come.
  bool fetch_portion();
  void give_back() noexcept;
  std::size_t take(ResultPtr result);
  void learn_columns(const PGresult* result);
  void learn_fields(const mapping::EntityTable& table);

  // What each execution reads comes first, close together.
  PostgresqlConnection& connection_;
  bool may_write_;
  bool ends_cursors_;
  bool open_ = false;            // something is to be given back
  Variant* variant_ = nullptr;   // that of the last execution
  std::list<Variant> variants_;  // which stay where they are
  ResultPtr result_;
  int row_ = 0;  // that fetch() goes to next
  int rows_ = 0;
  std::string cursor_;  // empty where there is none, or it is read to its end
  SqlText text_;
  Parameters parameters_;
  RowBuffer buffer_;
  std::vector<mapping::Scalar> values_;  // of the row that was asked for last

  std::uint64_t cursor_transaction_ = 0;
  std::size_t cursor_rows_ = 0;  // asked for with the last FETCH
  std::string sql_;
  std::string numbered_;  // the same with $1 for ?, once values were given for them
};

}  // namespace core_lib::sql::postgresql
