// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::solr {

/// A document has another `_version_` than the one that was asked for: somebody else was faster, or it is there
/// already, or not there at all. Read it again and decide. Status 409.
class VersionConflict : public Error {
 public:
  explicit VersionConflict(const std::string& message, ErrorDetails details = {},
                           std::source_location location = std::source_location::current())
      : Error(message, std::move(details), 409, location) {}
};

}  // namespace core_lib::solr
