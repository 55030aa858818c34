// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

#include <unistd.h>

/// Shows how far a long step is, where a person watches: on a terminal only.
class ProgressBar {
 public:
  ProgressBar(const char* what, std::size_t total) : what_(what), total_(total), shown_(isatty(STDERR_FILENO) != 0) {}
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  ~ProgressBar() {
    if (shown_) std::fputc('\n', stderr);
  }

  void advance(std::size_t by) {
    done_ += by;
    if (!shown_ || total_ == 0) return;
    const std::size_t filled = done_ * width / total_;
    std::fprintf(stderr, "\r%s [%s%s] %zu/%zu", what_, std::string(filled, '#').c_str(),
                 std::string(width - filled, ' ').c_str(), done_, total_);
  }

 private:
  static constexpr std::size_t width = 40;
  const char* what_;
  std::size_t total_;
  std::size_t done_ = 0;
  bool shown_;
};
