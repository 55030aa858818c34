// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core_lib/connection/access.hpp"
#include "core_lib/neo4j/auth_token.hpp"
#include "core_lib/neo4j/bookmark_manager.hpp"
#include "core_lib/neo4j/notification_filter.hpp"
#include "core_lib/neo4j/server_failure.hpp"
#include "core_lib/neo4j/transaction_config.hpp"

#include "neo4j/bolt/chunks.hpp"
#include "neo4j/bolt/version.hpp"
#include "neo4j/packstream/packer.hpp"
#include "neo4j/packstream/unpacker.hpp"

namespace core_lib::neo4j::bolt {

/// Gets the replies to one request: records where the request brings some, then one of the three others.
class ResponseHandler {
 public:
  virtual ~ResponseHandler() = default;
  /// @param row  the packed list of the record's values
  virtual void on_record(std::span<const std::byte> row);
  /// @param metadata  stands before the map that the server sent
  virtual void on_success(packstream::Unpacker metadata) = 0;
  virtual void on_failure(const std::shared_ptr<const ServerFailure>& failure) = 0;
  /// The server has not looked at the request, since one before it failed.
  virtual void on_ignored() = 0;
};

/// What HELLO tells the server.
struct Hello {
  std::string_view user_agent;
  std::optional<std::string> routing_address{};  ///< Of the neo4j schemes; the server may route then.
  Map routing_context{};
  const NotificationFilter* notifications = nullptr;
  const AuthToken* auth = nullptr;  ///< Before 5.1 HELLO logs on too.
};

/// What begins a transaction.
struct TransactionStart {
  std::string_view database{};
  Access access = Access::read_write;
  const Bookmarks* bookmarks = nullptr;
  const TransactionConfig* config = nullptr;
  std::string_view impersonated_user{};
  const NotificationFilter* notifications = nullptr;
};

/// Kinds of calls that TELEMETRY tells apart.
enum class Api : std::uint8_t { managed_transaction = 0, explicit_transaction = 1, auto_commit = 2, execute_query = 3 };

/// One side of a Bolt connection, without I/O: requests gather in outbox(), and replies are taken by receive(), which
/// calls the handler of the oldest request without a reply. Any number of requests may be under way.
/// Errors: ConversionError for values that cannot be sent, nothing is queued then; Error, which breaks the connection,
/// for replies that are none.
class Protocol {
 public:
  using Handler = std::shared_ptr<ResponseHandler>;
  /// For the number of records: all that are left.
  static constexpr std::int64_t all = -1;
  /// For a result: the one that was made last.
  static constexpr std::int64_t last = -1;

  explicit Protocol(Version version);

  void hello(const Hello& hello, Handler handler);
  void logon(const AuthToken& token, Handler handler);
  void logoff(Handler handler);
  void telemetry(Api api, Handler handler);
  void run(std::string_view query, const Map& parameters, const TransactionStart* start, Handler handler);
  void pull(std::int64_t count, std::int64_t result, Handler handler);
  void discard(std::int64_t count, std::int64_t result, Handler handler);
  void begin(const TransactionStart& start, Handler handler);
  void commit(Handler handler);
  void rollback(Handler handler);
  void reset(Handler handler);
  void goodbye();

  [[nodiscard]] Outbox& outbox() noexcept { return outbox_; }
  /// One message from the server.
  void receive(std::span<const std::byte> message);
  /// Requests whose reply has not come.
  [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }
  /// True from a FAILURE on, until a RESET was asked for: the server ignores everything.
  [[nodiscard]] bool is_failed() const noexcept { return failed_; }
  /// To be told when a RESET succeeded.
  void reset_done() noexcept { --resets_; }

  [[nodiscard]] Version version() const noexcept { return version_; }
  [[nodiscard]] const Features& features() const noexcept { return features_; }
  [[nodiscard]] packstream::Dialect dialect() const noexcept { return dialect_; }
  /// After HELLO of 4.4: the server agreed to send instants in UTC.
  void use_utc() noexcept { dialect_.utc = true; }

 private:
  template <class Fill>
  void send(std::uint8_t tag, std::size_t fields, Handler handler, Fill&& fill);
  void send(std::uint8_t tag, Handler handler);
  void take(std::uint8_t tag, std::int64_t count, std::int64_t result, Handler handler);
  void write_start(packstream::Packer& packer, const TransactionStart* start) const;
  void write_filter(packstream::Packer& packer, const NotificationFilter& filter) const;
  [[nodiscard]] std::size_t count_filter(const NotificationFilter* filter) const noexcept;

  Version version_;
  Features features_;
  packstream::Dialect dialect_;
  Outbox outbox_;
  std::deque<Handler> pending_;
  int resets_ = 0;  // without a reply
  bool failed_ = false;
};

}  // namespace core_lib::neo4j::bolt
