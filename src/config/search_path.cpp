// SPDX-License-Identifier: Apache-2.0
#include "config/search_path.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::config {
namespace {

constexpr std::string_view suffix = ".yaml";

// A name stays inside of the folder that it is looked for in.
bool is_name(const std::string& name) {
  const std::vector<std::string> parts = split(name, '/');
  const auto is_part = [](const std::string& part) {
    return !part.empty() && part != "." && part != ".." && part.find('\0') == std::string::npos;
  };
  return !parts.empty() && std::all_of(parts.begin(), parts.end(), is_part);
}

bool is_file(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::exists(path, error) && !std::filesystem::is_directory(path, error);
}

bool is_folder(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

}  // namespace

SearchPath::SearchPath(std::vector<std::string> folders) : folders_(std::move(folders)) {}

std::shared_ptr<const ConfigFile> SearchPath::find(const std::string& name, const std::string& where) {
  if (!is_name(name)) {
    throw ConfigError(where + ": '" + name + "' is not the name of a configuration; names look like db/sqlite");
  }
  if (const auto known = files_.find(name); known != files_.end()) return known->second;
  for (const std::string& folder : folders_) {
    const auto path = std::filesystem::path(folder) / (name + std::string(suffix));
    if (!is_file(path)) continue;
    return files_[name] = read_config_file(name, path.string());
  }
  return nullptr;
}

bool SearchPath::has_group(const std::string& name) const {
  return is_name(name) && std::any_of(folders_.begin(), folders_.end(), [&](const std::string& folder) {
           return is_folder(std::filesystem::path(folder) / name);
         });
}

std::vector<std::string> SearchPath::options(const std::string& group) const {
  std::vector<std::string> names;
  for (const std::string& folder : folders_) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(std::filesystem::path(folder) / group, error), end;
         !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() == suffix && is_file(entry->path())) names.push_back(entry->path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string SearchPath::description() const {
  if (folders_.empty()) return "an empty search path";
  std::string text;
  for (const std::string& folder : folders_) {
    text += (text.empty() ? "'" : ", '") + folder + "'" + (is_folder(folder) ? "" : " (no such folder)");
  }
  return text;
}

}  // namespace core_lib::config
