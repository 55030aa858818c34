// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_connection.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/connect.hpp"
#include "sql/postgresql/postgresql_batch.hpp"
#include "sql/postgresql/postgresql_dialect.hpp"
#include "sql/postgresql/postgresql_statement.hpp"

namespace core_lib::sql::postgresql {
namespace {

std::string_view name_of(Isolation isolation) {
  switch (isolation) {
    case Isolation::read_committed:
      return " ISOLATION LEVEL READ COMMITTED";
    case Isolation::repeatable_read:
      return " ISOLATION LEVEL REPEATABLE READ";
    case Isolation::serializable:
      return " ISOLATION LEVEL SERIALIZABLE";
    default:
      return "";
  }
}

Step command(const char* sql) { return {.kind = Step::Kind::command, .sql = sql}; }
Step command_by(const std::string& name) { return {.kind = Step::Kind::run_prepared, .name = name.c_str()}; }

std::string quoted_list(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    if (!list.empty()) list += ", ";
    dialect().quote(list, name);
  }
  return list;
}

}  // namespace

PostgresqlConnection::PostgresqlConnection(const PostgresqlOptions& options, Deadline deadline)
    : wire_(connect(options, deadline)),
      deadline_(deadline.sooner(Deadline::in(options.connect_timeout))),
      prepares_(options.prepared_statements),
      names_commands_(prepares_),
      description_(describe(options)) {
  if (options.resolve_unknown_commits) inquiry_.emplace(options);
  set_up(options);
}

// What reading values relies on, and what the options ask for, in one round trip.
void PostgresqlConnection::set_up(const PostgresqlOptions& options) {
  const std::string search_path = quoted_list(options.search_path);
  const std::string timeout = std::to_string(options.statement_timeout.count());
  std::string settings =
      "SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, YMD', false), "
      "set_config('IntervalStyle', 'iso_8601', false), "
      "set_config('bytea_output', 'hex', false), set_config('extra_float_digits', '1', false), "
      "set_config('standard_conforming_strings', 'on', false)";
  std::vector<mapping::Scalar> values;
  const auto set = [&](std::string_view name, std::string_view value) {
    values.push_back(mapping::Scalar::text(value));
    settings += ", set_config('" + std::string(name) + "', $" + std::to_string(values.size()) + ", false)";
  };
  if (!search_path.empty()) set("search_path", search_path);
  if (options.statement_timeout.count() > 0) set("statement_timeout", timeout);
  if (inquiry_) settings += ", " + std::string(CommitInquiry::server_sql);
  require_storable(values);
  Parameters parameters;
  std::vector<Step> steps{
      {.sql = settings.c_str(), .parameters = parameters.assign(values, Parameters::Texts::copied)}};
  for (const std::string& statement : options.init_statements) steps.push_back({.sql = statement.c_str()});
  const Reply reply = run(steps);
  if (inquiry_ && reply.done > 0) {
    const PGresult* const first = reply.earlier.empty() ? reply.result.get() : reply.earlier[0].result.get();
    inquiry_->set_server(PQgetvalue(first, 0, PQnfields(first) - 1));
  }
  if (reply.done == steps.size()) return;
  const std::string what = reply.done == 0 ? "the settings" : "init statement " + std::to_string(reply.done);
  const std::exception_ptr cause = make_error(reply.result.get(), what);
  throw ConfigError("cannot set up " + description_ + ": " + what + " failed: " + message_of(reply.result.get()),
                    {.native_code = std::string(sqlstate_of(reply.result.get())), .cause = cause});
}

std::unique_ptr<driver::Statement> PostgresqlConnection::prepare(std::string_view sql) {
  return std::make_unique<PostgresqlStatement>(*this, sql);
}

void PostgresqlConnection::execute_all(const driver::BatchRuns& runs, driver::BatchListener& listener) {
  PostgresqlBatch(*this, runs).run(listener);
}

