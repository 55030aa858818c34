// SPDX-License-Identifier: Apache-2.0
#include "neo4j/bolt/failure.hpp"

#include <algorithm>
#include <iterator>

#include "neo4j/packstream/utf8.hpp"

namespace core_lib::neo4j {
namespace {

std::string text(const Map& map, std::string_view key, std::string_view fallback = {}) {
  const Value* value = map.find(key);
  const auto* found = value == nullptr ? nullptr : value->get_if<std::string>();
  return found == nullptr ? std::string(fallback) : packstream::repaired_utf8(*found);
}

/// Codes that older servers call transient although trying again is of no use.
std::string mended(std::string code) {
  if (code == "Neo.TransientError.Transaction.Terminated") return "Neo.ClientError.Transaction.Terminated";
  if (code == "Neo.TransientError.Transaction.LockClientStopped")
    return "Neo.ClientError.Transaction.LockClientStopped";
  return code;
}

Map diagnostics(const Map& metadata) {
  const Value* record = metadata.find("diagnostic_record");
  const Map* sent = record == nullptr ? nullptr : record->get_if<Map>();
  Map all = sent == nullptr ? Map{} : *sent;
  for (const auto& [key, value] : {std::pair{"OPERATION", ""}, {"OPERATION_CODE", "0"}, {"CURRENT_SCHEMA", "/"}}) {
    if (all.find(key) == nullptr) all.append(key, value);
  }
  return all;
}

std::string class_of(const std::string& raw) {
  constexpr std::string_view known[] = {"CLIENT_ERROR", "TRANSIENT_ERROR", "DATABASE_ERROR"};
  return std::find(std::begin(known), std::end(known), raw) != std::end(known) ? raw : "UNKNOWN";
}

std::shared_ptr<ServerFailure> read_gql(const Map& metadata, int depth) {
  auto failure = std::make_shared<ServerFailure>();
  failure->message = text(metadata, "message", "An unknown error occurred");
  failure->gql_status = text(metadata, "gql_status", "50N42");
  failure->status_description =
      text(metadata, "description", "error: general processing exception - unexpected error. " + failure->message);
  failure->diagnostic_record = diagnostics(metadata);
  failure->raw_classification = text(failure->diagnostic_record, "_classification");
  failure->classification = class_of(failure->raw_classification);
  const Value* cause = metadata.find("cause");
  if (cause != nullptr && cause->is<Map>() && depth < 100) failure->cause = read_gql(cause->get<Map>(), depth + 1);
  return failure;
}

bool starts(const std::string& code, std::string_view prefix) { return code.starts_with(prefix); }

bool is_retryable(const std::string& code) {
  return starts(code, "Neo.TransientError.") || code == "Neo.ClientError.Cluster.NotALeader" ||
         code == "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase" ||
         code == "Neo.ClientError.Security.AuthorizationExpired";
}

bool is_about_credentials(const std::string& code) {
  for (const std::string_view name : {"Unauthorized", "CredentialsExpired", "TokenExpired", "AuthenticationRateLimit",
                                      "AuthorizationExpired", "AuthProviderFailed", "AuthProviderTimeout"}) {
    if (starts(code, "Neo.ClientError.Security.") && code.ends_with(name)) return true;
  }
  return false;
}

/// Not every version has a status of its own for duplicates; all of them say so in words.
bool is_duplicate(const ServerFailure& failure) {
  return failure.gql_status == "22N79" || failure.gql_status == "22N80" ||
         failure.message.find("already exists") != std::string::npos;
}

template <class Base>
std::exception_ptr make(const std::shared_ptr<const ServerFailure>& failure, ErrorDetails details) {
  return std::make_exception_ptr(
      ServerError<Base>("Neo4j: " + failure->message + " (" + failure->code + ')', std::move(details), failure));
}

}  // namespace

std::shared_ptr<const ServerFailure> bolt::read_failure(const Map& metadata, Features features) {
  if (!features.gql_errors) {
    auto failure = read_gql({{"message", text(metadata, "message", "An unknown error occurred")}}, 0);
    failure->code = mended(text(metadata, "code", "Neo.DatabaseError.General.UnknownError"));
    return failure;
  }
  auto failure = read_gql(metadata, 0);
  failure->code = mended(text(metadata, "neo4j_code", "Neo.DatabaseError.General.UnknownError"));
  return failure;
}

std::exception_ptr error_of(std::shared_ptr<const ServerFailure> failure, FailedAt where, bool handled_by_auth) {
  const std::string& code = failure->code;
  ErrorDetails details{.retryable = handled_by_auth || is_retryable(code), .native_code = code};
  if (is_about_credentials(code)) return make<AuthenticationError>(failure, details);
  if (starts(code, "Neo.ClientError.Schema.Constraint") || code.ends_with(".ConstraintVerificationFailed")) {
    return is_duplicate(*failure) ? make<UniqueViolation>(failure, details)
                                  : make<ConstraintViolation>(failure, details);
  }
  if (code == "Neo.ClientError.Statement.SyntaxError") return make<SyntaxError>(failure, details);
  if (code == "Neo.ClientError.Transaction.TransactionTimedOut" ||
      code == "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration") {
    return make<DeadlineExceeded>(failure, details);
  }
  if (details.retryable) details.status_code = 503;
  if (starts(code, "Neo.ClientError.Security.")) details.status_code = 403;
  return where == FailedAt::commit ? make<CommitFailed>(failure, details) : make<Error>(failure, details);
}

const ServerFailure* server_failure(const std::exception& error) noexcept {
  const auto* carrier = dynamic_cast<const CarriesFailure*>(&error);
  return carrier == nullptr ? nullptr : carrier->failure().get();
}

}  // namespace core_lib::neo4j
