// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core_lib/neo4j/client_certificate.hpp"
#include "core_lib/neo4j/notification_filter.hpp"

namespace core_lib {
class Clock;
class Logger;
}  // namespace core_lib

namespace core_lib::neo4j {

/// Fetches all records at once where a fetch size is asked for.
inline constexpr std::int64_t fetch_all = -1;

/// How a driver behaves. A value that makes no sense is refused by the driver's constructor.
struct DriverConfig {
  std::string user_agent{};  ///< Told to the server; empty for core_lib's own.
  /// How long TCP and TLS may take to connect.
  std::chrono::milliseconds connection_timeout{30'000};
  /// How long taking a connection may last: waiting for one, connecting, logging on.
  std::chrono::milliseconds connection_acquisition_timeout{60'000};
  std::size_t max_connection_pool_size = 100;
  std::chrono::milliseconds max_connection_lifetime{3'600'000};
  /// A connection that was idle this long is asked for a sign of life before it is used; nothing: none is.
  std::optional<std::chrono::milliseconds> liveness_check_timeout{};
  /// Records that the server sends at a time: at least 1, or `fetch_all`.
  std::int64_t fetch_size = 1000;
  /// How long a managed transaction is tried again, from the end of its first attempt.
  std::chrono::milliseconds max_transaction_retry_time{30'000};
  bool keep_alive = true;
  /// TLS, where the URI leaves it open: `bolt` and `neo4j` without `+s` or `+ssc`.
  std::optional<bool> encrypted{};
  /// With TLS by `encrypted`: PEM files of authorities to trust; nothing: the system's; an empty list: any certificate.
  std::optional<std::vector<std::string>> trusted_certificates{};
  ClientCertificateProvider client_certificate{};
  NotificationFilter notifications{};
  /// Tells the server which kinds of calls are used, if it asks: four kinds, no more.
  bool telemetry = true;
  /// Gives the addresses to connect to for that of the URI, as host and port; left out: that one.
  std::function<std::vector<std::string>(const std::string& address)> resolver{};
  /// Gives the IP addresses of a host name; left out: the system's resolver.
  std::function<std::vector<std::string>(const std::string& name)> name_resolver{};
  std::shared_ptr<Clock> clock{};    ///< Null: system_clock().
  std::shared_ptr<Logger> logger{};  ///< Null: default_logger().
};

}  // namespace core_lib::neo4j
