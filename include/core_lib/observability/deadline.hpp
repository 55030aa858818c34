// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace core_lib {

/// The one moment that every wait of a scope obeys: acquire, connect, statement, commit.
/// It is a point of the steady clock, so that passing it on never lengthens it.
class Deadline {
 public:
  using clock = std::chrono::steady_clock;

  /// No limit.
  constexpr Deadline() noexcept = default;
  constexpr explicit Deadline(clock::time_point at) noexcept : at_(at) {}

  /// No limit.
  [[nodiscard]] static constexpr Deadline never() noexcept { return Deadline{}; }
  /// A deadline that lies `timeout` after now.
  [[nodiscard]] static Deadline in(clock::duration timeout) noexcept { return from(clock::now(), timeout); }
  /// A deadline that lies `timeout` after `start`; never() where that is beyond what the clock can tell.
  [[nodiscard]] static constexpr Deadline from(clock::time_point start, clock::duration timeout) noexcept {
    return timeout >= clock::time_point::max() - start ? Deadline{} : Deadline{start + timeout};
  }

  /// True where there is no limit.
  [[nodiscard]] constexpr bool is_never() const noexcept { return at_ == clock::time_point::max(); }
  /// The last moment of the clock for never().
  [[nodiscard]] constexpr clock::time_point at() const noexcept { return at_; }
  /// True from the moment itself on; false for never(). The first form spares a look at the clock.
  [[nodiscard]] constexpr bool expired(clock::time_point now) const noexcept { return now >= at_ && !is_never(); }
  /// The same, now.
  [[nodiscard]] bool expired() const noexcept { return !is_never() && expired(clock::now()); }
  /// What is left, zero once it has passed.
  [[nodiscard]] constexpr clock::duration remaining(clock::time_point now) const noexcept {
    if (is_never()) return clock::duration::max();
    return now >= at_ ? clock::duration::zero() : at_ - now;
  }
  /// The same, now.
  [[nodiscard]] clock::duration remaining() const noexcept { return remaining(clock::now()); }
  /// The sooner of two.
  [[nodiscard]] constexpr Deadline sooner(Deadline other) const noexcept { return other.at_ < at_ ? other : *this; }

 private:
  clock::time_point at_ = clock::time_point::max();
};

}  // namespace core_lib
