// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <sys/socket.h>

#include "core_lib/observability/deadline.hpp"

namespace core_lib::net {

class Cancellation;

/// Where a TCP server may be reached: a name or an address, and a port.
struct Address {
  std::string host;
  std::uint16_t port = 0;
  bool operator==(const Address&) const = default;
};

/// "host:port", with brackets around an IPv6 address.
[[nodiscard]] std::string to_string(const Address& address);

/// One address that the kernel can connect to.
struct Endpoint {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

/// All endpoints of an address, in the order of the system's preference; at least one. The system's resolver knows no
/// deadline, so it runs in a thread of its own, which is left behind when the deadline comes first.
/// Errors: ConnectionLost for a name that nobody knows, DeadlineExceeded.
[[nodiscard]] std::vector<Endpoint> resolve(const Address& address, Deadline deadline,
                                            const std::shared_ptr<Cancellation>& cancellation);

}  // namespace core_lib::net
