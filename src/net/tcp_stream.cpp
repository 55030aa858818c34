// SPDX-License-Identifier: Apache-2.0
#include "net/tcp_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "core_lib/error/error.hpp"

#include "net/cancellation.hpp"

namespace core_lib::net {
namespace {

void set_option(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

void set_blocking(int socket, bool blocking) {
  const int flags = ::fcntl(socket, F_GETFL);
  ::fcntl(socket, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

}  // namespace

TcpStream::TcpStream(int socket, std::string peer, std::shared_ptr<Cancellation> cancellation)
    : socket_(socket), peer_(std::move(peer)), cancellation_(std::move(cancellation)) {
  cancellation_->watch(socket_);
}

TcpStream::~TcpStream() {
  cancellation_->forget(socket_);
  ::close(socket_);
}

std::unique_ptr<TcpStream> TcpStream::connect(const Address& address, const std::vector<Endpoint>& endpoints,
                                              Deadline deadline, std::shared_ptr<Cancellation> cancellation,
                                              bool keep_alive) {
  int error = EADDRNOTAVAIL;
  for (const Endpoint& endpoint : endpoints) {
    const int socket = ::socket(endpoint.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0) {
      error = errno;
      continue;
    }
    std::unique_ptr<TcpStream> stream(new TcpStream(socket, to_string(address), cancellation));
    error = stream->open(endpoint, deadline);
    if (error == 0) {
      set_blocking(socket, true);
      set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
      if (keep_alive) set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
      return stream;
    }
    if (error == ETIMEDOUT && deadline.expired()) break;
  }
  const std::string what = "cannot connect to " + to_string(address) + ": ";
  if (cancellation->is_cancelled()) throw ConnectionLost(what + "cancelled", {.breaks_connection = true});
  if (deadline.expired()) {
    throw DeadlineExceeded(what + "no answer in time", {.retryable = true, .breaks_connection = true});
  }
  throw ConnectionLost(what + std::system_category().message(error), {.retryable = true, .breaks_connection = true});
}

int TcpStream::open(const Endpoint& endpoint, Deadline deadline) {
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&endpoint.storage), endpoint.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!wait_for(POLLOUT, deadline)) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

bool TcpStream::wait_for(short events, Deadline deadline) const {
  for (;;) {
    pollfd polled{socket_, events, 0};
    int wait = -1;
    if (!deadline.is_never()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.remaining()).count();
      wait = static_cast<int>(std::min<std::int64_t>(left, 1'000'000'000));
    }
    const int ready = ::poll(&polled, 1, wait);
    if (ready > 0) return true;
    if (ready == 0 && deadline.expired()) return false;
    if (ready < 0 && errno != EINTR) throw_lost("waiting for", errno);
  }
}

std::size_t TcpStream::read_some(std::span<std::byte> into, Deadline deadline) {
  const bool limited = !deadline.is_never();
  for (;;) {
    if (limited) {
      const auto until = read_timeout_.count() > 0 ? deadline.sooner(Deadline::in(read_timeout_)) : deadline;
      if (!wait_for(POLLIN, until)) throw_late("reading from");
    }
    const ssize_t count = ::recv(socket_, into.data(), into.size(), limited ? MSG_DONTWAIT : 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) {
      if (cancellation_->is_cancelled()) throw_lost("reading from", ECANCELED);
      return 0;
    }
    if (errno == EINTR || (limited && (errno == EAGAIN || errno == EWOULDBLOCK))) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) throw_late("reading from");  // SO_RCVTIMEO
    throw_lost("reading from", errno);
  }
}

void TcpStream::write(std::span<const std::byte> bytes, Deadline deadline) {
  const bool limited = !deadline.is_never();
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | (limited ? MSG_DONTWAIT : 0));
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!wait_for(POLLOUT, deadline)) throw_late("writing to");
    } else if (errno != EINTR) {
      throw_lost("writing to", errno);
    }
  }
}

bool TcpStream::is_closed_by_peer() const noexcept {
  pollfd look{.fd = socket_, .events = POLLRDHUP, .revents = 0};
  return ::poll(&look, 1, 0) > 0;
}

void TcpStream::set_read_timeout(std::chrono::milliseconds timeout) {
  read_timeout_ = timeout;
  timeval limit{};
  limit.tv_sec = static_cast<time_t>(timeout.count() / 1000);
  limit.tv_usec = static_cast<suseconds_t>(timeout.count() % 1000 * 1000);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

void TcpStream::throw_lost(const char* doing, int error) const {
  const bool cancelled = cancellation_->is_cancelled();
  throw ConnectionLost(
      "lost the connection while " + std::string(doing) + ' ' + peer_ + ": " +
          (cancelled ? "cancelled, since its driver was closed" : std::system_category().message(error)),
      {.retryable = !cancelled, .breaks_connection = true});
}

void TcpStream::throw_late(const char* doing) const {
  throw DeadlineExceeded("no answer in time while " + std::string(doing) + ' ' + peer_,
                         {.retryable = true, .breaks_connection = true});
}

}  // namespace core_lib::net
