// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace core_lib::support {

/// Says the same to everyone who says something, or at once, and hangs up.
class SpeakingServer {
 public:
  explicit SpeakingServer(std::string words, bool first = false)
      : words_(std::move(words)), first_(first), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 8) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::system_error(errno, std::generic_category(), "cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { run(); });
  }
  SpeakingServer(const SpeakingServer&) = delete;
  SpeakingServer& operator=(const SpeakingServer&) = delete;
  ~SpeakingServer() {
    shutdown(listener_, SHUT_RDWR);  // ends accept()
    thread_.join();
    close(listener_);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  void run() const {
    for (;;) {
      const int client = accept(listener_, nullptr, nullptr);
      if (client < 0) return;
      char heard[1024];
      if (first_ || recv(client, heard, sizeof heard, 0) > 0)
        (void)send(client, words_.data(), words_.size(), MSG_NOSIGNAL);
      hang_up(client);
    }
  }

  /// Hears the client out, so that it finds the end of the stream, and never a reset in place of the words.
  static void hang_up(int client) {
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    (void)setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    shutdown(client, SHUT_WR);
    char heard[1024];
    while (recv(client, heard, sizeof heard, 0) > 0) {
    }
    close(client);
  }

  std::string words_;
  bool first_;
  int listener_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

}  // namespace core_lib::support
