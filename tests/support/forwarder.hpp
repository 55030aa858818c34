// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <span>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace core_lib::support {

/// A network between a client and a server, on loopback, that a test can watch and break.
class Forwarder {
 public:
  /// Listens on port() and forwards to 127.0.0.1:`server_port`.
  /// @param own_address  any one of 127.0.0.0/8
  /// @param own_port  0 takes one that is free
  explicit Forwarder(std::uint16_t server_port, const char* own_address = "127.0.0.1", std::uint16_t own_port = 0)
      : server_port_(server_port), listener_(open_socket()) {
    sockaddr_in address = loopback(own_port);
    inet_pton(AF_INET, own_address, &address.sin_addr);
    check(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
    check(listen(listener_, 64), "listen");
    socklen_t size = sizeof address;
    check(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    port_ = ntohs(address.sin_port);
    check(pipe(wake_.data()), "pipe");
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;
  ~Forwarder() {
    thread_.request_stop();
    wake();
    thread_.join();
    for (Pair& pair : pairs_) close_pair(pair);
    close(listener_);
    for (const int end : wake_) close(end);
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  /// How often a client sent something after the server had answered what it sent before. What a client sends in
  /// several pieces without waiting counts once: with `pause`, it is passed on when no more came for so long.
  [[nodiscard]] std::uint64_t round_trips() const noexcept { return round_trips_; }
  void gather_requests(std::chrono::milliseconds pause) noexcept { pause_ = static_cast<int>(pause.count()); }
  /// What clients have sent so far, and what they were answered.
  /// @{
  [[nodiscard]] std::uint64_t bytes_of_clients() const noexcept { return bytes_[0]; }
  [[nodiscard]] std::uint64_t bytes_of_server() const noexcept { return bytes_[1]; }
  /// @}
  /// How many links are open now. One that an end has closed is closed towards the other end too before it is left out.
  [[nodiscard]] std::size_t links() const noexcept { return links_; }

  /// From now on nothing of the clients arrives any more, or of the server, or of both; links stay open.
  void swallow_requests(bool swallow = true) noexcept { swallow_[0] = swallow; }
  void swallow_answers(bool swallow = true) noexcept { swallow_[1] = swallow; }
  /// From now on nothing that clients send is read, so that they soon can send no more; not even their end is seen.
  void stall_requests(bool stall = true) {
    stall_ = stall;
    wake();
  }
  /// How often bytes of a client were passed on or swallowed; await_request() waits until it is more than that.
  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_; }
  void await_request(std::uint64_t before) const noexcept { requests_.wait(before); }
  /// From now on new links are not forwarded, and get no answer; open ones go on.
  void hold_new_links(bool hold = true) {
    hold_ = hold;
    wake();
  }
  /// From now on nothing arrives any more on the links that are open now. New ones are forwarded.
  void forget_open_links() {
    forget_ = true;
    wake();
    forget_.wait(true);
  }
  /// Cuts all links that are open now. New ones are forwarded.
  void cut() {
    cut_ = true;
    wake();
    cut_.wait(true);
  }

 private:
  struct Pair {
    std::array<int, 2> ends{-1, -1};  // the client's, the server's
    bool asked = false;               // the last bytes were the client's
    bool forgotten = false;
  };

  static void check(int result, const char* what) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  }
  static int open_socket() {
    const int opened = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(opened, "socket");
    return opened;
  }
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
  }
  static void close_pair(Pair& pair) {
    for (const int end : pair.ends) close(end);
  }
  void wake() { (void)!write(wake_[1], "", 1); }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<pollfd> watched{{listener_, hold_ ? short{0} : short{POLLIN}, 0}, {wake_[0], POLLIN, 0}};
      for (const Pair& pair : pairs_) {
        watched.push_back({stall_ ? -1 : pair.ends[0], POLLIN, 0});
        watched.push_back({pair.ends[1], POLLIN, 0});
      }
      if (poll(watched.data(), watched.size(), -1) < 0) continue;
      char ignored = 0;
      if (watched[1].revents != 0) (void)!read(wake_[0], &ignored, 1);
      if (cut_) {
        for (Pair& pair : pairs_) close_pair(pair);
        pairs_.clear();
        links_ = 0;
        cut_ = false;
        cut_.notify_all();
        continue;
      }
      if (forget_) {
        for (Pair& pair : pairs_) pair.forgotten = true;
        forget_ = false;
        forget_.notify_all();
      }
      std::size_t at = 2;
      for (auto pair = pairs_.begin(); pair != pairs_.end();) {
        const bool from_client = watched[at++].revents != 0 && !stall_;  // the look may be older than the wish
        const bool from_server = watched[at++].revents != 0;
        if ((from_client && !pass(*pair, 0)) || (from_server && !pass(*pair, 1))) {
          close_pair(*pair);
          pair = pairs_.erase(pair);
          links_ = pairs_.size();
        } else {
          ++pair;
        }
      }
      if (watched[0].revents != 0 && !hold_) accept_client();  // here too
    }
  }
  void accept_client() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = open_socket();
    sockaddr_in address = loopback(server_port_);
    if (client < 0 || connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) {
      close(client);
      close(server);
      return;
    }
    // Else the end of each answer would wait for the acknowledgement of what came before it, which takes 40 ms.
    const int at_once = 1;
    for (const int end : {client, server}) setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
    pairs_.push_back({{client, server}});
    links_ = pairs_.size();
  }
  /// What a client sends before it pauses.
  [[nodiscard]] ssize_t more_of(int client, std::span<char> room) const {
    ssize_t total = 0;
    pollfd look{client, POLLIN, 0};
    while (pause_ > 0 && !room.empty() && poll(&look, 1, pause_) > 0) {
      const ssize_t size = recv(client, room.data(), room.size(), 0);
      if (size <= 0) break;  // the end shows at the next look
      total += size;
      room = room.subspan(static_cast<std::size_t>(size));
    }
    return total;
  }
  /// Passes on what one end has sent; false once it is closed.
  bool pass(Pair& pair, std::size_t from) {
    std::array<char, 65536> bytes;
    ssize_t size = recv(pair.ends[from], bytes.data(), bytes.size(), 0);
    if (size <= 0) return false;
    if (from == 0) {
      size += more_of(pair.ends[0], std::span(bytes).subspan(static_cast<std::size_t>(size)));
      if (!std::exchange(pair.asked, true)) ++round_trips_;
    } else {
      pair.asked = false;
    }
    bytes_[from] += static_cast<std::uint64_t>(size);
    bool sent = true;
    if (!swallow_[from] && !pair.forgotten) {
      sent = send(pair.ends[1 - from], bytes.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
    }
    if (from == 0) {
      ++requests_;
      requests_.notify_all();
    }
    return sent;
  }

  std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  std::atomic<int> pause_ = 0;  // in milliseconds
  int listener_;
  std::array<int, 2> wake_{};
  std::list<Pair> pairs_;
  std::atomic<std::uint64_t> round_trips_ = 0;
  std::atomic<std::uint64_t> requests_ = 0;
  std::array<std::atomic<std::uint64_t>, 2> bytes_{};
  std::array<std::atomic<bool>, 2> swallow_{};
  std::atomic<std::size_t> links_ = 0;
  std::atomic<bool> stall_ = false;
  std::atomic<bool> cut_ = false;
  std::atomic<bool> forget_ = false;
  std::atomic<bool> hold_ = false;
  std::jthread thread_;
};

}  // namespace core_lib::support
