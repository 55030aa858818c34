// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <memory>
#include <string>

#include "core_lib/neo4j/value.hpp"

namespace core_lib::neo4j {

/// What the server said when it refused something. Every error that comes from the server carries it: see
/// server_failure().
struct ServerFailure {
  std::string code{};                            ///< "Neo.ClientError.Statement.SyntaxError"; empty in a cause.
  std::string message{};                         ///< As the server wrote it: it may hold parts of the query.
  std::string gql_status = "50N42";              ///< Five characters that the GQL standard fixes.
  std::string status_description{};              ///< Of the GQL status.
  std::string classification = "UNKNOWN";        ///< CLIENT_ERROR, TRANSIENT_ERROR, DATABASE_ERROR or UNKNOWN.
  std::string raw_classification{};              ///< As the server wrote it; empty where it did not.
  Map diagnostic_record{};                       ///< OPERATION, OPERATION_CODE, CURRENT_SCHEMA and more.
  std::shared_ptr<const ServerFailure> cause{};  ///< The failure behind this one, or null.
};

/// The failure that an error of core_lib carries, or null where it did not come from the server.
/// Lifetime: the error's.
[[nodiscard]] const ServerFailure* server_failure(const std::exception& error) noexcept;

}  // namespace core_lib::neo4j