void PostgresqlConnection::begin(const driver::TransactionOptions& options) {
  if (options != begun_with_) {
    begun_with_ = options;
    begin_sql_ = "BEGIN";
    begin_sql_ += name_of(options.isolation);
    if (options.access == Access::read_only) begin_sql_ += " READ ONLY";
    begin_name_.clear();
  }
  begin_pending_ = true;
  ++transaction_number_;
  if (inquiry_) inquiry_->forget_transaction();
}

bool PostgresqlConnection::in_transaction() const noexcept {
  const PGTransactionStatusType status = wire_.transaction();
  return begin_pending_ || status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

void PostgresqlConnection::begin_again() {
  if (!in_transaction()) return;
  rollback();
  begin_pending_ = true;
  if (inquiry_) inquiry_->forget_transaction();
}

void PostgresqlConnection::add_leftovers() {
  const PGTransactionStatusType status = wire_.transaction();
  if (status == PQTRANS_IDLE && prepared_.has_unused()) {
    // A unit of its own: where the server has it no more, that is no harm.
    for (const std::string& name : prepared_.take_unused()) {
      const std::string sql = "DEALLOCATE " + name;
      wire_.add(command(sql.c_str()));
      wire_.end_unit();
    }
  }
  if (std::exchange(begin_pending_, false)) add_begin();
  if (status == PQTRANS_INTRANS) {
    for (const std::string& cursor : cursors_to_close_) {
      const std::string sql = "CLOSE " + cursor;
      wire_.add(command(sql.c_str()));
    }
  }
  cursors_to_close_.clear();
}

void PostgresqlConnection::add_begin() {
  begun_by_name_ = names_commands_;
  if (names_commands_ && begin_name_.empty()) prepare_commands();
  wire_.add(names_commands_ ? command_by(begin_name_) : command(begin_sql_.c_str()));
}

void PostgresqlConnection::prepare_commands() {
  begin_name_ = prepared_name(begin_sql_, {});
  commit_name_ = begin_name_ + "_commit";
  if (prepared_.is_prepared(begin_name_)) return;
  // A unit of its own: where it fails, BEGIN tells. COMMIT is first, so that who has the one has the other.
  wire_.add({.kind = Step::Kind::prepare, .sql = "COMMIT", .name = commit_name_.c_str()});
  wire_.add({.kind = Step::Kind::prepare, .sql = begin_sql_.c_str(), .name = begin_name_.c_str()});
  wire_.end_unit();
  prepared_.add(begin_name_);
}

bool PostgresqlConnection::has_not_begun(const Reply& reply) noexcept {
  if (!reply.failed || !begun_by_name_ || wire_.transaction() != PQTRANS_IDLE) return false;
  if (sqlstate_of(reply.result.get()) != "26000") return false;
  names_commands_ = false;
  begin_pending_ = true;
  return true;
}

template <class Send>
Reply PostgresqlConnection::send_begun(const Send& send) {
  const bool begins = begin_pending_;
  Reply reply = send();
  if (begins && has_not_begun(reply)) reply = send();
  return reply;
}

Reply PostgresqlConnection::send(const Step& step, Wire::Lateness lateness) {
  if (goes_alone(step)) [[likely]] {
    return wire_.run_alone(step, deadline_, lateness);
  }
  return send({&step, 1}, lateness);
}

Reply PostgresqlConnection::send(std::span<const Step> steps, Wire::Lateness lateness) {
  return send_begun([&] {
    const bool asks =
        asks_for_number(std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.may_write; }));
    add_leftovers();
    wire_.skip_results();
    for (const Step& step : steps) wire_.add(step);
    return send_added(asks, lateness, Wire::Results::kept);
  });
}

Reply PostgresqlConnection::send_added(bool asks_for_number, Wire::Lateness lateness, Wire::Results results) {
  if (asks_for_number) wire_.add({.sql = CommitInquiry::number_sql});
  Reply reply = wire_.run(deadline_, lateness, results);
  if (asks_for_number && reply.state == Reply::State::answered && !reply.failed) take_number(reply);
  return reply;
}

