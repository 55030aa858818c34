// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "core_lib/neo4j/auth_token.hpp"
#include "core_lib/neo4j/server_failure.hpp"

namespace core_lib {
class Clock;
std::shared_ptr<Clock> system_clock();
}  // namespace core_lib

namespace core_lib::neo4j {

/// Gives the driver its token, each time that a connection is taken, so that tokens can change while it runs.
/// Thread safety: both functions are called from any thread, several at a time; they must not use the driver.
class AuthTokenManager {
 public:
  virtual ~AuthTokenManager() = default;

  /// The token to use now. Called often: keep it at hand.
  [[nodiscard]] virtual AuthToken get_token() = 0;
  /// Told when the server refused `token` for a reason of security.
  /// @return true where the next get_token() gives another one, so that the work is worth another attempt
  virtual bool handle_security_failure(const AuthToken& token, const ServerFailure& failure) = 0;
};

/// A token and the time until which it holds.
struct ExpiringToken {
  AuthToken token{};
  std::optional<std::chrono::milliseconds> expires_in{};  ///< From now on; nothing: it does not expire.
};

/// Always the same token.
[[nodiscard]] std::shared_ptr<AuthTokenManager> static_auth(AuthToken token);
/// For passwords that change: asks `provider` again when the server refuses the token.
/// The provider is called by one thread at a time.
[[nodiscard]] std::shared_ptr<AuthTokenManager> basic_auth(std::function<AuthToken()> provider);
/// For tokens that expire: asks `provider` again when they do, or when the server says so.
/// The provider is called by one thread at a time.
[[nodiscard]] std::shared_ptr<AuthTokenManager> bearer_auth(std::function<ExpiringToken()> provider,
                                                            std::shared_ptr<Clock> clock = system_clock());

}  // namespace core_lib::neo4j
