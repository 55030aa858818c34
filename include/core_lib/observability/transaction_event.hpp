// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "core_lib/observability/failure.hpp"

namespace core_lib {

/// One transaction, as an Observer sees it.
/// Lifetime: the views last as long as the call that passes them.
struct ObservedTransaction {
  std::uint64_t id = 0;       ///< The same at its begin and its end, and of no other transaction of its data source.
  std::string_view engine{};  ///< As in a configuration's `protocol`: "sqlite".
  std::string_view source{};  ///< The data source in a person's words: "sqlite file data/app.db".
};

/// What became of a transaction.
enum class TransactionEnd {
  committed,      ///< The commit was acknowledged.
  rolled_back,    ///< Undone, or left to the server to undo since the link was lost.
  commit_failed,  ///< The commit was refused, and nothing was stored.
  unknown,        ///< Nobody knows: a CommitUnknown.
};

/// The word for it in logs and metrics: "committed".
[[nodiscard]] std::string_view to_string(TransactionEnd end) noexcept;

/// How a transaction ended.
struct TransactionOutcome {
  TransactionEnd end = TransactionEnd::committed;
  std::chrono::nanoseconds duration{};  ///< From its begin to its end.
  std::chrono::nanoseconds closing{};   ///< What the commit or the rollback itself took of it.
  Failure failure{};                    ///< Of the commit or the rollback, not of a statement before.
};

}  // namespace core_lib
