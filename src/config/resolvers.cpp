// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/resolvers.hpp"

#include <algorithm>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

bool is_resolver_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  bool part_begins = true;
  for (const char c : name) {
    if (part_begins && !is_letter(c)) return false;
    if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.') return false;
    part_begins = c == '.';
  }
  return !part_begins;
}

}  // namespace

Resolvers& Resolvers::add(std::string name, Function function) {
  if (!is_resolver_name(name))
    throw UsageError("'" + name + "' cannot be the name of a resolver; names look like app.secret");
  if (!function) throw UsageError("the resolver '" + name + "' has no function");
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.name == name; });
  if (found != entries_.end()) {
    found->function = std::move(function);
  } else {
    entries_.push_back({std::move(name), std::move(function)});
  }
  return *this;
}

const Resolvers::Function* Resolvers::find(std::string_view name) const noexcept {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.name == name; });
  return found == entries_.end() ? nullptr : &found->function;
}

std::vector<std::string> Resolvers::names() const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) names.push_back(entry.name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace core_lib
