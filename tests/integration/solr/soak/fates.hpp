// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/bulk_update.hpp"

namespace core_lib::solr::soak {

/// What the library's word allows of one document in the end.
enum class Fate : unsigned char {
  stored,  ///< It was acknowledged.
  absent,  ///< It was said not to be stored, or to be removed.
  either,  ///< Nobody knew.
};

/// What the library said of one request.
enum class Word : unsigned char {
  done,
  refused,   ///< For what a document holds.
  answered,  ///< With another status.
  not_done,
  unknown,
};

[[nodiscard]] Word word_of(const Error& error);

/// What a word about a request means for each of its documents. Of several Solr keeps those that stood before the place
/// where it stopped: the first that it refuses, or the end of a request that was cut in between.
[[nodiscard]] Fate fate_after(Word word, std::size_t documents);
[[nodiscard]] Fate fate_after(Outcome::State state);

/// Whether this can be true of a document that Solr refuses, whenever it sees it.
[[nodiscard]] bool fits_a_refused_document(Word word);

/// Of the documents of one writer, by number, and of the counter that it has added to.
struct Expected {
  std::vector<Fate> fates{};
  std::int64_t least_count = 0;  ///< What was acknowledged.
  std::int64_t most_count = 0;   ///< With what nobody knew.
};

/// What Solr has of them.
struct Found {
  std::vector<int> copies{};  ///< Of each document; those beyond the end are none.
  std::int64_t count = 0;
};

/// Each place where what is found is not what the library said.
[[nodiscard]] std::vector<std::string> violations_of(const Expected& expected, const Found& found);

}  // namespace core_lib::solr::soak
