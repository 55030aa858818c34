// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/observability/deadline.hpp"
#include "core_lib/sql/postgresql.hpp"

namespace core_lib::sql::postgresql {

/// What it takes to ask what became of a transaction whose COMMIT got no answer: its number, and which server gave it.
/// A number alone proves nothing. A server that crashed, or a standby that was promoted, may give it a second time, to
/// a transaction of somebody else.
class CommitInquiry {
 public:
  enum class Fate { stored, rolled_back, unknown };
  struct Finding {
    Fate fate;
    std::string why{};  ///< Where it is unknown: "since ..." goes before it.
    bool final = true;  ///< False where it may be known a moment later.
  };

  /// An expression that is another after each crash and each promotion, and null on a standby. It says when the server
  /// last lost its statistics, which a crash does and a proper restart does not.
  static constexpr std::string_view server_sql =
      "CASE WHEN NOT pg_is_in_recovery() THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) || "
      "(SELECT (extract(epoch FROM stats_reset) * 1000000)::bigint FROM pg_stat_bgwriter) END";
  /// The number of the transaction, null until it has written.
  static constexpr const char* number_sql = "SELECT txid_current_if_assigned()::text";

  explicit CommitInquiry(PostgresqlOptions options);

  /// As the server says it; empty means null.
  /// @{
  void set_server(std::string_view server) { server_ = server; }
  void set_number(std::string_view number) { number_ = number; }
  /// @}
  void forget_transaction() noexcept { number_.clear(); }
  [[nodiscard]] bool wants_number() const noexcept { return number_.empty() && !server_.empty(); }

  /// Connects anew and asks until the server knows, or until the deadline; without one, for as long as connections to
  /// all of its hosts may take.
  [[nodiscard]] Finding ask(Deadline deadline) const;

 private:
  [[nodiscard]] Finding ask_once(Deadline deadline) const;
  [[nodiscard]] int hosts() const noexcept { return static_cast<int>(options_.hosts.size()); }

  PostgresqlOptions options_;
  std::string server_;
  std::string number_;
};

}  // namespace core_lib::sql::postgresql