// Outside of a transaction the answer would be lost along with that of the statement.
bool PostgresqlConnection::asks_for_number(bool may_write) const noexcept {
  return may_write && inquiry_ && inquiry_->wants_number() &&
         (begin_pending_ || wire_.transaction() == PQTRANS_INTRANS);
}

void PostgresqlConnection::take_number(Reply& reply) noexcept {
  ResultPtr number = std::move(reply.result);
  if (!reply.earlier.empty()) {
    reply.result = std::move(reply.earlier.back().result);
    reply.earlier.pop_back();
  }
  if (!number) number = std::move(reply.result);  // steps are counted, and it is one of them
  inquiry_->set_number(PQgetvalue(number.get(), 0, 0));
  --reply.done;
}

Reply PostgresqlConnection::run(const Step& step) {
  require_usable();
  Reply reply = send(step, Wire::Lateness::cancel);
  require_answered(reply);
  return reply;
}

Reply PostgresqlConnection::run(std::span<const Step> steps) {
  require_usable();
  Reply reply = send(steps, Wire::Lateness::cancel);
  require_answered(reply);
  return reply;
}

Reply PostgresqlConnection::run(bool may_write, const std::function<void(Wire&)>& add) {
  require_usable();
  Reply reply = send_begun([&] {
    const bool asks = asks_for_number(may_write);
    add_leftovers();
    wire_.skip_results();
    try {
      add(wire_);
    } catch (...) {
      wire_.abandon();  // a part of it lies with libpq
      throw;
    }
    return send_added(asks, Wire::Lateness::cancel, Wire::Results::counted);
  });
  require_answered(reply);
  return reply;
}

void PostgresqlConnection::throw_not_usable() const {
  if (!wire_.is_usable())
    throw ConnectionLost(no_statement() + ": the connection was lost before", {.breaks_connection = true});
  throw DeadlineExceeded(no_statement() + ": the deadline passed before");
}

void PostgresqlConnection::throw_unanswered(const Reply& reply) const {
  std::rethrow_exception(error_of(reply, no_statement()));
}

std::exception_ptr PostgresqlConnection::error_of(const Reply& reply, std::string_view attempt) const {
  if (reply.state == Reply::State::late) {
    return std::make_exception_ptr(DeadlineExceeded(std::string(attempt) + ": the deadline passed without an answer",
                                                    {.breaks_connection = true}));
  }
  if (reply.state == Reply::State::copying) {
    return std::make_exception_ptr(UsageError(std::string(attempt) +
                                                  ": COPY from or to the client is no statement; add_all() stores many "
                                                  "rows by it, and stream() reads them",
                                              {.breaks_connection = true}));
  }
  if (reply.state == Reply::State::answered || ends_session(sqlstate_of(reply.result.get()))) {
    return make_error(reply.result.get(), attempt);
  }
  return std::make_exception_ptr(
      ConnectionLost(std::string(attempt) + ": " + message_of(wire_.handle()), {.breaks_connection = true}));
}

void PostgresqlConnection::throw_failed(const PGresult* result) const {
  if (sqlstate_of(result) == "57014" && deadline_.expired()) {
    throw DeadlineExceeded(no_statement() + ": the deadline passed, and it was cancelled", {.native_code = "57014"});
  }
  std::rethrow_exception(make_error(result, no_statement()));
}

void PostgresqlConnection::commit() {
  if (std::exchange(begin_pending_, false)) return;  // nothing was done in it
  const auto attempt = [this] { return "the commit on " + description_; };
  const PGTransactionStatusType status = wire_.transaction();
  if (!is_usable()) {
    wire_.abandon();
    throw CommitFailed(attempt() + " failed: the connection was lost before it; nothing was stored",
                       {.retryable = true, .breaks_connection = true});
  }
  if (status != PQTRANS_INTRANS) {
    rollback();
    throw CommitFailed(attempt() + (status == PQTRANS_IDLE
                                        ? " failed: a statement had ended the transaction before"
                                        : " failed: an earlier error aborted it; nothing was stored"));
  }
  const Reply reply = send(begun_by_name_ ? command_by(commit_name_) : command("COMMIT"), Wire::Lateness::give_up);
  // The server answers COMMIT with ROLLBACK, and no error, where the transaction had failed.
  if (reply.is_failure() || std::string_view(PQcmdStatus(reply.result.get())) != "COMMIT") [[unlikely]] {
    explain_commit(reply, attempt());
  }
}

