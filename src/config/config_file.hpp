// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.hpp"

namespace core_lib::config {

/// The keys under which content is put: `a.b`. After `_global_` it begins at the root.
using Package = std::vector<std::string>;

/// One entry of a `defaults` list, or of an override that adds one.
struct DefaultEntry {
  enum class Kind { self, config, group };
  Kind kind = Kind::config;
  std::string name{};                ///< Of the configuration or group; from the search path where it begins with '/'.
  std::optional<Package> package{};  ///< What stands after '@'.
  std::vector<std::string> options{};  ///< What is chosen from the group: one, several, or nothing for null.
  bool is_list = false;                ///< Whether the options were written as a list.
  bool is_optional = false;
  bool is_override = false;
  std::string where{};
};

/// A file that compose() read.
struct ConfigFile {
  std::string name;                      ///< From the search path, without `.yaml`: "db/sqlite".
  Tree tree;                             ///< Without its `defaults`.
  std::optional<Package> package{};      ///< Of its header.
  std::vector<DefaultEntry> defaults{};  ///< With one `_self_`.
};

/// Splits at a character; no parts for an empty text.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
/// Reads "a.b", "_here_" or "_global_". Errors: ConfigError that begins with `where`.
[[nodiscard]] Package read_package(std::string_view text, const std::string& where);
/// Reads "group@package" into an entry. Errors: ConfigError that begins with `where`.
void read_entry_name(DefaultEntry& entry, std::string_view text);
/// Reads a file of the search path. Errors: ConfigError.
[[nodiscard]] std::shared_ptr<const ConfigFile> read_config_file(const std::string& name, const std::string& path);

}  // namespace core_lib::config
