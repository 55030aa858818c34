// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace core_lib::support {

/// One accepted connection of a ScriptedServer.
class Peer {
 public:
  explicit Peer(int socket) noexcept : socket_(socket) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer() { close(socket_); }

  /// One whole request, with the body that its Content-Length announces; empty where the client has gone.
  std::string read_request() {
    while (received_.find("\r\n\r\n") == std::string::npos) {
      if (!receive()) return {};
    }
    const std::size_t head = received_.find("\r\n\r\n") + 4;
    std::size_t length = 0;
    const std::size_t at = received_.find("Content-Length: ");
    if (at < head) length = std::stoul(received_.substr(at + 16));
    while (received_.size() < head + length) {
      if (!receive()) return {};
    }
    std::string request = received_.substr(0, head + length);
    received_.erase(0, head + length);
    return request;
  }

  /// False where the client has gone.
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  bool write_json(std::string_view json, std::string_view status = "200 OK") {
    return write("HTTP/1.1 " + std::string(status) +
                 "\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: " + std::to_string(json.size()) +
                 "\r\n\r\n" + std::string(json));
  }

  /// Waits until the client closes the connection.
  void wait_for_end() {
    while (receive()) received_.clear();
  }

 private:
  bool receive() {
    char buffer[16384];
    const ssize_t size = recv(socket_, buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(size));
    return true;
  }

  int socket_;
  std::string received_;
};

/// An HTTP server on loopback that does what a test tells it, byte by byte: one script for each connection, in turn.
class ScriptedServer {
 public:
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(std::vector<Script> scripts) : scripts_(std::move(scripts)) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
        getsockname(listener_, generic, &size) != 0) {
      throw std::runtime_error("a test cannot listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this] { run(); });
  }
  /// Clients must have gone, or go: the script under way is waited for.
  ~ScriptedServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/solr/core0"; }
  /// Refuses connections from now on. May be called by a script.
  void stop_listening() { shutdown(listener_, SHUT_RDWR); }
  /// How many connections were accepted.
  [[nodiscard]] std::size_t connections() const {
    const std::scoped_lock lock(mutex_);
    return next_;
  }

 private:
  void run() {
    for (;;) {
      const int accepted = accept(listener_, nullptr, nullptr);
      if (accepted < 0) return;
      Peer peer(accepted);
      Script script;
      {
        const std::scoped_lock lock(mutex_);
        if (next_ < scripts_.size()) script = scripts_[next_];
        ++next_;
      }
      if (script) script(peer);
    }
  }

  std::vector<Script> scripts_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::size_t next_ = 0;
  std::jthread thread_;
};

}  // namespace core_lib::support
