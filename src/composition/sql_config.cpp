// SPDX-License-Identifier: Apache-2.0
#include "composition/sql_config.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core_lib/observability/slow_query_log.hpp"
#include "core_lib/sql/driver/driver.hpp"

#include "composition/section.hpp"
#include "config/near_names.hpp"

namespace core_lib::composition {
namespace {

using std::chrono::milliseconds;

struct Engine {
  std::string_view protocol;
  std::unique_ptr<sql::driver::Driver> (*make)(const Config& url_node, const Url& url, const Config& options);
};

constexpr Engine engines[] = {
#ifdef CORE_LIB_WITH_SQLITE
    {"sqlite", make_sqlite},
#endif
#ifdef CORE_LIB_WITH_POSTGRESQL
    {"postgresql", make_postgresql},
    {"postgres", make_postgresql},
#endif
#ifdef CORE_LIB_WITH_MARIADB
    {"mariadb", make_mariadb},
    {"mysql", make_mariadb},
#endif
    {"", nullptr},  // ends the table, which would be empty where no engine was built
};

/// The engine of a protocol such as `sqlite` or, as SQLAlchemy spells it with a driver of Python's, `sqlite+pysqlite`.
const Engine& engine_of(const Config& url_node, const Url& url) {
  const std::string_view protocol = std::string_view(url.protocol).substr(0, url.protocol.find('+'));
  const Engine* const last = std::end(engines) - 1;
  const Engine* const found =
      std::find_if(engines, last, [&](const Engine& engine) { return engine.protocol == protocol; });
  if (found != last) return *found;
  std::vector<std::string> known;
  for (const Engine* engine = engines; engine != last; ++engine) known.emplace_back(engine->protocol);
  if (url.protocol.empty()) {
    url_node.fail("'protocol' says which database it is, and is not set" + config::suggest("", known));
  }
  url_node.at("protocol")
      .fail("no engine of this build has this protocol" + config::suggest(protocol, known) +
            "; an engine is built where its client library is found");
}

std::size_t get_count(const Config& node, std::string_view key, std::size_t least, std::size_t fallback) {
  const auto count = node.get<std::int64_t>(key, static_cast<std::int64_t>(fallback));
  if (count < static_cast<std::int64_t>(least)) node.at(key).fail("must be at least " + std::to_string(least));
  return static_cast<std::size_t>(count);
}

PoolOptions pool_options(const Config& session) {
  session.reject_unknown_keys({"pool_size", "max_overflow", "pool_timeout", "pool_recycle", "pool_pre_ping", "min_idle",
                               "idle_timeout", "validate_after_idle", "leak_threshold"});
  PoolOptions pool;
  pool.max_size = get_count(session, "pool_size", 1, pool.max_size);
  pool.max_overflow = get_count(session, "max_overflow", 0, pool.max_overflow);
  pool.min_idle = get_count(session, "min_idle", 0, pool.min_idle);
  if (pool.min_idle > pool.max_size) {
    session.at("min_idle").fail("must be at most pool_size, which is " + std::to_string(pool.max_size));
  }
  pool.acquire_timeout = get_seconds(session, "pool_timeout", pool.acquire_timeout);
  pool.idle_timeout = get_seconds(session, "idle_timeout", pool.idle_timeout);
  pool.validate_after_idle = get_seconds(session, "validate_after_idle", pool.validate_after_idle);
  pool.leak_threshold = get_seconds(session, "leak_threshold", pool.leak_threshold);
  pool.pre_ping = session.get<bool>("pool_pre_ping", pool.pre_ping);
  const bool never_recycled = session.get<double>("pool_recycle", 0) == -1;  // SQLAlchemy's way to say so
  pool.max_lifetime = never_recycled ? milliseconds{0} : get_seconds(session, "pool_recycle", pool.max_lifetime);
  return pool;
}

}  // namespace

milliseconds get_seconds(const Config& node, std::string_view key, milliseconds fallback) {
  constexpr double most = 1e9;  // some 30 years; beyond it milliseconds and clocks overflow
  const double seconds = node.get<double>(key, static_cast<double>(fallback.count()) / 1000);
  if (!(seconds >= 0 && seconds <= most)) node.at(key).fail("must be a number of seconds from 0 to 1000000000");
  return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

std::shared_ptr<Observer> make_observer(const Config& node, const DataSourceDefaults& defaults) {
  const bool asked = node.contains("slow_query") && !node.at("slow_query").is_null();
  if (!asked) return defaults.observer;
  const milliseconds threshold = get_seconds(node, "slow_query", {});
  return combine_observers({defaults.observer, std::make_shared<SlowQueryLog>(threshold, defaults.logger)});
}

std::unique_ptr<SqlConnectionRegistry> make_sql_connection_registry(const Config& node,
                                                                    const DataSourceDefaults& defaults) {
  node.reject_unknown_keys({"url", "session", "create_db", "log_queries", "slow_query", "options"});
  const Config url_node = node.at("url");
  if (!url_node.is_map()) url_node.fail("expected a map with the parts of the address, such as protocol and file");
  url_node.reject_unknown_keys({"protocol", "username", "password", "host", "port", "path", "file"});
  const Url url = Url::from(url_node);
  SqlOptions options{.pool = pool_options(section(node, "session")),
                     .create_db = node.contains("create_db") ? node.get<bool>("create_db", false) : true,
                     .log_queries = node.get<bool>("log_queries", false),
                     .observer = make_observer(node, defaults),
                     .logger = defaults.logger};
  return std::make_unique<SqlConnectionRegistry>(engine_of(url_node, url).make(url_node, url, section(node, "options")),
                                                 std::move(options));
}

}  // namespace core_lib::composition
