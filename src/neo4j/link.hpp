// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include <sys/types.h>

#include "core_lib/neo4j/auth_token_manager.hpp"
#include "core_lib/neo4j/summary.hpp"
#include "core_lib/observability/clock.hpp"

#include "neo4j/bolt/failure.hpp"
#include "neo4j/bolt/protocol.hpp"
#include "net/resolver.hpp"
#include "net/stream.hpp"

namespace core_lib::neo4j {

class Link;

/// Waits for the reply to one request and keeps why it failed.
class Reply : public bolt::ResponseHandler {
 public:
  explicit Reply(Link& link, FailedAt where = FailedAt::statement) noexcept : link_(&link), where_(where) {}

  [[nodiscard]] bool is_done() const noexcept { return done_; }
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

  void on_success(packstream::Unpacker metadata) override;
  void on_failure(const std::shared_ptr<const ServerFailure>& failure) override;
  void on_ignored() override;

 protected:
  [[nodiscard]] Link& link() const noexcept { return *link_; }
  /// What SUCCESS brought, entry by entry; the reader stands before the value, which is passed over otherwise.
  /// @return false to pass over it
  virtual bool on_entry(std::string_view /*key*/, packstream::Unpacker& /*value*/) { return false; }
  void read_entries(packstream::Unpacker& metadata);

 private:
  Link* link_;
  FailedAt where_;
  bool done_ = false;
  std::exception_ptr error_{};
};

/// What one connection to the server is told about itself when it opens.
struct LinkSetup {
  net::Address address{};
  std::string user_agent{};
  NotificationFilter notifications{};
  std::optional<std::string> routing_address{};
  Map routing_context{};
  bool telemetry = true;
  std::shared_ptr<Clock> clock{};
};

/// One connection to a server: the only place where Bolt meets a socket. Once a read or a write fails it is broken, and
/// everything throws that first error.
/// Thread safety: none.
class Link {
 public:
  /// Agrees on a version of Bolt over a stream that was just opened.
  Link(std::unique_ptr<net::Stream> stream, std::shared_ptr<const LinkSetup> setup, Deadline deadline);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  /// Says good-bye, in a moment or not at all.
  ~Link();

  [[nodiscard]] bolt::Protocol& bolt() noexcept { return protocol_; }
  /// Writes what has gathered.
  void send();
  /// Reads one message.
  void receive();
  /// Sends, then reads until the reply is there. Errors: also what the reply failed with.
  void wait(const Reply& reply);
  void set_deadline(Deadline deadline) noexcept { deadline_ = deadline; }

  /// Sends HELLO, and LOGON, and waits for both.
  void log_on(std::shared_ptr<AuthTokenManager> manager, AuthToken token, std::uint64_t epoch);
  /// Changes the identity along with the next message. @pre features().logon
  void change_identity(std::shared_ptr<AuthTokenManager> manager, AuthToken token, std::uint64_t epoch);
  /// The manager that hears of failures of security from now on.
  void set_manager(std::shared_ptr<AuthTokenManager> manager) { manager_ = std::move(manager); }
  [[nodiscard]] const std::optional<AuthToken>& token() const noexcept { return token_; }
  /// Counts how often the server has said that authorizations expired, as it was when this one logged on.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return epoch_; }

  /// Makes it ready for the next user: asks for a RESET where anything is unfinished, whose reply settle() awaits.
  /// @return false where it cannot be used again
  [[nodiscard]] bool recycle() noexcept;
  /// Reads what recycle() asked for.
  void settle();
  /// A look at the socket, without a round trip.
  [[nodiscard]] bool is_closed_by_server() const noexcept { return stream_->is_closed_by_peer(); }
  /// Asks for a sign of life.
  void reset();
  /// Says what kind of call comes next, where the server wants to know. @return null where it does not
  std::shared_ptr<Reply> announce(bolt::Api api);

  [[nodiscard]] bool is_broken() const noexcept { return broken_ != nullptr; }
  /// True where it broke by the server or the network: not where its user's time was over.
  [[nodiscard]] bool is_lost() const noexcept { return is_broken() && !out_of_time_; }
  [[nodiscard]] const ServerInfo& server() const noexcept { return server_; }
  [[nodiscard]] Clock::time_point idle_since() const noexcept { return idle_since_; }
  /// Marks it as not to be used again, without an error of its own.
  void retire() noexcept { retired_ = true; }
  /// A transaction is open: it takes a RESET to leave it.
  void set_in_transaction(bool value) noexcept { in_transaction_ = value; }
  /// True once the server said that authorizations expired, until it is asked.
  [[nodiscard]] bool take_authorization_expired() noexcept { return std::exchange(authorization_expired_, false); }

  /// The error for a failure; a manager of tokens hears of those of security.
  [[nodiscard]] std::exception_ptr error_of(const std::shared_ptr<const ServerFailure>& failure, FailedAt where);
  /// Why requests are ignored.
  [[nodiscard]] std::exception_ptr ignored_because() const;

 private:
  class HelloReply;
  class LogonReply;
  class ResetReply;
  class IgnoredReply;

  void shake_hands();
  void check_usable() const;
  void break_with_current() noexcept;
  void log_on_inside(const AuthToken& token);

  std::unique_ptr<net::Stream> stream_;
  std::shared_ptr<const LinkSetup> setup_;
  bolt::Protocol protocol_;
  bolt::Inbox inbox_;
  Deadline deadline_;
  ServerInfo server_;
  std::shared_ptr<AuthTokenManager> manager_;
  std::optional<AuthToken> token_;
  std::uint64_t epoch_ = 0;
  Clock::time_point idle_since_{};
  std::exception_ptr broken_;
  std::exception_ptr failure_;  // the last one that the server told
  pid_t process_;
  bool said_hello_ = false;
  bool wants_telemetry_ = false;
  bool in_transaction_ = false;
  bool retired_ = false;
  bool authorization_expired_ = false;
  bool out_of_time_ = false;
};

}  // namespace core_lib::neo4j
