// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core_lib/neo4j/value.hpp"

#include "unit/neo4j/bolt/dialogue.hpp"

namespace core_lib::neo4j {

/// One connection that the server has accepted.
class Peer {
 public:
  explicit Peer(int socket) : socket_(socket) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { ::close(socket_); }

  /// Bytes as they are.
  void send(const std::string& bytes) const { (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  /// A message, in one chunk.
  void say(const std::string& message) const {
    const auto size = static_cast<std::uint16_t>(message.size());
    send(std::string{static_cast<char>(size >> 8U), static_cast<char>(size & 0xFFU)} + message + std::string(2, '\0'));
  }
  /// The tag of the next message, 0 once the client has closed.
  std::uint8_t hear() {
    while (heard_.empty()) {
      if (!receive()) return 0;
    }
    const std::uint8_t tag = heard_.front();
    heard_.erase(heard_.begin());
    return tag;
  }
  /// Reads this many bytes as they are.
  void read_raw(std::size_t count) const {
    std::string bytes(count, '\0');
    if (::recv(socket_, bytes.data(), count, MSG_WAITALL) != static_cast<ssize_t>(count)) return;
  }
  /// Agrees on Bolt 5.4 and lets everybody in.
  void welcome() {
    read_raw(20);
    send(std::string("\0\0\4\5", 4));
    (void)hear();
    say(bolt::success({{"server", "Neo4j/5.13.0"}, {"connection_id", "c"}}));
    (void)hear();
    say(bolt::success({}));
  }
  /// Waits until the client closes.
  void wait_for_end() {
    while (hear() != 0) continue;
  }

 private:
  bool receive() {
    const std::span<std::byte> space = inbox_.space();
    const ssize_t count = ::recv(socket_, space.data(), space.size(), 0);
    if (count <= 0) return false;
    inbox_.received(static_cast<std::size_t>(count));
    while (const auto message = inbox_.next()) heard_.push_back(std::to_integer<std::uint8_t>((*message)[1]));
    return true;
  }

  int socket_;
  bolt::Inbox inbox_{};
  std::vector<std::uint8_t> heard_{};
};

/// A server on loopback that does what a test tells it: each script serves one connection, in order.
class ScriptedServer {
 public:
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(std::vector<Script> scripts) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) != 0 || ::listen(socket_, 16) != 0 ||
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("the scripted server cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, all = std::move(scripts)] {
      for (const Script& script : all) {
        const int accepted = ::accept(socket_, nullptr, nullptr);
        if (accepted < 0) return;
        {
          Peer peer(accepted);
          script(peer);
        }
        ++served_;
      }
    });
  }
  ~ScriptedServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  [[nodiscard]] std::string uri() const { return "bolt://127.0.0.1:" + std::to_string(port_); }
  /// Connections that were served and are closed.
  [[nodiscard]] int served() const noexcept { return served_; }

 private:
  int socket_;
  std::uint16_t port_ = 0;
  std::atomic<int> served_{0};
  std::thread thread_;
};

}  // namespace core_lib::neo4j
