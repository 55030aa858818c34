// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "support/fault_proxy.hpp"
#include "support/service.hpp"

namespace core_lib::solr::soak {

/// The ways to one Solr, each of which is an address to its clients.
using Networks = std::span<support::FaultProxy>;

/// Ends it as kill -9 would, and starts it again. Nobody reaches it until it has replayed its log: it counts from what
/// it finds in the index meanwhile, and so loses increments that it had acknowledged.
void crash(support::OwnService& solr, Networks all);

/// What can go wrong. It lasts a while, and is healed when the call returns.
struct Fault {
  std::string name;
  std::function<void(Networks)> strike;
  bool of_server = false;  ///< Strikes all networks.
};

[[nodiscard]] std::vector<Fault> faults_of(support::OwnService& solr);

}  // namespace core_lib::solr::soak
