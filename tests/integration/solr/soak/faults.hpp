// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "support/fault_proxy.hpp"
#include "support/service.hpp"

namespace core_lib::solr::soak {

/// Ends it as kill -9 would, and starts it again. Nobody reaches it until it has replayed its log: it counts from what
/// it finds in the index meanwhile, and so loses increments that it had acknowledged.
void crash(support::OwnService& solr, support::FaultProxy& network);

/// What can go wrong, by name. Each lasts a while, and is healed when the call returns.
[[nodiscard]] std::vector<std::pair<std::string, std::function<void()>>> faults_of(support::OwnService& solr,
                                                                                   support::FaultProxy& network);

}  // namespace core_lib::solr::soak
