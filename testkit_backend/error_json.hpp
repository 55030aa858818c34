// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

#include "cypher_json.hpp"

namespace core_lib::testkit {

/// Stands for an error of TestKit's own code inside a managed transaction.
struct FrontendFailure {};

/// The data of a DriverError. Its type is spelt as Neo4j's Python driver spells it, since TestKit knows no names of
/// ours.
[[nodiscard]] Json driver_error_json(const std::exception& error, const std::string& id);

}  // namespace core_lib::testkit
