// SPDX-License-Identifier: Apache-2.0
#include "config/path.hpp"

#include <charconv>

#include "core_lib/error/error.hpp"

namespace core_lib::config {
namespace {

[[noreturn]] void refuse(std::string_view path, std::string_view why) {
  throw ConfigError("the path '" + std::string(path) + "' " + std::string(why) +
                    "; paths look like a.b, a[0].b or a\\.b for a key with a dot");
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> steps;
  std::string step;
  bool after_bracket = false;
  const auto finish = [&] {
    if (step.empty() && !after_bracket) refuse(path, "has an empty part");
    if (!step.empty()) steps.push_back(std::move(step));
    step.clear();
    after_bracket = false;
  };
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '\\' && i + 1 < path.size() && (path[i + 1] == '.' || path[i + 1] == '[' || path[i + 1] == '\\')) {
      step += path[++i];
    } else if (c == '.') {
      finish();
      if (i + 1 == path.size()) refuse(path, "ends with a dot");
    } else if (c == '[') {
      if (i > 0 && path[i - 1] == '.' && step.empty()) refuse(path, "has an empty part");
      const auto close = path.find(']', i);
      if (close == std::string_view::npos || close == i + 1) refuse(path, "has a bracket without an index");
      if (!step.empty()) steps.push_back(std::move(step));
      step.clear();
      steps.emplace_back(path.substr(i + 1, close - i - 1));
      after_bracket = true;
      i = close;
    } else {
      if (after_bracket) refuse(path, "needs a dot after a bracket");
      step += c;
    }
  }
  finish();
  return steps;
}

void append_key(std::string& path, std::string_view key) {
  if (!path.empty()) path += '.';
  for (const char c : key) {
    if (c == '.' || c == '[' || c == '\\') path += '\\';
    path += c;
  }
}

std::size_t list_index(std::string_view step) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  return error == std::errc{} && end == step.data() + step.size() && !step.empty() ? index : std::string::npos;
}

}  // namespace core_lib::config
