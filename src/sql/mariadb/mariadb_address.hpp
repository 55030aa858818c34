// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core_lib/observability/deadline.hpp"

namespace core_lib::sql::mariadb {

/// One place to connect to.
struct Endpoint {
  std::string host;  ///< An address, or the name that a certificate has to hold.
  std::uint16_t port = 0;
  std::string unix_socket;  ///< A path, where it is not `host` and `port`.
  std::string shown;        ///< In a person's words.
};

/// The addresses of a host, in the order to try them. Looking up a name knows no deadline, so that it is done by a
/// thread that is left behind when time is up.
/// Errors: ConnectionLost for an unknown name, DeadlineExceeded.
[[nodiscard]] std::vector<std::string> resolve(const std::string& host, Deadline deadline);

}  // namespace core_lib::sql::mariadb
