// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/config_file.hpp"

namespace core_lib::config {

/// Finds configurations and groups in folders, and reads each file once.
class SearchPath {
 public:
  explicit SearchPath(std::vector<std::string> folders);

  /// The file of a name such as "db/sqlite", or null. Errors: ConfigError that begins with `where`.
  [[nodiscard]] std::shared_ptr<const ConfigFile> find(const std::string& name, const std::string& where);
  [[nodiscard]] bool has_group(const std::string& name) const;
  /// The configurations in a group, sorted; "" is the top.
  [[nodiscard]] std::vector<std::string> options(const std::string& group) const;
  /// "'/etc/app', 'config' (no such folder)".
  [[nodiscard]] std::string description() const;

 private:
  std::vector<std::string> folders_;
  std::unordered_map<std::string, std::shared_ptr<const ConfigFile>> files_;
};

}  // namespace core_lib::config
