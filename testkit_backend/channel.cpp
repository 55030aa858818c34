// SPDX-License-Identifier: Apache-2.0
#include "channel.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace core_lib::testkit {

Channel::~Channel() { ::close(socket_); }

std::optional<std::string> Channel::read_line() {
  for (;;) {
    if (const std::size_t end = received_.find('\n'); end != std::string::npos) {
      std::string line = received_.substr(0, end);
      received_.erase(0, end + 1);
      return line;
    }
    char buffer[16 * 1024];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return std::nullopt;
    received_.append(buffer, static_cast<std::size_t>(count));
  }
}

std::optional<std::string> Channel::read() {
  std::string message;
  bool inside = false;
  while (const std::optional<std::string> line = read_line()) {
    if (*line == "#request begin") {
      inside = true;
    } else if (*line == "#request end") {
      return message;
    } else if (inside) {
      message += *line;
    }
  }
  return std::nullopt;
}

void Channel::write(std::string_view message) {
  const std::string framed = "#response begin\n" + std::string(message) + "\n#response end\n";
  for (std::string_view left = framed; !left.empty();) {
    const ssize_t count = ::send(socket_, left.data(), left.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // TestKit has gone: the next read() says so
    left.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace core_lib::testkit