void PostgresqlConnection::explain_commit(const Reply& reply, const std::string& attempt) {
  const std::string_view code = sqlstate_of(reply.result.get());
  if (reply.state != Reply::State::answered || ends_session(code) || code == "40003") {
    wire_.abandon();
    resolve_commit(reply, attempt);
    return;
  }
  if (reply.is_failure()) {
    const std::exception_ptr cause = error_of(reply, attempt);
    const bool is_unknown_name = code == "26000";
    if (is_unknown_name) {  // dropped by what only the server saw; it aborted the transaction, and did not end it
      forget_prepared();
      names_commands_ = false;
      rollback();
    }
    throw CommitFailed(
        attempt + " failed: " + message_of(reply.result.get()) + "; nothing was stored",
        {.retryable = is_unknown_name || code.starts_with("40"), .native_code = std::string(code), .cause = cause});
  }
  throw CommitFailed(attempt + " became a rollback, since an earlier statement had failed; nothing was stored");
}

void PostgresqlConnection::resolve_commit(const Reply& reply, const std::string& attempt) const {
  const std::string lost = attempt + " got no answer; ";
  ErrorDetails details{.breaks_connection = true,
                       .native_code = std::string(sqlstate_of(reply.result.get())),
                       .cause = error_of(reply, attempt)};
  if (!inquiry_) throw CommitUnknown(lost + "the work may be stored or not", std::move(details));
  const CommitInquiry::Finding finding = inquiry_->ask(deadline_);
  if (finding.fate == CommitInquiry::Fate::unknown) {
    throw CommitUnknown(lost + "the work may be stored or not, since " + finding.why, std::move(details));
  }
  if (finding.fate == CommitInquiry::Fate::stored) return;
  details.retryable = true;
  throw CommitFailed(lost + "asked again, the server says that it was rolled back: nothing was stored",
                     std::move(details));
}

void PostgresqlConnection::rollback() {
  forget_cursors();
  if (!wire_.is_usable()) return;  // its end is the rollback
  if (std::exchange(begin_pending_, false) || !in_transaction()) return;
  const Reply reply = send(command("ROLLBACK"), Wire::Lateness::give_up);
  if (!reply.is_failure()) return;
  wire_.abandon();
  std::rethrow_exception(error_of(reply, "cannot roll back on " + description_));
}

void PostgresqlConnection::cancel() noexcept {
  try {
    (void)wire_.request_cancel();
  } catch (const std::bad_alloc&) {
    // Nothing to ask with. The statement goes on, until its deadline.
  }
}

void PostgresqlConnection::ping() {
  const Reply reply = run(command(""));
  if (PQresultStatus(reply.result.get()) != PGRES_EMPTY_QUERY) throw_failed(reply.result.get());
}

std::string PostgresqlConnection::server_version() const {
  const char* const version = PQparameterStatus(wire_.handle(), "server_version");
  return std::string("PostgreSQL ") + (version == nullptr ? "" : version);
}

std::string PostgresqlConnection::next_cursor() { return "core_lib_cursor_" + std::to_string(++cursors_); }

void PostgresqlConnection::close_later(std::string cursor, std::uint64_t transaction) {
  if (transaction == transaction_number_) cursors_to_close_.push_back(std::move(cursor));
}

void PostgresqlConnection::forget_cursors() noexcept {
  ++transaction_number_;
  cursors_to_close_.clear();
}

void PostgresqlConnection::forget_prepared() noexcept {
  prepared_.forget_all();
  begin_name_.clear();
  begun_by_name_ = false;
}

}  // namespace core_lib::sql::postgresql
