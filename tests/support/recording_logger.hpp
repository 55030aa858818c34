// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/observability/logger.hpp"

namespace core_lib::support {

/// Keeps what it is told, for tests to read.
class RecordingLogger final : public Logger {
 public:
  struct Entry {
    LogLevel level;
    std::string component;
    std::string message;
  };

  void write(LogLevel level, std::string_view component, std::string_view message) noexcept override {
    const std::scoped_lock lock(mutex_);
    entries_.push_back({level, std::string(component), std::string(message)});
  }
  [[nodiscard]] bool enabled(LogLevel) const noexcept override { return true; }

  [[nodiscard]] std::vector<Entry> entries() const {
    const std::scoped_lock lock(mutex_);
    return entries_;
  }
  /// How many entries of this level hold this text.
  [[nodiscard]] std::size_t count(LogLevel level, std::string_view text) const {
    const std::scoped_lock lock(mutex_);
    return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
      return entry.level == level && entry.message.find(text) != std::string::npos;
    }));
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;
};

}  // namespace core_lib::support
