// SPDX-License-Identifier: Apache-2.0
#include "config/defaults_list.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core_lib/error/error.hpp"

#include "config/interpolation.hpp"
#include "config/near_names.hpp"

namespace core_lib::config {
namespace {

constexpr std::size_t max_files = 1'000;
constexpr std::size_t max_package = 50;

std::string joined(const Package& package) {
  std::string text;
  for (const std::string& part : package) text += (text.empty() ? "" : ".") + part;
  return text;
}

std::string folder_of(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string::npos ? "" : name.substr(0, slash);
}

std::string last_part(const std::string& name) { return name.substr(name.rfind('/') + 1); }

bool is_absolute(const DefaultEntry& entry) { return entry.name.starts_with('/'); }

std::string relative_name(const DefaultEntry& entry) { return entry.name.substr(is_absolute(entry) ? 1 : 0); }

// The name from the search path's top of what a file in a folder names.
std::string full_name(const DefaultEntry& entry, const std::string& folder) {
  return is_absolute(entry) || folder.empty() ? relative_name(entry) : folder + '/' + entry.name;
}

Package below(const Package& parent, const Package& inner) {
  Package package = parent;
  package.insert(package.end(), inner.begin(), inner.end());
  const auto global = std::find(package.rbegin(), package.rend(), "_global_");
  package.erase(package.begin(), global.base());
  return package;
}

// "db", or "db@backup" where its content goes elsewhere than its name says.
std::string group_key(const DefaultEntry& entry, const std::string& folder, const Package& parent) {
  const std::string group = full_name(entry, folder);
  const Package package = below(parent, entry.package ? *entry.package : split(relative_name(entry), '/'));
  if (package == split(group, '/')) return group;
  return group + '@' + (package.empty() ? "_global_" : joined(package));
}

// Of Hydra itself: its launchers, its logging.
bool is_hydra(const std::string& name) { return name == "hydra" || name.starts_with("hydra/"); }

bool needs_choices(const DefaultEntry& entry) {
  return has_interpolation(entry.name) || std::any_of(entry.options.begin(), entry.options.end(),
                                                      [](const auto& text) { return has_interpolation(text); });
}

template <class Map>
std::vector<std::string> keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

[[noreturn]] void refuse(const DefaultEntry& entry, const std::string& what) {
  throw ConfigError(entry.where + ": " + what);
}

}  // namespace

bool DefaultsList::take(const Override& change) {
  if (!search_path_.has_group(change.key)) return false;
  const Literal* value = change.value ? &*change.value : nullptr;
  if (value != nullptr && value->shape == Literal::Shape::map) return false;
  DefaultEntry entry{.kind = DefaultEntry::Kind::group,
                     .name = '/' + change.key,
                     .package = change.package,
                     .where = "override '" + change.where + "'"};
  const auto add_option = [&](const Literal& literal) {
    const bool is_text = literal.shape == Literal::Shape::word || literal.shape == Literal::Shape::quoted;
    if (!is_text || !literal.text.is_literal())
      refuse(entry, "a group takes the name of an option, a list of names, or null");
    entry.options.push_back(literal.text.literal());
  };
  if (value != nullptr && value->shape == Literal::Shape::list) {
    entry.is_list = true;
    for (const Literal& element : value->elements) add_option(element);
  } else if (value != nullptr && !is_null(*value)) {
    add_option(*value);
  }
  const std::string key = change.key + (change.package ? '@' + joined(*change.package) : "");
  switch (change.action) {
    case Override::Action::change:
      overridden_[key] = {entry.options, entry.is_list, entry.where};
      break;
    case Override::Action::add:
      added_.push_back(std::move(entry));
      break;
    case Override::Action::remove:
      removed_[key] = {entry.options, entry.is_list, entry.where};
      break;
    case Override::Action::change_or_add:
      refuse(entry, "a group takes no '++'; choose with " + key + "=..., or add with +" + key + "=...");
  }
  return true;
}

std::vector<DefaultsList::Part> DefaultsList::parts(const std::string& primary) {
  const DefaultEntry entry{.name = '/' + primary, .where = "compose '" + primary + "'"};
  const Package root;
  std::vector<Part> result = file({primary, root, entry});
  check_used();
  return result;
}

std::vector<DefaultsList::Part> DefaultsList::file(const Request& request) {
  const auto found = search_path_.find(request.name, request.entry.where);
  if (found == nullptr && request.entry.is_optional) return {};
  if (found == nullptr) fail_missing(request);
  if (std::find(chain_.begin(), chain_.end(), request.name) != chain_.end()) {
    std::string cycle;
    for (const std::string& name : chain_) cycle += name + " -> ";
    refuse(request.entry, "the defaults are cyclic: " + cycle + request.name);
  }
  if (++files_ > max_files) refuse(request.entry, "more than 1,000 files in the defaults");
  Package inner = split(relative_name(request.entry), '/');
  if (request.entry.kind == DefaultEntry::Kind::config) inner.pop_back();
  if (request.entry.package) {
    inner = *request.entry.package;
  } else if (found->package) {
    inner = *found->package;
  }
  const Package package = below(request.parent, inner);
  if (package.size() > max_package) refuse(request.entry, "its package has more than 50 parts");
  chain_.push_back(request.name);
  std::vector<Part> result = expand(found, package);
  chain_.pop_back();
  return result;
}

std::vector<DefaultsList::Part> DefaultsList::expand(const std::shared_ptr<const ConfigFile>& file,
                                                     const Package& package) {
  std::vector<DefaultEntry> entries = file->defaults;
  if (chain_.size() == 1) entries.insert(entries.end(), added_.begin(), added_.end());
  const std::string folder = folder_of(file->name);
  collect_overrides(entries, folder, package);
  std::vector<std::vector<Part>> results(entries.size());
  // What depends on the choices of others waits for them.
  for (const bool late : {false, true}) {
    for (std::size_t i = entries.size(); i-- > 0;) {
      if (needs_choices(entries[i]) != late) continue;
      if (entries[i].kind == DefaultEntry::Kind::self) {
        results[i] = {{file, package}};
      } else if (!entries[i].is_override) {
        results[i] = include(entries[i], folder, package);
      }
    }
  }
  std::vector<Part> parts;
  for (auto& result : results) std::move(result.begin(), result.end(), std::back_inserter(parts));
  return parts;
}

void DefaultsList::collect_overrides(const std::vector<DefaultEntry>& entries, const std::string& folder,
                                     const Package& package) {
  for (const DefaultEntry& entry : entries) {
    if (!entry.is_override || is_hydra(full_name(entry, folder))) continue;
    if (needs_choices(entry)) refuse(entry, "an override cannot depend on other choices");
    overridden_.try_emplace(group_key(entry, folder, package), Choice{entry.options, entry.is_list, entry.where});
  }
}

std::vector<DefaultsList::Part> DefaultsList::include(DefaultEntry entry, const std::string& folder,
                                                      const Package& package) {
  insert_choices(entry.name, entry);
  for (std::string& option : entry.options) insert_choices(option, entry);
  const std::string name = full_name(entry, folder);
  if (is_hydra(name)) return {};
  if (entry.kind == DefaultEntry::Kind::config) return file({name, package, entry});
  return group(std::move(entry), folder, package);
}

std::vector<DefaultsList::Part> DefaultsList::group(DefaultEntry entry, const std::string& folder,
                                                    const Package& package) {
  const std::string name = full_name(entry, folder);
  const std::string key = group_key(entry, folder, package);
  if (const auto choice = overridden_.find(key); choice != overridden_.end()) {
    choice->second.is_used = true;
    entry.options = choice->second.options;
    entry.is_list = choice->second.is_list;
    entry.where = choice->second.where;
  }
  if (removes(key, entry)) return {};
  remember(key, entry);
  std::vector<std::vector<Part>> results(entry.options.size());
  for (std::size_t i = entry.options.size(); i-- > 0;) {
    if (entry.options[i] == "???") fail_unset(name, key, entry);
    results[i] = file({name + '/' + entry.options[i], package, entry});
  }
  std::vector<Part> parts;
  for (auto& result : results) std::move(result.begin(), result.end(), std::back_inserter(parts));
  return parts;
}

bool DefaultsList::removes(const std::string& key, const DefaultEntry& entry) {
  const auto removal = removed_.find(key);
  if (removal == removed_.end()) return false;
  const std::vector<std::string>& only = removal->second.options;
  if (!only.empty() && only != entry.options) return false;
  removal->second.is_used = true;
  return true;
}

void DefaultsList::remember(const std::string& key, const DefaultEntry& entry) {
  if (entry.is_list) return;  // several options are meant to meet others
  const std::string option = entry.options.empty() ? "" : last_part(entry.options[0]);
  if (!chosen_.try_emplace(key, option).second) {
    refuse(entry, "the group '" + key + "' is in the defaults twice; to choose another option write '- override " +
                      key + ": option', to have both give one a package: '" + key.substr(0, key.find('@')) +
                      "@package'");
  }
}

// Puts the choices made so far into "${db}_extra".
void DefaultsList::insert_choices(std::string& text, const DefaultEntry& entry) const {
  if (!has_interpolation(text)) return;
  std::string result;
  try {
    for (const Piece& piece : parse_interpolated(text).pieces) {
      result += piece.literal;
      if (piece.interpolation == nullptr) continue;
      const auto* reference = std::get_if<Reference>(&piece.interpolation->what);
      const bool is_key = reference != nullptr && reference->dots == 0 && reference->steps.size() == 1 &&
                          reference->steps[0].name.is_literal();
      const std::string key = is_key ? reference->steps[0].name.literal() : "";
      const auto choice = chosen_.find(key);
      if (choice == chosen_.end()) {
        refuse(entry, "an interpolation in defaults names a group that is chosen; '" + key + "' is none" +
                          suggest(key, keys_of(chosen_)));
      }
      result += choice->second;
    }
  } catch (const GrammarError& error) {
    refuse(entry, "malformed interpolation, at character " + std::to_string(error.offset + 1) + ": " + error.what);
  }
  text = std::move(result);
}

void DefaultsList::check_used() const {
  const auto check = [&](const std::unordered_map<std::string, Choice>& choices, bool adds_hint) {
    for (const std::string& key : keys_of(choices)) {
      const Choice& choice = choices.at(key);
      if (choice.is_used) continue;
      std::string what = "the defaults have no group '" + key + "'" + suggest(key, keys_of(chosen_));
      if (adds_hint) what += "; to add it, write +" + key + "=...";
      throw ConfigError(choice.where + ": " + what);
    }
  };
  check(overridden_, true);
  check(removed_, false);
}

void DefaultsList::fail_missing(const Request& request) const {
  refuse(request.entry, "no configuration file '" + request.name + ".yaml' in " + search_path_.description() +
                            suggest(last_part(request.name), search_path_.options(folder_of(request.name))));
}

void DefaultsList::fail_unset(const std::string& group, const std::string& key, const DefaultEntry& entry) const {
  std::string options;
  for (const std::string& option : search_path_.options(group)) options += (options.empty() ? "" : ", ") + option;
  refuse(entry, "the group '" + key + "' needs a choice: ???; choose with " + key + "=... one of: " + options);
}

}  // namespace core_lib::config
