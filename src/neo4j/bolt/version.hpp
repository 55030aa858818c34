// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <iterator>
#include <string>

#include "neo4j/packstream/format.hpp"

namespace core_lib::neo4j::bolt {

/// A version of the Bolt protocol.
struct Version {
  std::uint8_t major = 0;
  std::uint8_t minor = 0;
  constexpr auto operator<=>(const Version&) const = default;
};

[[nodiscard]] inline std::string to_string(Version version) {
  return std::to_string(version.major) + '.' + std::to_string(version.minor);
}

/// What we speak. 5.5 was withdrawn.
inline constexpr Version known_versions[] = {{4, 4}, {5, 0}, {5, 1}, {5, 2}, {5, 3},
                                             {5, 4}, {5, 6}, {5, 7}, {5, 8}, {6, 0}};

[[nodiscard]] constexpr bool is_known(Version version) noexcept {
  return std::find(std::begin(known_versions), std::end(known_versions), version) != std::end(known_versions);
}

/// What a version has: messages and their fields are put together from this.
struct Features {
  bool element_ids;          ///< Graph values carry them, and instants are in UTC.
  bool logon;                ///< Authentication is a message of its own and can be repeated.
  bool notification_filter;  ///< Notifications can be switched off.
  bool bolt_agent;           ///< HELLO tells the library and its platform.
  bool telemetry;
  bool classifications;  ///< What was called categories, and statuses in place of notifications.
  bool gql_errors;       ///< Failures carry their GQL status.
  bool vectors;
};

[[nodiscard]] constexpr Features features_of(Version version) noexcept {
  return {.element_ids = version >= Version{5, 0},
          .logon = version >= Version{5, 1},
          .notification_filter = version >= Version{5, 2},
          .bolt_agent = version >= Version{5, 3},
          .telemetry = version >= Version{5, 4},
          .classifications = version >= Version{5, 5},
          .gql_errors = version >= Version{5, 7},
          .vectors = version >= Version{6, 0}};
}

}  // namespace core_lib::neo4j::bolt
