// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib {

class TargetRegistry;

/// The targets of every engine that was built, under both their core_lib names and those of core-lib's YAML files.
/// Defined by the library core_lib::core_lib. Thread safety: any thread, any time.
[[nodiscard]] const TargetRegistry& builtin_targets();

}  // namespace core_lib
