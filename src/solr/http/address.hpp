// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace core_lib::solr::http {

/// The address of a core, as in http://localhost:8983/solr/core0.
struct Address {
  std::string core;         ///< The whole of it, without a slash at its end.
  std::string node;         ///< Without its last part.
  std::size_t path_at = 0;  ///< Where the path begins in both.
  bool tls = false;

  /// @throws UsageError  another scheme than http and https, credentials, a query, or a part that is no plain name
  [[nodiscard]] static Address parse(std::string_view url);
};

/// Throws a UsageError unless every part of a handler's path is a plain name: no "..", no "?", no escapes.
void check_path(std::string_view path);

/// Throws a UsageError for a name or a value that would end its line.
void check_header(std::string_view name, std::string_view value);

}  // namespace core_lib::solr::http
