// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace core_lib::testkit {

/// Messages to and from TestKit: lines of text between marks, over a socket that this object owns.
class Channel {
 public:
  explicit Channel(int socket) noexcept : socket_(socket) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel();

  /// The next request, or nothing once TestKit has gone.
  [[nodiscard]] std::optional<std::string> read();
  void write(std::string_view message);

 private:
  [[nodiscard]] std::optional<std::string> read_line();

  int socket_;
  std::string received_{};
};

}  // namespace core_lib::testkit
