// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core_lib/observability/logger.hpp"
#include "core_lib/observability/observer.hpp"

namespace core_lib {

class TargetRegistry;

/// What an application gives to every data source that is built from configuration.
struct DataSourceDefaults {
  std::shared_ptr<Logger> logger = default_logger();
  std::shared_ptr<Observer> observer{};
};

/// The targets of every engine that was built, under both their core_lib names and those of core-lib's YAML files.
/// Defined by the library core_lib::core_lib. Thread safety: any thread, any time.
[[nodiscard]] const TargetRegistry& builtin_targets();
/// The same for an application that watches its data sources: pass it to instantiate_config().
[[nodiscard]] TargetRegistry builtin_targets(const DataSourceDefaults& defaults);

}  // namespace core_lib
