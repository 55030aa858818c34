// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_error.hpp"

#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::postgresql {
namespace {

/// Errors of class 22 repeat the value they are about: behind a colon, or in quotes.
std::string without_values(std::string_view message) {
  message = message.substr(0, message.find(": "));
  std::string clean;
  bool quoted = false;
  for (const char c : message) {
    if (c == '"') {
      quoted = !quoted;
      clean += quoted ? "\"..." : "\"";
    } else if (!quoted) {
      clean += c;
    }
  }
  return clean;
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

std::string_view advice(std::string_view code) {
  if (code == "25006") return "; the scope or the server is read-only";
  if (code == "26000") return "; behind a pooler, switch prepared statements off";
  if (code == "28P01" || code == "28000") return "; check user, password, and the server's pg_hba.conf";
  if (code == "3D000") return "; create it, or name another in the configuration";
  if (code == "40001" || code == "40P01") return "; run the whole scope again: with({.attempts = ...}, ...)";
  if (code == "53300") return "; raise the server's max_connections, or lower pool_size and max_overflow";
  if (code == "55P03") return "; another transaction holds the lock: try again, or give it more time";
  return "";
}

struct Rule {
  std::string_view prefix;  // of the code
  std::exception_ptr (*make)(const std::string& message, ErrorDetails details);
};

template <class E>
std::exception_ptr as(const std::string& message, ErrorDetails details) {
  return std::make_exception_ptr(E(message, std::move(details)));
}
std::exception_ptr as_retryable(const std::string& message, ErrorDetails details) {
  details.retryable = true;
  details.status_code = 503;
  return as<Error>(message, std::move(details));
}
std::exception_ptr as_lost(const std::string& message, ErrorDetails details) {
  details.breaks_connection = true;
  return as<ConnectionLost>(message, std::move(details));
}
std::exception_ptr as_unavailable(const std::string& message, ErrorDetails details) {
  details.retryable = true;
  return as<ConnectionLost>(message, std::move(details));
}
template <int Status>
std::exception_ptr with_status(const std::string& message, ErrorDetails details) {
  details.status_code = Status;
  return as<Error>(message, std::move(details));
}

// The first rule that fits is taken.
constexpr Rule rules[] = {
    {"23505", as<UniqueViolation>},
    {"23", as<ConstraintViolation>},
    {"40001", as_retryable},
    {"40P01", as_retryable},
    {"55P03", as_retryable},
    {"57014", as<DeadlineExceeded>},
    {"57P03", as_unavailable},
    {"53300", as_unavailable},
    {"57P", as_lost},
    {"08", as_lost},
    {"25P02", as<TransactionAborted>},
    {"25P03", as_lost},
    {"25006", with_status<403>},
    {"26000", as_retryable},
    {"28", as<AuthenticationError>},
    {"3D000", as<ConfigError>},
    {"42501", with_status<403>},
    {"42", as<SyntaxError>},
    {"3F000", as<SyntaxError>},
    {"22", as<ConversionError>},
    {"53", with_status<507>},
    {"54", as<UsageError>},
};

}  // namespace

std::string_view sqlstate_of(const PGresult* result) noexcept {
  const char* const code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  return code == nullptr ? std::string_view() : code;
}

bool ends_session(std::string_view code) noexcept {
  return code.starts_with("08") || (code.starts_with("57P") && code != "57P03") || code == "25P03";
}

std::string message_of(const PGresult* result) {
  const char* const primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (primary == nullptr) return std::string(first_line(PQresultErrorMessage(result)));
  return sqlstate_of(result).starts_with("22") ? without_values(primary) : primary;
}

std::string message_of(const PGconn* connection) { return std::string(first_line(PQerrorMessage(connection))); }

std::exception_ptr make_error(std::string_view code, std::string_view attempt, std::string_view message) {
  const std::string text = std::string(attempt) + ": " + std::string(message) + std::string(advice(code));
  for (const Rule& rule : rules) {
    if (code.starts_with(rule.prefix)) return rule.make(text, {.native_code = std::string(code)});
  }
  return as<Error>(text, {.native_code = std::string(code)});
}

std::exception_ptr make_error(const PGresult* result, std::string_view attempt) {
  return make_error(sqlstate_of(result), attempt, message_of(result));
}

}  // namespace core_lib::sql::postgresql
