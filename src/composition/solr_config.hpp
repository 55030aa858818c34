// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core_lib/config/builtin_targets.hpp"
#include "core_lib/config/config.hpp"
#include "core_lib/solr/solr_connection_registry.hpp"

namespace core_lib::composition {

/// Makes the registry of a Solr from the node that core-lib calls `config`: `url` (or `urls`, for several nodes) and
/// `always_commit`, and beyond core-lib `options`. Errors: ConfigError with path and position. Nothing is connected
/// yet.
[[nodiscard]] std::unique_ptr<SolrConnectionRegistry> make_solr_connection_registry(const Config& node,
                                                                                    const DataSourceDefaults& defaults);

}  // namespace core_lib::composition
