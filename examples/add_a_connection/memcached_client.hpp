// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core_lib/observability/deadline.hpp"

/// A client of memcached, as small as it can be: its text protocol over a Unix socket.
/// Errors: core_lib::ConnectionLost, core_lib::DeadlineExceeded, and core_lib::UsageError for a key that memcached
/// cannot take.
class MemcachedClient {
 public:
  MemcachedClient(const std::string& socket_path, core_lib::Deadline deadline);
  MemcachedClient(const MemcachedClient&) = delete;
  MemcachedClient& operator=(const MemcachedClient&) = delete;
  ~MemcachedClient();

  void set(std::string_view key, std::string_view value);
  [[nodiscard]] std::optional<std::string> get(std::string_view key);
  /// As the server tells it. The one command with a deadline of its own.
  [[nodiscard]] std::string version(core_lib::Deadline deadline);
  /// True once a command was cut short: what comes next on this socket belongs to that one.
  [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }

 private:
  std::string ask(std::string_view request, core_lib::Deadline deadline);
  void send(std::string_view bytes);
  void wait_for(short events);
  void receive();
  std::string read_line();
  std::string read_bytes(std::size_t size);

  int socket_;
  std::string received_{};  // what has arrived and was not read yet
  core_lib::Deadline deadline_{};
  bool is_broken_ = false;
};
