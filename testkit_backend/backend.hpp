// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core_lib/neo4j/driver.hpp"

#include "channel.hpp"
#include "cypher_json.hpp"
#include "test_clock.hpp"

namespace core_lib::testkit {

/// Serves one connection of TestKit: a test.
class Backend {
 public:
  explicit Backend(Channel& channel) noexcept : channel_(channel) {}

  /// Answers requests until TestKit goes.
  void run();

 private:
  using Handler = void (Backend::*)(const Json& data);
  /// A session, and what its managed transaction waits for.
  struct SessionEntry {
    neo4j::Session session;
    std::optional<bool> verdict{};  ///< Of TestKit about the attempt under way.
    std::string error_id{};
  };
  /// A transaction, owned or somebody else's.
  struct TransactionEntry {
    std::unique_ptr<neo4j::Transaction> own{};
    neo4j::ManagedTransaction* borrowed = nullptr;
    [[nodiscard]] neo4j::ManagedTransaction& get() const { return own != nullptr ? *own : *borrowed; }
  };

  [[nodiscard]] static const std::map<std::string, Handler>& handlers();
  /// Answers one request. @return false once TestKit has gone
  bool process();
  void answer(const std::string& name, const Json& data);
  void answer_error(const std::exception& error);
  /// Asks TestKit from within a call of the driver, and serves its requests until the answer has come.
  [[nodiscard]] Json ask(const std::string& question, Json data, const std::string& answer_name);
  [[nodiscard]] std::string next_id() { return std::to_string(++last_id_); }

  // driver_requests.cpp
  void start_test(const Json& data);
  void start_sub_test(const Json& data);
  void get_features(const Json& data);
  void new_driver(const Json& data);
  void driver_close(const Json& data);
  void verify_connectivity(const Json& data);
  void get_server_info(const Json& data);
  void check_multi_db(const Json& data);
  void check_session_auth(const Json& data);
  void check_encrypted(const Json& data);
  void verify_authentication(const Json& data);
  void execute_query(const Json& data);
  void pool_metrics(const Json& data);
  [[nodiscard]] neo4j::DriverConfig driver_config(const Json& data);
  [[nodiscard]] std::shared_ptr<neo4j::AuthTokenManager> token_manager(const Json& data);

  // session_requests.cpp
  void new_session(const Json& data);
  void session_close(const Json& data);
  void session_run(const Json& data);
  void session_begin(const Json& data);
  void session_read(const Json& data);
  void session_write(const Json& data);
  void session_bookmarks(const Json& data);
  void execute_managed(const Json& data, Access access);
  void retryable_positive(const Json& data);
  void retryable_negative(const Json& data);
  void transaction_run(const Json& data);
  void transaction_commit(const Json& data);
  void transaction_rollback(const Json& data);
  void transaction_close(const Json& data);
  void result_next(const Json& data);
  void result_peek(const Json& data);
  void result_single(const Json& data);
  void result_single_optional(const Json& data);
  void result_list(const Json& data);
  void result_consume(const Json& data);
  void answer_result(neo4j::Result result);

  // object_requests.cpp
  void new_bookmark_manager(const Json& data);
  void close_bookmark_manager(const Json& data);
  void new_auth_manager(const Json& data);
  void new_basic_auth_manager(const Json& data);
  void new_bearer_auth_manager(const Json& data);
  void close_auth_manager(const Json& data);
  void new_certificate_provider(const Json& data);
  void close_certificate_provider(const Json& data);
  void install_time(const Json& data);
  void move_time(const Json& data);
  void uninstall_time(const Json& data);
  class AskingManager;

  Channel& channel_;
  std::uint64_t last_id_ = 0;
  std::shared_ptr<TestClock> clock_ = std::make_shared<TestClock>();
  std::map<std::string, std::exception_ptr> errors_;
  std::map<std::string, Json> answers_;  // to ask(), by the id of the question
  std::map<std::string, std::shared_ptr<neo4j::AuthTokenManager>> token_managers_;
  std::map<std::string, std::shared_ptr<neo4j::BookmarkManager>> bookmark_managers_;
  std::map<std::string, neo4j::ClientCertificateProvider> certificate_providers_;
  std::map<std::string, std::unique_ptr<neo4j::Driver>> drivers_;
  std::map<std::string, SessionEntry> sessions_;
  std::map<std::string, TransactionEntry> transactions_;
  std::map<std::string, neo4j::Result> results_;
};

[[nodiscard]] neo4j::AuthToken token_of(const Json& json);
[[nodiscard]] Json token_json(const neo4j::AuthToken& token);
[[nodiscard]] neo4j::TransactionConfig transaction_config(const Json& data);
/// A member as text; empty where it is absent or null.
[[nodiscard]] std::string text_of(const Json& data, const char* key);
[[nodiscard]] std::optional<std::chrono::milliseconds> milliseconds_of(const Json& data, const char* key);
[[nodiscard]] neo4j::NotificationFilter filter_of(const Json& data);
[[nodiscard]] Json record_json(const neo4j::Record& record);

}  // namespace core_lib::testkit
