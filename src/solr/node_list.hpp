// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core_lib/observability/logger.hpp"
#include "core_lib/solr/client_options.hpp"
#include "core_lib/solr/transport.hpp"

namespace core_lib::solr {

/// Several nodes with the same core. Requests go to them in turn; one that does not answer is left out until a check in
/// the background finds it alive. Where none is left, all are tried.
class NodeList final : public Transport {
 public:
  NodeList(std::vector<std::shared_ptr<Transport>> nodes, BalancingOptions options, std::shared_ptr<Logger> logger);
  ~NodeList() override;

  Response send(const Request& request) override;
  std::string_view name() const noexcept override { return name_; }
  std::optional<PoolStatistics> pool_statistics() const override;

  /// How many nodes are thought to be alive.
  [[nodiscard]] std::size_t alive() const;

 private:
  struct Node {
    std::shared_ptr<Transport> transport;
    bool alive = true;
    std::chrono::milliseconds pause{};
    Deadline::clock::time_point next_check{};
  };

  [[nodiscard]] std::vector<std::size_t> order();
  void mark_dead(std::size_t index);
  void mark_alive(std::size_t index);
  void watch(const std::stop_token& stop);
  [[nodiscard]] bool answers(Transport& node) const;

  const BalancingOptions options_;
  const std::shared_ptr<Logger> logger_;
  std::string name_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<Node> nodes_;
  std::size_t next_ = 0;
  std::jthread watcher_;
};

}  // namespace core_lib::solr
