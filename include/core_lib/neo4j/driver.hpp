// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/neo4j/auth_token.hpp"
#include "core_lib/neo4j/auth_token_manager.hpp"
#include "core_lib/neo4j/driver_config.hpp"
#include "core_lib/neo4j/result.hpp"
#include "core_lib/neo4j/session.hpp"
#include "core_lib/neo4j/session_config.hpp"
#include "core_lib/pool/pool_statistics.hpp"

namespace core_lib::neo4j {

class DriverCore;

/// All of a result, read and owned.
struct EagerResult {
  std::vector<std::string> keys{};
  std::vector<Record> records{};
  Summary summary{};
};

/// How Driver::execute_query() runs.
struct QueryConfig {
  std::string database{};  ///< Empty: the user's home database.
  Access access = Access::read_write;
  std::string impersonated_user{};
  std::optional<AuthToken> auth{};
  /// Left out, the driver's own: each query sees what those before it wrote. Null: none.
  std::optional<std::shared_ptr<BookmarkManager>> bookmark_manager{};
  TransactionConfig transaction{};
};

/// The way to one Neo4j server: long-lived, shared, owner of its connections.
///
/// Schemes: `bolt` and `neo4j`, without TLS; with `+s` TLS with a certificate that the system trusts, with `+ssc` TLS
/// with any certificate. It opens no connection before the first is needed: verify_connectivity() finds a wrong address
/// early. Errors of the constructor: ConfigError. Thread safety: all functions, from any thread; the destructor only
/// once no other call runs.
class Driver {
 public:
  Driver(std::string_view uri, AuthToken token, DriverConfig config = {});
  Driver(std::string_view uri, std::shared_ptr<AuthTokenManager> tokens, DriverConfig config = {});
  Driver(Driver&&) noexcept;
  Driver& operator=(Driver&&) noexcept;
  ~Driver();

  /// A session costs nothing until it runs something. Errors: UsageError after close().
  [[nodiscard]] Session session(SessionConfig config = {}) const;
  /// Runs one query as a managed transaction, and reads all of its result.
  [[nodiscard]] EagerResult execute_query(std::string query, Map parameters = {}, const QueryConfig& config = {}) const;
  /// The bookmark manager of execute_query().
  [[nodiscard]] const std::shared_ptr<BookmarkManager>& query_bookmark_manager() const;

  /// Errors: why nothing can be run there.
  void verify_connectivity(Deadline deadline = {}) const;
  /// Asks a server for its address, agent and protocol version, with a round trip. Errors: as verify_connectivity().
  [[nodiscard]] ServerInfo get_server_info(Deadline deadline = {}) const;
  /// Whether the server takes this token. Errors: whatever else goes wrong.
  [[nodiscard]] bool verify_authentication(const AuthToken& token) const;
  /// What the server's version allows: a session's own AuthToken, several databases. Errors: as verify_connectivity().
  /// @{
  [[nodiscard]] bool supports_session_auth() const;
  [[nodiscard]] bool supports_multi_db() const;
  /// @}
  /// Whether the address or the configuration asks for TLS; nothing is sent.
  [[nodiscard]] bool is_encrypted() const noexcept;

  /// What the connection pool holds and did, at one moment.
  [[nodiscard]] PoolStatistics pool_statistics() const;
  /// Closes all connections; sessions that are still open fail with their next step, and waits end at once.
  void close();
  /// Lets sessions end until the deadline first.
  void close(Deadline deadline);

 private:
  std::shared_ptr<DriverCore> core_;
};

}  // namespace core_lib::neo4j
