// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "world.hpp"

/// Reads Debian's package iso-codes: `folder` holds iso_3166-1.json and iso_3166-2.json.
/// Errors: core_lib::Error that names the file and says what to install.
[[nodiscard]] std::vector<Country> read_countries(const std::string& folder);
[[nodiscard]] std::vector<Subdivision> read_subdivisions(const std::string& folder);
