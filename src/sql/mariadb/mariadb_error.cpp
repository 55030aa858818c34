// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_error.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <type_traits>
#include <utility>

#include <errmsg.h>
#include <mysqld_error.h>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::mariadb {
namespace {

enum class Class {
  plain,
  unique,
  constraint,
  retry,  // the same work may succeed
  full,   // no connection is left
  interrupted,
  authentication,
  config,
  syntax,
  conversion,
  usage,
  refused,  // the server does not allow it
  too_large,
  lost,
};

/// What of the server's text holds no value and may be shown.
enum class Shown { nothing, all, key, column, word };

struct Known {
  unsigned code;
  Class error;
  Shown shown;
  std::string_view says;
};

// MySQL's numbers that MariaDB's header does not know.
constexpr unsigned mysql_check_violated = 3819;
constexpr unsigned mysql_query_timeout = 3024;
constexpr unsigned mysql_idle_disconnect = 4031;

constexpr Known known_failures[] = {
    {ER_DUP_ENTRY, Class::unique, Shown::key, "a row with this key exists already"},
    {ER_DUP_ENTRY_WITH_KEY_NAME, Class::unique, Shown::key, "a row with this key exists already"},
    {ER_DUP_KEY, Class::unique, Shown::nothing, "a row with this key exists already"},
    {ER_FOREIGN_DUPLICATE_KEY_WITH_CHILD_INFO, Class::unique, Shown::nothing, "a row with this key exists already"},
    {ER_NO_REFERENCED_ROW, Class::constraint, Shown::all, ""},
    {ER_NO_REFERENCED_ROW_2, Class::constraint, Shown::all, ""},
    {ER_ROW_IS_REFERENCED, Class::constraint, Shown::all, ""},
    {ER_ROW_IS_REFERENCED_2, Class::constraint, Shown::all, ""},
    {ER_BAD_NULL_ERROR, Class::constraint, Shown::all, ""},
    {ER_NO_DEFAULT_FOR_FIELD, Class::constraint, Shown::all, ""},
    {ER_CONSTRAINT_FAILED, Class::constraint, Shown::all, ""},
    {mysql_check_violated, Class::constraint, Shown::all, ""},
    {ER_LOCK_DEADLOCK, Class::retry, Shown::nothing,
     "it was in a deadlock with another transaction, and the server rolled this one back; run it again"},
    {ER_LOCK_WAIT_TIMEOUT, Class::retry, Shown::nothing,
     "another transaction held a lock for longer than innodb_lock_wait_timeout; run it again"},
    {ER_CHECKREAD, Class::retry, Shown::nothing, "another transaction changed the row meanwhile; run it again"},
    {ER_CON_COUNT_ERROR, Class::full, Shown::nothing,
     "the server has no connection left; raise its max_connections, or make pool_size smaller"},
    {ER_TOO_MANY_USER_CONNECTIONS, Class::full, Shown::nothing,
     "the user has no connection left; raise max_user_connections, or make pool_size smaller"},
    {ER_USER_LIMIT_REACHED, Class::full, Shown::nothing,
     "the user has used up what the server allows; raise its limit, or make pool_size smaller"},
    {ER_MAX_PREPARED_STMT_COUNT_REACHED, Class::retry, Shown::nothing,
     "all connections together have as many prepared statements as the server allows; raise its "
     "max_prepared_stmt_count or make pools smaller"},
    {ER_QUERY_INTERRUPTED, Class::interrupted, Shown::nothing, "it was cancelled on the server"},
    {ER_STATEMENT_TIMEOUT, Class::interrupted, Shown::nothing, "it took longer than the statement timeout"},
    {mysql_query_timeout, Class::interrupted, Shown::nothing, "it took longer than the statement timeout"},
    {ER_ACCESS_DENIED_ERROR, Class::authentication, Shown::nothing,
     "the server refused the user or the password, or wants TLS"},
    {ER_ACCESS_DENIED_NO_PASSWORD_ERROR, Class::authentication, Shown::nothing, "the server refused the user"},
    {ER_DBACCESS_DENIED_ERROR, Class::authentication, Shown::nothing, "the user has no rights to the database"},
    {ER_HOST_NOT_PRIVILEGED, Class::authentication, Shown::nothing, "the server does not let this machine connect"},
    {ER_HOST_IS_BLOCKED, Class::authentication, Shown::nothing,
     "the server blocks this machine after many errors; run mariadb-admin flush-hosts there"},
    {ER_MUST_CHANGE_PASSWORD, Class::authentication, Shown::nothing, "the password has expired; set another"},
    {ER_MUST_CHANGE_PASSWORD_LOGIN, Class::authentication, Shown::nothing, "the password has expired; set another"},
    {ER_ACCOUNT_HAS_BEEN_LOCKED, Class::authentication, Shown::nothing, "the server has locked the user"},
    {CR_AUTH_PLUGIN_CANNOT_LOAD, Class::authentication, Shown::nothing,
     "the user logs in by a way that this client does not know"},
    {ER_BAD_DB_ERROR, Class::config, Shown::all, ""},
    {ER_PARSE_ERROR, Class::syntax, Shown::word, "the server does not understand the SQL"},
    {ER_NO_SUCH_TABLE, Class::syntax, Shown::all, ""},
    {ER_BAD_TABLE_ERROR, Class::syntax, Shown::all, ""},
    {ER_BAD_FIELD_ERROR, Class::syntax, Shown::all, ""},
    {ER_NON_UNIQ_ERROR, Class::syntax, Shown::all, ""},
    {ER_TABLE_EXISTS_ERROR, Class::syntax, Shown::all, ""},
    {ER_SP_DOES_NOT_EXIST, Class::syntax, Shown::all, ""},
    {ER_WRONG_VALUE_COUNT_ON_ROW, Class::syntax, Shown::all, ""},
    {ER_WRONG_VALUE_COUNT, Class::syntax, Shown::all, ""},
    {ER_DUP_KEYNAME, Class::syntax, Shown::all, ""},
    {ER_CANT_DROP_FIELD_OR_KEY, Class::syntax, Shown::all, ""},
    {ER_TOO_LONG_KEY, Class::syntax, Shown::all, ""},
    {ER_TOO_LONG_IDENT, Class::syntax, Shown::all, ""},
    {ER_WRONG_TABLE_NAME, Class::syntax, Shown::all, ""},
    {ER_WRONG_COLUMN_NAME, Class::syntax, Shown::all, ""},
    {ER_BLOB_KEY_WITHOUT_LENGTH, Class::syntax, Shown::all, ""},
    {ER_CANT_CREATE_TABLE, Class::syntax, Shown::all, ""},
    {ER_PS_MANY_PARAM, Class::usage, Shown::nothing, "it has more than 65535 placeholders; write fewer rows at a time"},
    {ER_EMPTY_QUERY, Class::usage, Shown::nothing, "the text holds no statement"},
    {ER_DATA_TOO_LONG, Class::conversion, Shown::all, ""},
    {ER_WARN_DATA_OUT_OF_RANGE, Class::conversion, Shown::all, ""},
    {ER_DATA_OUT_OF_RANGE, Class::conversion, Shown::nothing, "a number of the result is out of range"},
    {ER_TRUNCATED_WRONG_VALUE, Class::conversion, Shown::nothing, "a value is no such number or time"},
    {ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, Class::conversion, Shown::column, "a value does not fit its column"},
    {WARN_DATA_TRUNCATED, Class::conversion, Shown::all, ""},
    {ER_DIVISION_BY_ZERO, Class::conversion, Shown::nothing, "division by 0"},
    {ER_OPTION_PREVENTS_STATEMENT, Class::refused, Shown::nothing, "the server is read-only"},
    {ER_READ_ONLY_MODE, Class::refused, Shown::nothing, "the server is read-only"},
    {ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, Class::refused, Shown::nothing, "the scope is read-only"},
    {ER_TABLEACCESS_DENIED_ERROR, Class::refused, Shown::nothing, "the user has no right to do this to the table"},
    {ER_COLUMNACCESS_DENIED_ERROR, Class::refused, Shown::nothing, "the user has no right to do this to a column"},
    {ER_SPECIFIC_ACCESS_DENIED_ERROR, Class::refused, Shown::nothing, "the user has no right to do this"},
    {ER_NET_PACKET_TOO_LARGE, Class::too_large, Shown::nothing,
     "it is larger than the server's max_allowed_packet; raise that, or store the value in pieces"},
    {CR_NET_PACKET_TOO_LARGE, Class::too_large, Shown::nothing, "a row is larger than 1 GiB"},
    {ER_RECORD_FILE_FULL, Class::plain, Shown::all, ""},
    {ER_DISK_FULL, Class::plain, Shown::nothing, "the server's disk is full"},
    {ER_SIGNAL_EXCEPTION, Class::plain, Shown::nothing, "a trigger or a procedure raised it"},
    {ER_SERVER_SHUTDOWN, Class::lost, Shown::nothing, "the server shuts down"},
    {ER_NORMAL_SHUTDOWN, Class::lost, Shown::nothing, "the server shuts down"},
    {ER_CONNECTION_KILLED, Class::lost, Shown::nothing, "somebody killed the connection on the server"},
    {mysql_idle_disconnect, Class::lost, Shown::nothing, "the server closed the connection, which was idle for long"},
    {CR_NEW_STMT_METADATA, Class::lost, Shown::nothing,
     "the table has other columns than when the statement was prepared; it is prepared anew on another connection"},
    {CR_SERVER_GONE_ERROR, Class::lost, Shown::nothing, "the connection is closed"},
    {CR_SERVER_LOST, Class::lost, Shown::nothing, "the connection was lost"},
    {CR_SERVER_LOST_EXTENDED, Class::lost, Shown::nothing, "the connection was lost"},
    {CR_SSL_CONNECTION_ERROR, Class::lost, Shown::all, ""},
};

constexpr Known unknown_of_client{0, Class::lost, Shown::nothing, "the connection failed"};
constexpr Known unknown_of_server{0, Class::plain, Shown::nothing, "the server refused it"};

const Known& find(const Failure& failure) {
  const auto found = std::find_if(std::begin(known_failures), std::end(known_failures),
                                  [&](const Known& known) { return known.code == failure.code; });
  if (found != std::end(known_failures)) return *found;
  return failure.is_of_client() ? unknown_of_client : unknown_of_server;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 200 && std::all_of(text.begin(), text.end(), [](char c) {
    return c == '_' || c == '.' || c == '$' || c == '`' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  });
}

/// The name between the last `before` and the `after` behind it; the last, because a value may hold such words too.
std::string_view last_name(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t start = text.rfind(before);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = text.substr(start + before.size());
  const std::string_view name = rest.substr(0, rest.find(after));
  return is_name(name) ? name : std::string_view();
}

/// The word at which the parser gave up. It may begin a literal, of which nothing is shown.
std::string_view wrong_word(std::string_view text) {
  constexpr std::string_view before = "near '";
  const std::size_t start = text.find(before);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = text.substr(start + before.size());
  const std::string_view word = rest.substr(0, rest.find_first_of(" \t\r\n();,='\""));
  const bool is_number = !word.empty() && word.front() >= '0' && word.front() <= '9';
  return is_name(word) && !is_number ? word : std::string_view();
}

/// The client ends some messages with the number of the system's error: "Can't connect to server on 'db' (111)".
std::string system_error_of(std::string_view text) {
  const std::size_t start = text.rfind('(');
  if (start == std::string_view::npos) return {};
  int number = 0;
  const auto [end, error] = std::from_chars(text.data() + start + 1, text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() + text.size() || *end != ')' || number <= 0) return {};
  return " (" + std::generic_category().message(number) + ")";
}

std::string words(const Failure& failure, const Known& known) {
  const std::string says(known.says);
  const auto quoted = [&](std::string_view before, std::string_view name) {
    return name.empty() ? says : says + std::string(before) + std::string(name) + "'";
  };
  switch (known.shown) {
    case Shown::all:
      return failure.text;
    case Shown::key:
      return quoted(": key '", last_name(failure.text, "for key '", "'"));
    case Shown::column:
      return quoted(": column '", last_name(failure.text, "for column ", " at row"));
    case Shown::word:
      return quoted(", at '", wrong_word(failure.text));
    default:
      return failure.is_of_client() ? says + system_error_of(failure.text) : says;
  }
}

}  // namespace

