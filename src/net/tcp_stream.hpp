// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "net/resolver.hpp"
#include "net/stream.hpp"

namespace core_lib::net {

/// A TCP connection. Where no deadline is set a read is one system call, since it blocks in the kernel.
class TcpStream final : public Stream {
 public:
  /// Tries the endpoints one after another until one takes the connection.
  /// Errors: ConnectionLost with what the last one said, DeadlineExceeded.
  [[nodiscard]] static std::unique_ptr<TcpStream> connect(const Address& address,
                                                          const std::vector<Endpoint>& endpoints, Deadline deadline,
                                                          std::shared_ptr<Cancellation> cancellation,
                                                          bool keep_alive = true);
  ~TcpStream() override;

  [[nodiscard]] std::size_t read_some(std::span<std::byte> into, Deadline deadline) override;
  [[nodiscard]] bool is_closed_by_peer() const noexcept override;
  void write(std::span<const std::byte> bytes, Deadline deadline) override;
  void set_read_timeout(std::chrono::milliseconds timeout) override;

 private:
  TcpStream(int socket, std::string peer, std::shared_ptr<Cancellation> cancellation);
  /// The error number of the attempt, 0 where it went well.
  [[nodiscard]] int open(const Endpoint& endpoint, Deadline deadline);
  /// False once the deadline has passed.
  [[nodiscard]] bool wait_for(short events, Deadline deadline) const;
  [[noreturn]] void throw_lost(const char* doing, int error) const;
  [[noreturn]] void throw_late(const char* doing) const;

  int socket_;
  std::string peer_;
  std::shared_ptr<Cancellation> cancellation_;
  std::chrono::milliseconds read_timeout_{0};
};

}  // namespace core_lib::net
