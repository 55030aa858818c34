// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core_lib/solr/client.hpp"

namespace core_lib::solr {

/// What became of one document of a BulkUpdate.
struct Outcome {
  enum class State {
    stored,    ///< Solr said so.
    refused,   ///< Solr said why not.
    not_sent,  ///< No server was reached.
    unknown,   ///< The answer was lost: it may be stored or not.
  };
  std::uint64_t number = 0;  ///< What add() returned.
  State state = State::stored;
  std::string reason{};  ///< Without the values of the document; empty where it is stored.
};

/// How a BulkUpdate divides the work; a batch goes when it is full by number or by size.
/// BulkUpdate throws ConfigError where threads, batch_documents or queue_batches is 0.
struct BulkOptions {
  std::size_t threads = 2;
  std::size_t batch_documents = 1'000;
  std::size_t batch_bytes = std::size_t{1} << 20U;
  /// Batches that wait for a thread; add() waits where there are more.
  std::size_t queue_batches = 4;
  /// For each batch. With a chain that tolerates errors, one request tells all; without, a refused batch is halved
  /// until the refused documents are found, which sends the others again: so give documents an id. Documents with a
  /// version need such a chain, else those that were stored before a bad one conflict with themselves: `unknown`.
  UpdateOptions update{};
  std::string unique_key = "id";  ///< The field by which such a chain names documents.
  /// Hears of each document, from the threads of the update; left out, finish() tells of those that are not stored.
  std::function<void(const Outcome&)> on_outcome{};
};

/// What finish() knows.
struct BulkReport {
  std::uint64_t stored = 0;
  std::uint64_t not_stored = 0;     ///< Refused, not sent and unknown.
  std::vector<Outcome> failures{};  ///< Those, by number; only the `most_failures` that came first.
  static constexpr std::size_t most_failures = 10'000;
};

/// Stores many documents over several connections, and tells the outcome of each.
///
/// ```cpp
/// solr::BulkUpdate bulk(client);
/// for (const Country& country : countries) bulk.add(country);
/// const solr::BulkReport report = bulk.finish();
/// ```
/// Thread safety: add() from any thread. Destroyed without finish(), it drops what was not sent.
class BulkUpdate {
 public:
  explicit BulkUpdate(Client client, BulkOptions options = {});
  ~BulkUpdate();
  BulkUpdate(const BulkUpdate&) = delete;
  BulkUpdate& operator=(const BulkUpdate&) = delete;

  /// Takes a document, or a struct by the shared mapping, and waits where the queue is full.
  /// @returns its number, from 0
  /// @throws UsageError  after finish()
  /// @throws ConversionError  a value cannot be written as JSON
  /// @{
  std::uint64_t add(const Document& document);
  template <class T>
    requires std::is_aggregate_v<T>
  std::uint64_t add(const T& entity) {
    return add_entity(&entity, mapping::fields_of<T>());
  }
  /// @}

  /// Sends what is left, waits for all answers, and commits where the options ask for it.
  /// @throws Error  the commit failed, as Client::commit(); the outcomes are kept: another call commits again and gives
  /// the report
  BulkReport finish();

 private:
  class State;
  std::uint64_t add_entity(const void* entity, std::span<const mapping::Field> fields);

  std::unique_ptr<State> state_;
};

}  // namespace core_lib::solr
