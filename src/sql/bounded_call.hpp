// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "core_lib/observability/deadline.hpp"

namespace core_lib::sql {

/// A call that may block for as long as the network likes, in a thread of its own, so that nobody has to wait for it.
class BoundedCall {
 public:
  /// Starts it. `call` owns what it uses: it may go on when this object is gone. Where the system has no thread left,
  /// it never returns.
  explicit BoundedCall(std::function<void()> call);

  /// False where the system has no thread left.
  [[nodiscard]] bool has_started() const noexcept;
  /// True once the call has returned or thrown and its thread is gone, with all that libraries do at a thread's end;
  /// false where the deadline comes first. From any thread.
  [[nodiscard]] bool has_ended(Deadline deadline) const;
  /// The same, and throws what the call has thrown.
  [[nodiscard]] bool wait(Deadline deadline) const;

 private:
  struct Outcome;
  struct Running;
  std::shared_ptr<Running> running_;
};

}  // namespace core_lib::sql
