// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <libpq-fe.h>

namespace core_lib::sql::postgresql {

struct ClearResult {
  void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

/// The five characters of a failed result, empty where the server said nothing.
[[nodiscard]] std::string_view sqlstate_of(const PGresult* result) noexcept;
/// True where the server ends the session with this error.
[[nodiscard]] bool ends_session(std::string_view sqlstate) noexcept;

/// The server's own words for a failure, without the values that some of them hold.
[[nodiscard]] std::string message_of(const PGresult* result);
/// What libpq says of a connection: its first line.
[[nodiscard]] std::string message_of(const PGconn* connection);

/// The error that a code stands for, ready to be thrown or attached as a cause.
/// @param attempt  what failed, as in "cannot run the statement on ..."
[[nodiscard]] std::exception_ptr make_error(std::string_view sqlstate, std::string_view attempt,
                                            std::string_view message);
[[nodiscard]] std::exception_ptr make_error(const PGresult* result, std::string_view attempt);

}  // namespace core_lib::sql::postgresql
