// SPDX-License-Identifier: Apache-2.0
// Rows in bulk, by COPY.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/binary_copy.hpp"
#include "sql/postgresql/copy_text.hpp"
#include "sql/postgresql/postgresql_connection.hpp"
#include "sql/postgresql/postgresql_dialect.hpp"

namespace core_lib::sql::postgresql {
namespace {

std::string literal(PGconn* connection, std::string_view text) {
  const std::unique_ptr<char, decltype(&PQfreemem)> quoted(PQescapeLiteral(connection, text.data(), text.size()),
                                                           &PQfreemem);
  if (quoted == nullptr) throw UsageError("a table's name cannot be quoted: " + message_of(connection));
  return quoted.get();
}

/// Rows in the form that their table takes.
class CopyFeed {
 public:
  CopyFeed(std::optional<BinaryCopy> binary, driver::RowSource& rows) : binary_(std::move(binary)), rows_(rows) {}

  bool operator()(CopyBuffer& out, std::size_t bytes) {
    if (std::exchange(first_, false) && binary_) BinaryCopy::append_header(out);
    while (out.size() < bytes) {
      const void* const entity = rows_.next();
      if (entity == nullptr) {
        if (binary_) BinaryCopy::append_end(out);
        return false;
      }
      if (binary_) {
        binary_->append_row(out, rows_, entity);
      } else {
        text_.clear();
        append_copy_row(text_, rows_.values());
        out.append(text_);
      }
    }
    return true;
  }

 private:
  std::optional<BinaryCopy> binary_;
  driver::RowSource& rows_;
  bool first_ = true;
  std::string text_;
};

}  // namespace

// What is known of a table is looked at again in COPY's own message, see load(), which costs no round trip.
bool PostgresqlConnection::can_load(std::string_view table, bool with_key) {
  std::string name;
  dialect().quote(name, table);
  const bool asks = inquiry_ && inquiry_->wants_number();
  copy_question_ = CopyTarget::question(literal(wire_.handle(), name), with_key, asks ? "txid_current()::text" : "''");
  copy_target_is_new_ = !copy_targets_.contains(copy_question_);
  if (!copy_target_is_new_) return true;
  const Reply reply = run({.sql = copy_question_.c_str()});
  if (reply.done == 0) throw_failed(reply.result.get());
  std::optional<CopyTarget> target = read_copy_target(reply.result.get());
  if (!target || !target->does_as_insert) return false;  // of a table that is missing INSERT says best what is wrong
  copy_targets_.emplace(copy_question_, *std::move(target));
  return true;
}

std::optional<CopyTarget> PostgresqlConnection::read_copy_target(const PGresult* answer) {
  if (PQntuples(answer) == 0) return std::nullopt;
  if (inquiry_ && inquiry_->wants_number()) inquiry_->set_number(PQgetvalue(answer, 0, 3));
  return CopyTarget::read(answer);
}

bool PostgresqlConnection::load(std::string_view sql, driver::RowSource& rows) {
  if (deadline_.expired())
    throw DeadlineExceeded("cannot store rows on " + description_ + ": the deadline passed before");
  const CopyTarget& target = copy_targets_.at(copy_question_);
  if (copy_target_is_new_) return copy(std::string(sql), target, rows);
  const bool fresh = is_fresh();
  std::string command;
  if (std::exchange(begin_pending_, false)) {
    command = begin_sql_ + "; ";
    begun_by_name_ = false;
  }
  command += copy_question_ + "; ";
  command += sql;
  if (copy(command, target, rows)) return true;
  copy_targets_.erase(copy_question_);
  if (!fresh) {
    throw Error("cannot store rows on " + description_ + ": the table was changed meanwhile; run the scope again",
                {.status_code = 503, .retryable = true});
  }
  begin_again();
  return false;
}

bool PostgresqlConnection::copy(const std::string& command, const CopyTarget& target, driver::RowSource& rows) {
  std::optional<BinaryCopy> binary = BinaryCopy::make(rows.fields(), target.types);
  const std::string whole = command + (binary ? " (FORMAT binary)" : "");
  bool same = true;
  const auto check = [&](const PGresult* answer) {
    same = read_copy_target(answer) == target;
    return same;
  };
  const Reply reply = wire_.load(whole.c_str(), check, CopyFeed(std::move(binary), rows), deadline_);
  const std::string attempt = "cannot store rows on " + description_;
  if (reply.state != Reply::State::answered) std::rethrow_exception(error_of(reply, attempt));
  if (!same) return false;
  if (reply.is_failure()) throw_failed(reply.result.get());
  return true;
}

}  // namespace core_lib::sql::postgresql
