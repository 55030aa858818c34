// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core_lib/pool/pool_statistics.hpp"
#include "core_lib/solr/request.hpp"

namespace core_lib::solr {

/// The one seam between what Solr is asked and how it is reached: a node, a list of nodes, a cloud, a recording.
/// Thread safety: all functions, from any thread.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Sends one request and returns the answer, whatever its status.
  /// @throws ConnectionLost    no server could be reached, or a read was cut off
  /// @throws CommitUnknown     a write was cut off: nobody knows whether it was done
  /// @throws DeadlineExceeded  time was up before a write was sent, or while reading
  [[nodiscard]] virtual Response send(const Request& request) = 0;

  /// Where the requests go, for messages: without credentials.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// Of the connections, those to all nodes together; nothing where there is no pool.
  [[nodiscard]] virtual std::optional<PoolStatistics> pool_statistics() const { return std::nullopt; }
};

}  // namespace core_lib::solr
