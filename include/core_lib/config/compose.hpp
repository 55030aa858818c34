// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core_lib/config/config.hpp"
#include "core_lib/config/resolvers.hpp"

namespace core_lib {

/// What compose() puts together.
struct ComposeOptions {
  /// Folders in which configurations and groups are looked for; the first that has one gives it.
  std::vector<std::string> search_path{};
  /// The configuration to begin with, with or without `.yaml`.
  std::string name = "config";
  /// Changes on top, in order: `key=value` changes what is there, `+key=value` adds, `++key=value` does either, `~key`
  /// removes. `group=option` chooses another file of a group, `+group=option` one more, `~group` none.
  std::vector<std::string> overrides{};
  /// What interpolations may call.
  Resolvers resolvers{};
};

/// Puts one configuration together from a YAML file, the files that its `defaults` list names, and overrides.
///
/// Files are merged in the order of the list, the file itself where the list says `_self_`, else last. Maps merge
/// deeply, everything else replaces, `???` never does. `- db: sqlite` takes `db/sqlite.yaml` and puts it under `db`, or
/// where `- db@backup: sqlite` or a leading comment `# @package backup` says; `optional` and `override` work as in
/// Hydra. Each value keeps the file and the position that it came from. The lists themselves and a top-level `hydra`,
/// which configures Hydra alone, are left out, like defaults of the group `hydra`. core_lib ships no configuration of
/// its own: who writes `defaults: [core_lib]` has a `core_lib.yaml` on the path.
///
/// Errors: ConfigError with the place of the entry, near names and the search path; never a value.
/// Thread safety: any thread. The files are read once, during the call.
[[nodiscard]] Config compose(const ComposeOptions& options);

}  // namespace core_lib
