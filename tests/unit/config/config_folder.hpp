// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "support/temporary_folder.hpp"

namespace core_lib {

/// A folder with YAML files, gone at the end of a test.
class ConfigFolder {
 public:
  ConfigFolder(std::initializer_list<std::pair<std::string, std::string_view>> files) {
    for (const auto& [name, text] : files) add(name, text);
  }

  void add(const std::string& name, std::string_view text) const {
    const std::filesystem::path path = file(name);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  [[nodiscard]] std::string path() const { return folder_.path(); }
  /// The name of a file as errors show it.
  [[nodiscard]] std::string file(const std::string& name) const { return path() + '/' + name; }

 private:
  TemporaryFolder folder_;
};

}  // namespace core_lib
