// SPDX-License-Identifier: Apache-2.0
#include "memcached_client.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <system_error>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core_lib/error/error.hpp"

using core_lib::Deadline;

namespace {

constexpr std::chrono::seconds command_timeout{5};
constexpr std::size_t max_key_bytes = 250;
constexpr std::size_t max_line_bytes = 2048;
constexpr std::string_view line_end = "\r\n";

[[noreturn]] void throw_lost(const std::string& attempt, const std::string& reason) {
  throw core_lib::ConnectionLost("memcached: cannot " + attempt + ": " + reason, {.breaks_connection = true});
}
[[noreturn]] void throw_lost(const std::string& attempt) {
  throw_lost(attempt, std::generic_category().message(errno));
}

/// A key with a blank or a line end would be read as a second command.
void check_key(std::string_view key) {
  const bool fits = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c != '\x7f'; });
  if (key.empty() || key.size() > max_key_bytes || !fits) {
    throw core_lib::UsageError("memcached: a key is 1 to 250 ASCII characters without blanks and control characters");
  }
}

}  // namespace

MemcachedClient::MemcachedClient(const std::string& socket_path, Deadline deadline)
    : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)), deadline_(deadline) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t copied = socket_path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  if (socket_ < 0) throw_lost("open a socket");
  const auto* base = reinterpret_cast<const sockaddr*>(&address);
  if (copied < socket_path.size() || ::connect(socket_, base, sizeof(address)) != 0) {
    const int reason = copied < socket_path.size() ? ENAMETOOLONG : errno;
    ::close(socket_);
    errno = reason;
    throw_lost("connect to " + socket_path);
  }
}

MemcachedClient::~MemcachedClient() { ::close(socket_); }

void MemcachedClient::set(std::string_view key, std::string_view value) {
  check_key(key);
  std::string request = "set " + std::string(key) + " 0 0 " + std::to_string(value.size());
  request.append(line_end).append(value).append(line_end);
  if (const std::string reply = ask(request, Deadline::in(command_timeout)); reply != "STORED") {
    throw core_lib::Error("memcached: cannot store a value of " + std::to_string(value.size()) + " bytes: " + reply);
  }
}

std::optional<std::string> MemcachedClient::get(std::string_view key) {
  check_key(key);
  const std::string head = ask("get " + std::string(key) + "\r\n", Deadline::in(command_timeout));
  if (head == "END") return std::nullopt;
  is_broken_ = true;
  std::size_t size = 0;
  const bool is_value = head.starts_with("VALUE ");
  const std::string digits = is_value ? head.substr(head.rfind(' ') + 1) : std::string();
  if (std::from_chars(digits.data(), digits.data() + digits.size(), size).ec != std::errc()) {
    throw_lost("read a value", "the server said " + head);
  }
  std::string value = read_bytes(size);
  if (!read_line().empty() || read_line() != "END") throw_lost("read a value", "it is longer than the server said");
  is_broken_ = false;
  return value;
}

std::string MemcachedClient::version(Deadline deadline) {
  const std::string reply = ask("version\r\n", deadline);
  is_broken_ = !reply.starts_with("VERSION ");
  if (is_broken_) throw_lost("read the version", "the server said " + reply);
  return reply.substr(std::strlen("VERSION "));
}

std::string MemcachedClient::ask(std::string_view request, Deadline deadline) {
  deadline_ = deadline;
  is_broken_ = true;
  send(request);
  std::string reply = read_line();
  is_broken_ = false;
  return reply;
}

void MemcachedClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    wait_for(POLLOUT);
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EINTR && errno != EAGAIN) throw_lost("send");
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void MemcachedClient::wait_for(short events) {
  for (;;) {
    pollfd waiting{socket_, events, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
        std::min<Deadline::clock::duration>(deadline_.remaining(), std::chrono::hours(1)));
    if (deadline_.expired())
      throw core_lib::DeadlineExceeded("memcached: no answer in time", {.breaks_connection = true});
    const int ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) throw_lost("wait");
  }
}

void MemcachedClient::receive() {
  char bytes[4096];
  wait_for(POLLIN);
  const ssize_t size = ::recv(socket_, bytes, sizeof(bytes), MSG_DONTWAIT);
  if (size == 0) throw_lost("receive", "the server closed the connection");
  if (size < 0 && errno != EINTR && errno != EAGAIN) throw_lost("receive");
  if (size > 0) received_.append(bytes, static_cast<std::size_t>(size));
}

std::string MemcachedClient::read_line() {
  std::size_t end = 0;
  while ((end = received_.find(line_end)) == std::string::npos) {
    if (received_.size() > max_line_bytes) throw_lost("receive", "the server sent a line without an end");
    receive();
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + line_end.size());
  return line;
}

std::string MemcachedClient::read_bytes(std::size_t size) {
  while (received_.size() < size) receive();
  std::string bytes = received_.substr(0, size);
  received_.erase(0, size);
  return bytes;
}
