// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/pool/pool_options.hpp"

namespace core_lib::pool {

/// @throws ConfigError  names the option, and what is accepted
void check(const PoolOptions& options);

}  // namespace core_lib::pool
