// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <memory>
#include <source_location>
#include <stdexcept>
#include <string>
#include <vector>

namespace core_lib {

/// What an error knows beyond its message. Every field has the value that claims least.
struct ErrorDetails {
  int status_code = 0;             ///< HTTP number; 0 takes the default of the error's class.
  bool retryable = false;          ///< The same work may succeed when it is run again from its start.
  bool breaks_connection = false;  ///< The connection must not be used again.
  std::string native_code{};       ///< The code as the engine spells it, such as "23505" or "SQLITE_BUSY (5)".
  std::exception_ptr cause{};      ///< The error that led to this one.
};

/// Base of everything that core_lib throws.
///
/// A subclass exists only where a caller acts differently; everything else is asked of the error itself. Messages say
/// what was attempted, on what, and what came back; they never hold a secret or a bound value.
/// Copies share their state and never throw.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ErrorDetails details = {},
                 std::source_location location = std::source_location::current());

  /// The HTTP number that fits this error: 404 for something missing, 409 for a duplicate, 503 for a lost server.
  [[nodiscard]] int status_code() const noexcept;
  /// True where the whole scope may be run again: serialization failures, deadlocks, a busy database.
  [[nodiscard]] bool is_retryable() const noexcept;
  /// True where the connection that raised it is dead or out of step with the server.
  [[nodiscard]] bool breaks_connection() const noexcept;
  /// True where nobody knows whether the work was stored: for CommitUnknown, and for whatever ends work that commits by
  /// itself before its answer is there. Never retryable.
  [[nodiscard]] virtual bool is_in_doubt() const noexcept;
  /// The engine's own code, empty where there is none.
  [[nodiscard]] const std::string& native_code() const noexcept;
  /// The error behind this one, or null.
  [[nodiscard]] std::exception_ptr cause() const noexcept;
  /// The place in the code that raised it.
  [[nodiscard]] const std::source_location& location() const noexcept;

  /// Says that nobody knows whether the work was stored.
  void set_in_doubt() noexcept;
  /// Attaches a second failure, such as a rollback that failed too. It never replaces this error.
  void add_suppressed(std::string message);
  /// What add_suppressed() attached, in order.
  [[nodiscard]] const std::vector<std::string>& suppressed() const noexcept;

 protected:
  Error(const std::string& message, ErrorDetails details, int default_status, std::source_location location);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Defines the constructor that all subclasses share.
#define CORE_LIB_ERROR_CONSTRUCTOR(Class, Base, Status)                                                               \
  explicit Class(const std::string& message, ::core_lib::ErrorDetails details = {},                                   \
                 std::source_location location = std::source_location::current())                                     \
      : Base(message, std::move(details), Status, location) {}                                                        \
                                                                                                                      \
 protected:                                                                                                           \
  Class(const std::string& message, ::core_lib::ErrorDetails details, int status_code, std::source_location location) \
      : Base(message, std::move(details), status_code, location) {}                                                   \
                                                                                                                      \
 public:

/// There is no such thing: `get_one()` without a row, NotFoundErrorHandler.
class NotFoundError : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(NotFoundError, Error, 404)
};

/// The database refused a row: foreign key, not null or check. A duplicate is a UniqueViolation.
class ConstraintViolation : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(ConstraintViolation, Error, 422)
};

/// A row with this key exists already.
class UniqueViolation : public ConstraintViolation {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(UniqueViolation, ConstraintViolation, 409)
};

/// The scope had failed before: an earlier error was swallowed. `cause()` is that first error.
class TransactionAborted : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(TransactionAborted, Error, 500)
};

/// The server refused the commit and nothing was stored. `cause()` tells why.
class CommitFailed : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(CommitFailed, Error, 500)
};

/// The link was lost, or the deadline hit, after COMMIT was sent: the work may be stored or not. Never retried.
class CommitUnknown : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(CommitUnknown, Error, 503)
  [[nodiscard]] bool is_in_doubt() const noexcept override { return true; }
};

/// The server cannot be reached, or went away.
class ConnectionLost : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(ConnectionLost, Error, 503)
};

/// No connection became free in time.
class PoolTimeout : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(PoolTimeout, Error, 503)
};

/// The deadline of the scope passed.
class DeadlineExceeded : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(DeadlineExceeded, Error, 504)
};

/// The data source refused the credentials.
class AuthenticationError : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(AuthenticationError, Error, 500)
};

/// The data source does not understand the statement: bad syntax, unknown table or column.
class SyntaxError : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(SyntaxError, Error, 500)
};

/// A stored value does not fit the C++ type that was asked for, or the other way round.
class ConversionError : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(ConversionError, Error, 500)
};

/// The configuration is wrong; the message names the path and the place in the file.
class ConfigError : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(ConfigError, Error, 500)
};

/// The program used the library in a way that cannot work; the message says what to change.
class UsageError : public Error {
 public:
  CORE_LIB_ERROR_CONSTRUCTOR(UsageError, Error, 500)
};

#undef CORE_LIB_ERROR_CONSTRUCTOR

}  // namespace core_lib