bool Failure::is_interruption() const noexcept { return find(*this).error == Class::interrupted; }
bool Failure::is_full() const noexcept { return find(*this).error == Class::full; }
bool Failure::is_kill() const noexcept { return code == ER_QUERY_INTERRUPTED; }
bool Failure::ends_link() const noexcept { return find(*this).error == Class::lost; }

std::exception_ptr make_error(const Failure& failure, std::string_view attempt, bool connected) {
  const Known& known = find(failure);
  const std::string message = std::string(attempt) + ": " + words(failure, known) + " [" + failure.native_code() + "]";
  ErrorDetails details{.native_code = failure.native_code()};
  const auto as = [&]<class E>(std::type_identity<E>) {
    return std::make_exception_ptr(E(message, std::move(details)));
  };
  switch (known.error) {
    case Class::unique:
      return as(std::type_identity<UniqueViolation>());
    case Class::constraint:
      return as(std::type_identity<ConstraintViolation>());
    case Class::retry:
      details.retryable = true;
      details.status_code = 503;
      return as(std::type_identity<Error>());
    case Class::full:
      details.retryable = true;
      return as(std::type_identity<ConnectionLost>());
    case Class::interrupted:
      return as(std::type_identity<DeadlineExceeded>());
    case Class::authentication:
      return as(std::type_identity<AuthenticationError>());
    case Class::config:
      return as(std::type_identity<ConfigError>());
    case Class::syntax:
      return as(std::type_identity<SyntaxError>());
    case Class::conversion:
      return as(std::type_identity<ConversionError>());
    case Class::usage:
      return as(std::type_identity<UsageError>());
    case Class::refused:
      details.status_code = 403;
      return as(std::type_identity<Error>());
    case Class::too_large:
      details.status_code = 413;
      details.breaks_connection = true;  // the rest of it is still on its way
      return as(std::type_identity<Error>());
    case Class::lost:
      details.retryable = true;
      details.breaks_connection = connected;
      return as(std::type_identity<ConnectionLost>());
    default:
      return as(std::type_identity<Error>());
  }
}

}  // namespace core_lib::sql::mariadb
