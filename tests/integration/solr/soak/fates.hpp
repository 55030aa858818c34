// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace core_lib::solr::soak {

/// What the library's word allows of one document in the end.
enum class Fate : unsigned char {
  stored,  ///< It was acknowledged.
  absent,  ///< It was said not to be stored, or to be removed.
  either,  ///< Nobody knew.
};

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
