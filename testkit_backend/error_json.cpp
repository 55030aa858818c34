// SPDX-License-Identifier: Apache-2.0
#include "error_json.hpp"

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/server_failure.hpp"

namespace core_lib::testkit {
namespace {

using neo4j::ServerFailure;

std::string name_of_code(const std::string& code, int status) {
  if (code == "Neo.ClientError.Statement.SyntaxError") return "CypherSyntaxError";
  if (code == "Neo.ClientError.Statement.TypeError") return "CypherTypeError";
  if (code == "Neo.ClientError.Schema.ConstraintValidationFailed") return "ConstraintError";
  if (code == "Neo.ClientError.Cluster.NotALeader") return "NotALeader";
  if (code == "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase") return "ForbiddenOnReadOnlyDatabase";
  if (code == "Neo.ClientError.Security.Unauthorized") return "AuthError";
  if (code == "Neo.ClientError.Security.AuthenticationRateLimit") return "AuthError";
  if (code == "Neo.ClientError.Security.TokenExpired") return "TokenExpired";
  if (code == "Neo.ClientError.Security.Forbidden") return "Forbidden";
  if (code == "Neo.ClientError.Security.AuthorizationExpired") return "TransientError";
  if (code.starts_with("Neo.TransientError.")) return "TransientError";
  if (code.starts_with("Neo.ClientError.")) return "ClientError";
  if (code.starts_with("Neo.DatabaseError.")) return "DatabaseError";
  return status == 502 ? "BoltProtocolError" : "Neo4jError";
}

std::string name_of_usage(const std::string& message) {
  if (message.find("the result is closed") != std::string::npos) return "ResultConsumedError";
  if (message.find("several records") != std::string::npos) return "ResultNotSingleError";
  if (message.find("transaction") != std::string::npos) return "TransactionError";
  return "ClientError";
}

std::string name_of(const Error& error, const ServerFailure* failure) {
  if (failure != nullptr) return name_of_code(failure->code, error.status_code());
  if (dynamic_cast<const CommitUnknown*>(&error) != nullptr) return "IncompleteCommit";
  if (dynamic_cast<const TransactionAborted*>(&error) != nullptr) {
    return std::string_view(error.what()).starts_with("the result is lost") ? "ResultFailedError" : "TransactionError";
  }
  if (dynamic_cast<const NotFoundError*>(&error) != nullptr) return "ResultNotSingleError";
  const bool about_query = std::string_view(error.what()).find("must have no query") != std::string_view::npos;
  if (about_query) return "ValueError";
  if (dynamic_cast<const ConfigError*>(&error) != nullptr) return "ConfigurationError";
  if (dynamic_cast<const UsageError*>(&error) != nullptr) return name_of_usage(error.what());
  if (dynamic_cast<const ConnectionLost*>(&error) != nullptr) return "ServiceUnavailable";
  if (dynamic_cast<const DeadlineExceeded*>(&error) != nullptr) return "ServiceUnavailable";
  if (dynamic_cast<const PoolTimeout*>(&error) != nullptr) return "ConnectionAcquisitionTimeoutError";
  return name_of_code("", error.status_code());
}

std::string name_of_cause(const Error& error) {
  try {
    if (error.cause() != nullptr) std::rethrow_exception(error.cause());
  } catch (const Error& cause) {
    return name_of(cause, neo4j::server_failure(cause));
  } catch (...) {
  }
  return "";
}

/// A few tests look for words of Neo4j's Python driver.
std::string message_of(const Error& error) {
  std::string message = error.what();
  if (const std::string cause = name_of_cause(error); !cause.empty()) message += " (" + cause + ')';
  constexpr std::string_view switching = "an identity of its own takes Neo4j 5.5 or newer; this server speaks Bolt ";
  if (const std::size_t at = message.find(switching); at != std::string::npos) {
    std::string version = message.substr(at + switching.size(), 3);
    version.replace(1, 1, ", ");
    message += " (user switching is not supported for bolt protocol version(" + version + "))";
  }
  return message;
}

Json failure_json(const ServerFailure& failure) {
  Json json = {{"msg", failure.message},
               {"gqlStatus", failure.gql_status},
               {"statusDescription", failure.status_description},
               {"diagnosticRecord", map_to_cypher_json(failure.diagnostic_record)},
               {"classification", failure.classification},
               {"rawClassification", failure.raw_classification.empty() ? Json() : Json(failure.raw_classification)}};
  if (failure.cause != nullptr) json["cause"] = {{"name", "GqlError"}, {"data", failure_json(*failure.cause)}};
  return json;
}

}  // namespace

Json driver_error_json(const std::exception& error, const std::string& id) {
  const auto* known = dynamic_cast<const Error*>(&error);
  if (known == nullptr) return {{"id", id}, {"errorType", "<class 'std::exception'>"}, {"msg", error.what()}};
  const ServerFailure* failure = neo4j::server_failure(error);
  const std::string name = name_of(*known, failure);
  const std::string module = name == "BoltProtocolError" ? "neo4j._exceptions." : "neo4j.exceptions.";
  Json json = failure == nullptr ? Json{{"msg", message_of(*known)}} : failure_json(*failure);
  json["id"] = id;
  json["errorType"] = "<class '" + (name == "ValueError" ? "" : module) + name + "'>";
  json["code"] = failure == nullptr ? Json(known->native_code()) : Json(failure->code);
  json["retryable"] = known->is_retryable();
  return json;
}

}  // namespace core_lib::testkit
