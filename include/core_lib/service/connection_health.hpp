// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core_lib/connection/health.hpp"

namespace core_lib {

/// What CoreLib::health() found of one data source.
struct ConnectionHealth {
  std::string name{};  ///< AnyConnectionRegistry::name().
  Health health{};
};

}  // namespace core_lib
