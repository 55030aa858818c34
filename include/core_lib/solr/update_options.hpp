// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core_lib/solr/reply.hpp"

namespace core_lib::solr {

/// How an update is done.
struct UpdateOptions {
  /// Makes it durable and visible at once. Unset: as ClientOptions::always_commit says.
  std::optional<bool> commit{};
  /// Makes it visible at once, durable later.
  bool soft_commit = false;
  /// Makes it visible within this time.
  std::optional<std::chrono::milliseconds> commit_within{};
  /// Replaces the document of the same id; off, both stay.
  bool overwrite = true;
  /// The update chain to use instead of the default one. With a chain that tolerates errors, one bad document does not
  /// stop the others: see UpdateReply::errors().
  std::string chain{};
  std::string handler = "update";
  /// Asks for the `_version_` of each document.
  bool versions = false;
  /// Says that doing it twice does no harm, so that it may be sent again after a failure: whole documents with an id.
  bool idempotent = false;
};

/// Of Client::commit(): `waitSearcher` answers when the changes are visible, `expungeDeletes` frees what was deleted.
struct CommitOptions {
  bool wait_searcher = true;
  bool expunge_deletes = false;
};

/// A document that a tolerant update chain refused.
struct DocumentError {
  std::string id;
  std::string message;  ///< Why, without the values of the document.
};

/// What came of an update.
class UpdateReply : public Reply {
 public:
  explicit UpdateReply(Reply reply) : Reply(std::move(reply)) {}

  /// The documents that were refused while the others were stored.
  [[nodiscard]] std::vector<DocumentError> errors() const;
  /// The new version of a document; nothing where UpdateOptions::versions was off.
  [[nodiscard]] std::optional<std::int64_t> version_of(std::string_view id) const;
  /// How many replicas stored it, the leader among them: `rf`, of which only SolrCloud tells.
  [[nodiscard]] std::optional<std::int64_t> replicas() const;
};

}  // namespace core_lib::solr
