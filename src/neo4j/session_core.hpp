// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core_lib/neo4j/session.hpp"

#include "neo4j/driver_core.hpp"
#include "neo4j/result_core.hpp"

namespace core_lib::neo4j {

class TransactionCore;

/// What Session holds: its bookmarks, and whichever result or transaction is open.
class SessionCore final : public ResultOwner, public std::enable_shared_from_this<SessionCore> {
 public:
  SessionCore(std::shared_ptr<DriverCore> driver, SessionConfig config);
  ~SessionCore() override;

  [[nodiscard]] std::shared_ptr<ResultCore> run(std::string query, Map parameters, const TransactionConfig& config);
  [[nodiscard]] std::shared_ptr<TransactionCore> begin(const TransactionConfig& config);
  void execute(Access access, const detail::WorkRef& work, const TransactionConfig& config, bolt::Api api);
  /// One query as a managed transaction, in one round trip to its result.
  void execute_query(const std::string& query, const Map& parameters, const TransactionConfig& config,
                     const std::function<void(ResultCore&)>& read);
  [[nodiscard]] Bookmarks last_bookmarks() const { return bookmarks_; }
  void close();
  /// Drops what is open, without a word from the server.
  void abandon() noexcept;

  void result_finished(ResultCore& result, std::string bookmark) override;
  void result_failed(ResultCore& result, std::exception_ptr error) override;

  // For the transaction:
  [[nodiscard]] Link& link() const noexcept { return *lease_; }
  [[nodiscard]] std::int64_t fetch_size() const noexcept { return fetch_size_; }
  /// Gives the connection back once the transaction is over.
  void transaction_ended(std::string bookmark);

 private:
  void check_usable() const;
  void take_link();
  void give_back() noexcept;
  void finish_open_result();
  [[nodiscard]] bolt::TransactionStart start(Access access, const TransactionConfig& config);
  void check_impersonation() const;
  void keep_bookmark(std::string bookmark);
  [[nodiscard]] std::shared_ptr<TransactionCore> begin(Access access, const TransactionConfig& config, bolt::Api api,
                                                       bool wait);
  void announce(bolt::Api api);
  template <class Attempt>
  void with_retries(Attempt&& attempt);

  std::shared_ptr<DriverCore> driver_;
  SessionConfig config_;
  std::int64_t fetch_size_;
  Lease<Link> lease_;
  Bookmarks bookmarks_;
  Bookmarks sent_bookmarks_;
  std::shared_ptr<ResultCore> result_;
  std::weak_ptr<TransactionCore> transaction_;
  std::shared_ptr<Reply> announced_;  // by the managed transaction under way
  bool closed_ = false;
};

}  // namespace core_lib::neo4j
