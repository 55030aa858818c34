// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "core_lib/config/builtin_targets.hpp"
#include "core_lib/config/config.hpp"
#include "core_lib/config/url.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"

namespace core_lib::composition {

/// Makes the registry of a relational database from the node that core-lib calls `config`: `url`, `session`,
/// `create_db`, `log_queries`, `slow_query`, and `options` for what only the engine knows. Errors: ConfigError with
/// path and position; what the first connection throws.
[[nodiscard]] std::unique_ptr<SqlConnectionRegistry> make_sql_connection_registry(const Config& node,
                                                                                  const DataSourceDefaults& defaults);

/// A length of time in seconds, fractions allowed. Errors: ConfigError for a negative one.
[[nodiscard]] std::chrono::milliseconds get_seconds(const Config& node, std::string_view key,
                                                    std::chrono::milliseconds fallback);

/// The observer of the application, beside the log of slow queries where the node has `slow_query`; null for nobody.
[[nodiscard]] std::shared_ptr<Observer> make_observer(const Config& node, const DataSourceDefaults& defaults);

/// One function an engine: makes its driver from the parts of the address and the node `options`, which may be null.
[[nodiscard]] std::unique_ptr<sql::driver::Driver> make_sqlite(const Config& url_node, const Url& url,
                                                               const Config& options);
[[nodiscard]] std::unique_ptr<sql::driver::Driver> make_postgresql(const Config& url_node, const Url& url,
                                                                   const Config& options);
[[nodiscard]] std::unique_ptr<sql::driver::Driver> make_mariadb(const Config& url_node, const Url& url,
                                                                const Config& options);

}  // namespace core_lib::composition
