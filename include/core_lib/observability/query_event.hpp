// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "core_lib/observability/failure.hpp"

namespace core_lib {

/// One run of an SQL statement, a Cypher query or a request to a search engine, as an Observer sees it.
/// Lifetime: the views last as long as the call that passes them.
struct ObservedQuery {
  std::uint64_t id = 0;           ///< The same at its start and its end, and of no other query of its data source.
  std::uint64_t transaction = 0;  ///< ObservedTransaction::id of the one it is part of; 0 where it stands alone.
  std::string_view engine{};      ///< As in a configuration's `protocol`: "sqlite".
  std::string_view source{};      ///< The data source in a person's words: "sqlite file data/app.db".
  std::string_view statement{};   ///< Its fingerprint: the text with `?` for each value, so that no value is in it.
};

/// What is known of a request over HTTP beside its outcome.
struct HttpExchange {
  int attempts = 0;         ///< How often it was sent, as far as the client repeats it; 0 where it was not sent.
  int status = 0;           ///< Of the answer; 0 where none came.
  std::string_view node{};  ///< The address that answered; empty where none did.
  std::uint64_t bytes = 0;  ///< Of the answer's body, after decompression.
  std::chrono::milliseconds server_time{};  ///< How long the server says that it took: Solr's QTime.
};

/// How a query ended.
struct QueryOutcome {
  std::chrono::nanoseconds duration{};  ///< From its start until its last row was read, or its reader broke off.
  std::uint64_t rows = 0;               ///< Rows read; for a statement that yields none, rows matched.
  Failure failure{};
  HttpExchange http{};  ///< Of engines that are reached over HTTP, which is Solr.
};

}  // namespace core_lib
