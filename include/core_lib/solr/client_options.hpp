// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "core_lib/observability/logger.hpp"
#include "core_lib/observability/observer.hpp"
#include "core_lib/solr/http_options.hpp"

namespace core_lib::solr {

/// How several nodes with the same core share the work.
struct BalancingOptions {
  /// A node that does not answer is left out this long, then asked in the background, twice as long each time.
  std::chrono::milliseconds first_pause{1'000};
  std::chrono::milliseconds longest_pause{60'000};
  std::chrono::milliseconds check_timeout{2'000};
};

/// How a Client behaves.
struct ClientOptions {
  /// Address of a core on each node, such as http://localhost:8983/solr/core0. More than one are asked in turn.
  std::vector<std::string> urls{};
  HttpOptions http{};
  BalancingOptions balancing{};
  /// Commits with each update that does not say otherwise. Dear: for small sites and tests.
  bool always_commit = false;
  /// How often a read is tried where the server is not reachable or asks for patience (429, 503); at least 1. An
  /// idempotent update is tried as often, also where its answer was lost.
  int attempts = 3;
  /// Answers come in Solr's binary format, javabin, which is shorter and read faster, or else as JSON. The values are
  /// the same.
  bool binary_answers = true;
  std::shared_ptr<Logger> logger = default_logger();
  /// Is told of every request, as a query, and of the pool of each node; null for nobody.
  std::shared_ptr<Observer> observer{};
};

}  // namespace core_lib::solr
