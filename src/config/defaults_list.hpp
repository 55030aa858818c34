// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/config_file.hpp"
#include "config/override.hpp"
#include "config/search_path.hpp"

namespace core_lib::config {

/// Turns a configuration and everything that its `defaults` name into one list of files, in the order of merging.
///
/// The order of decisions is Hydra's: lists are walked from their end, so that an `override` reaches every group above
/// it, and whoever comes first decides: overrides of the caller, then outer files, then inner ones.
class DefaultsList {
 public:
  /// A file and where its content goes.
  struct Part {
    std::shared_ptr<const ConfigFile> file;
    Package package;
  };

  explicit DefaultsList(SearchPath& search_path) : search_path_(search_path) {}

  /// Takes an override that names a group; false where it does not.
  [[nodiscard]] bool take(const Override& change);
  /// Errors: ConfigError for what is missing, cyclic, chosen twice, or overridden without being there.
  [[nodiscard]] std::vector<Part> parts(const std::string& primary);

 private:
  struct Choice {
    std::vector<std::string> options;
    bool is_list = false;
    std::string where{};
    bool is_used = false;
  };
  struct Request {
    std::string name;  ///< Of the file, from the search path.
    const Package& parent;
    const DefaultEntry& entry;
  };

  [[nodiscard]] std::vector<Part> file(const Request& request);
  [[nodiscard]] std::vector<Part> expand(const std::shared_ptr<const ConfigFile>& file, const Package& package);
  [[nodiscard]] std::vector<Part> include(DefaultEntry entry, const std::string& folder, const Package& package);
  [[nodiscard]] std::vector<Part> group(DefaultEntry entry, const std::string& folder, const Package& package);
  void collect_overrides(const std::vector<DefaultEntry>& entries, const std::string& folder, const Package& package);
  [[nodiscard]] bool removes(const std::string& key, const DefaultEntry& entry);
  void remember(const std::string& key, const DefaultEntry& entry);
  void insert_choices(std::string& text, const DefaultEntry& entry) const;
  void check_used() const;
  [[noreturn]] void fail_missing(const Request& request) const;
  [[noreturn]] void fail_unset(const std::string& group, const std::string& key, const DefaultEntry& entry) const;

  SearchPath& search_path_;
  std::vector<DefaultEntry> added_;
  std::unordered_map<std::string, Choice> overridden_;  // by the key of the group
  std::unordered_map<std::string, Choice> removed_;
  std::unordered_map<std::string, std::string> chosen_;  // key of a group -> its option
  std::vector<std::string> chain_;                       // the files that are being expanded
  std::size_t files_ = 0;
};

}  // namespace core_lib::config
