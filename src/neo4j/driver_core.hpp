// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core_lib/neo4j/driver_config.hpp"
#include "core_lib/neo4j/session_config.hpp"
#include "core_lib/pool/pool.hpp"

#include "neo4j/link.hpp"
#include "net/cancellation.hpp"
#include "net/tls.hpp"

namespace core_lib::neo4j {

/// The parts of a driver's URI.
struct Target {
  net::Address address{};
  bool encrypted = false;
  bool trusts_all = false;
  bool has_security = false;  ///< The scheme says how it is encrypted.
  bool may_route = false;     ///< One of the neo4j schemes.
  Map routing_context{};
};

/// Errors: ConfigError for what is no address of Neo4j; the message shows nothing that could be a secret.
[[nodiscard]] Target parse_uri(std::string_view uri);

/// What a session needs from a connection.
struct AcquireOptions {
  const AuthToken* session_auth = nullptr;
  bool always_check = false;  ///< Asks an idle connection for a sign of life.
  bool always_log_on = false;
  Deadline deadline{};
};

/// The long-lived part of a driver: address, pool, tokens, TLS.
/// Thread safety: all functions, from any thread.
class DriverCore {
 public:
  DriverCore(Target target, std::shared_ptr<AuthTokenManager> tokens, DriverConfig config);
  DriverCore(const DriverCore&) = delete;
  DriverCore& operator=(const DriverCore&) = delete;
  ~DriverCore();

  /// A connection that is logged on as who is wanted, or will be with its next message.
  [[nodiscard]] Lease<Link> acquire(const AcquireOptions& options);
  /// To be called before a lease is given back: what its failures mean for the others.
  void release(Lease<Link>& lease) noexcept;

  [[nodiscard]] const DriverConfig& config() const noexcept { return config_; }
  [[nodiscard]] const Target& target() const noexcept { return target_; }
  [[nodiscard]] Clock& clock() const noexcept { return *config_.clock; }
  [[nodiscard]] net::Cancellation& cancellation() noexcept { return *cancellation_; }
  [[nodiscard]] const std::shared_ptr<BookmarkManager>& query_bookmarks() const noexcept { return query_bookmarks_; }
  [[nodiscard]] PoolStatistics statistics() const { return pool_->statistics(); }
  /// Errors: UsageError after close().
  void check_open() const;
  void close(Deadline deadline);

 private:
  [[nodiscard]] std::unique_ptr<Link> connect(Deadline deadline);
  [[nodiscard]] std::vector<net::Address> addresses() const;
  [[nodiscard]] std::unique_ptr<net::Stream> open_stream(const net::Address& address, Deadline deadline);
  [[nodiscard]] std::vector<net::Endpoint> endpoints(const net::Address& address, Deadline deadline);
  [[nodiscard]] std::shared_ptr<const net::TlsContext> tls();
  /// False where an idle connection has to be given up for another one.
  [[nodiscard]] bool make_ready(Link& link, const AcquireOptions& options, const AuthToken& token,
                                const std::shared_ptr<AuthTokenManager>& tokens);
  void log_on(Link& link, const AcquireOptions& options, const AuthToken& token,
              const std::shared_ptr<AuthTokenManager>& tokens);
  [[nodiscard]] bool fits(const Link& link, const AcquireOptions& options, const AuthToken& token) const;

  Target target_;
  DriverConfig config_;
  std::shared_ptr<AuthTokenManager> tokens_;
  std::shared_ptr<net::Cancellation> cancellation_ = std::make_shared<net::Cancellation>();
  std::shared_ptr<BookmarkManager> query_bookmarks_;
  std::atomic<std::uint64_t> epoch_{0};
  std::atomic<bool> closed_{false};
  std::mutex tls_mutex_;
  std::shared_ptr<const net::TlsContext> tls_;
  std::unique_ptr<Pool<Link>> pool_;  // last: its hooks use all of the above
};

}  // namespace core_lib::neo4j
