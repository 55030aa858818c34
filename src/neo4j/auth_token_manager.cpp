// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/auth_token_manager.hpp"

#include <mutex>
#include <utility>

#include "core_lib/observability/clock.hpp"

namespace core_lib::neo4j {
namespace {

constexpr std::string_view unauthorized = "Neo.ClientError.Security.Unauthorized";
constexpr std::string_view token_expired = "Neo.ClientError.Security.TokenExpired";

class StaticAuth final : public AuthTokenManager {
 public:
  explicit StaticAuth(AuthToken token) : token_(std::move(token)) {}
  AuthToken get_token() override { return token_; }
  bool handle_security_failure(const AuthToken&, const ServerFailure&) override { return false; }

 private:
  AuthToken token_;
};

/// Keeps what a provider gave until it expires, or until the server refuses it.
class RefreshedAuth final : public AuthTokenManager {
 public:
  RefreshedAuth(std::function<ExpiringToken()> provider, std::shared_ptr<Clock> clock, bool bearer)
      : provider_(std::move(provider)), clock_(std::move(clock)), bearer_(bearer) {}

  AuthToken get_token() override {
    const std::scoped_lock lock(mutex_);
    if (!token_ || (expires_at_ && clock_->now() >= *expires_at_)) refresh();
    return *token_;
  }

  bool handle_security_failure(const AuthToken& token, const ServerFailure& failure) override {
    if (failure.code != unauthorized && !(bearer_ && failure.code == token_expired)) return false;
    const std::scoped_lock lock(mutex_);
    if (token_ && *token_ == token) token_.reset();  // another thread may have brought a new one already
    return true;
  }

 private:
  void refresh() {
    const auto now = clock_->now();
    ExpiringToken fresh = provider_();
    expires_at_ = fresh.expires_in ? std::optional(now + *fresh.expires_in) : std::nullopt;
    token_ = std::move(fresh.token);
  }

  std::function<ExpiringToken()> provider_;
  std::shared_ptr<Clock> clock_;
  bool bearer_;
  std::mutex mutex_;
  std::optional<AuthToken> token_{};
  std::optional<Clock::time_point> expires_at_{};
};

}  // namespace

std::shared_ptr<AuthTokenManager> static_auth(AuthToken token) {
  return std::make_shared<StaticAuth>(std::move(token));
}

std::shared_ptr<AuthTokenManager> basic_auth(std::function<AuthToken()> provider) {
  return std::make_shared<RefreshedAuth>([provider = std::move(provider)] { return ExpiringToken{provider(), {}}; },
                                         system_clock(), false);
}

std::shared_ptr<AuthTokenManager> bearer_auth(std::function<ExpiringToken()> provider, std::shared_ptr<Clock> clock) {
  return std::make_shared<RefreshedAuth>(std::move(provider), std::move(clock), true);
}

}  // namespace core_lib::neo4j
