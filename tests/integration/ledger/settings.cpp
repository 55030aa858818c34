// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/settings.hpp"

#include <random>
#include <utility>

#include "core_lib/config/compose.hpp"

namespace core_lib::ledger {
namespace {

std::chrono::milliseconds seconds(const Config& config, std::string_view key) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(config.at(key).as<double>() * 1000));
}

}  // namespace

Settings::Settings(std::vector<std::string> changes)
    : overrides(std::move(changes)),
      config(compose({.search_path = {LEDGER_CONFIG}, .name = "ledger", .overrides = overrides})),
      work{config.at("accounts").as<std::int64_t>(), seconds(config, "deadline"), config.at("attempts").as<int>()},
      threads(config.at("threads").as<std::size_t>()),
      processes(config.at("processes").as<std::size_t>()),
      opening_balance(config.at("opening_balance").as<std::int64_t>()),
      patience(seconds(config, "patience")),
      least_transfers(config.at("transfers").as<std::size_t>()),
      least_faults(config.at("faults").as<std::size_t>()),
      least_time(seconds(config, "minutes") * 60),
      seed(config.at("seed").as<std::uint64_t>()),
      journal(config.at("journal").as<std::string>()),
      process(config.at("process").as<std::int64_t>()) {
  if (seed == 0) seed = std::random_device{}();
}

}  // namespace core_lib::ledger
