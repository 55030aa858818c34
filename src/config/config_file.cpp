// SPDX-License-Identifier: Apache-2.0
#include "config/config_file.hpp"

#include <algorithm>
#include <utility>

#include "core_lib/error/error.hpp"

#include "config/access.hpp"
#include "config/yaml_composer.hpp"

namespace core_lib::config {
namespace {

constexpr std::string_view blank = " \t\r";

[[noreturn]] void refuse(const std::string& where, const std::string& what) { throw ConfigError(where + ": " + what); }

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blank), text.size()));
  return text.substr(0, text.find_last_not_of(blank) + 1);
}

// The words of a header line, "# @package a.b"; nothing for another line.
std::vector<std::string> header_words(std::string_view line) {
  if (!line.starts_with('#')) return {};
  line = trimmed(line.substr(std::min(line.find_first_not_of('#'), line.size())));
  if (!line.starts_with('@')) return {};
  std::vector<std::string> words = split(line.substr(1), ' ');
  std::erase(words, "");
  return words;
}

// Looks through the comments at the head of a file.
std::optional<Package> header_package(std::string_view text, const std::string& file) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::optional<Package> package;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && line[0] != '#') break;
    const std::vector<std::string> words = header_words(line);
    if (words.empty() || words[0] != "package") continue;
    const std::string where = file + ':' + std::to_string(number) + ":1";
    if (words.size() != 2) refuse(where, "this header is '# @package NAME', with one name");
    if (words[1] == "_group_") continue;
    package = read_package(words[1], where);
    package->insert(package->begin(), "_global_");
  }
  return package;
}

std::string scalar_text(const Node& node, const std::string& what) {
  if (node.is_container() || node.kind == Kind::null) {
    refuse(node.where(), "expected " + what + ", found " + std::string(name_of(node.kind)));
  }
  return node.text;
}

void read_options(DefaultEntry& entry, const Node& value) {
  entry.is_list = value.kind == Kind::list;
  if (value.kind == Kind::null) return;
  const std::string what = "the name of an option, a list of names, or null";
  if (!entry.is_list) {
    entry.options.push_back(scalar_text(value, what));
    return;
  }
  for (const Node* option : value.children) entry.options.push_back(scalar_text(*option, "the name of an option"));
}

DefaultEntry group_entry(const Node& node) {
  if (node.children.size() != 1) {
    refuse(node.where(), "an entry with a group is one '- group: option', here are " +
                             std::to_string(node.children.size()) + " keys");
  }
  const Node& value = *node.children[0];
  DefaultEntry entry{.kind = DefaultEntry::Kind::group, .where = value.key_where()};
  std::vector<std::string> words = split(value.key, ' ');
  std::erase(words, "");
  if (words.empty()) refuse(entry.where, "a group needs a name");
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i] != "optional" && words[i] != "override") {
      refuse(entry.where, "unknown word '" + words[i] + "' before a group; known: optional, override");
    }
    (words[i] == "optional" ? entry.is_optional : entry.is_override) = true;
  }
  read_entry_name(entry, words.back());
  read_options(entry, value);
  return entry;
}

DefaultEntry config_entry(const Node& node) {
  DefaultEntry entry{.kind = DefaultEntry::Kind::config, .where = node.where()};
  std::string text = scalar_text(node, "the name of a configuration, or 'group: option'");
  constexpr std::string_view optional = "optional ";
  if (text.starts_with(optional)) {
    entry.is_optional = true;
    text.erase(0, optional.size());
  }
  if (text.starts_with("override ")) refuse(entry.where, "only a group can be overridden: - override group: option");
  read_entry_name(entry, text);
  if (entry.name == "_self_") entry.kind = DefaultEntry::Kind::self;
  if (entry.kind == DefaultEntry::Kind::self && entry.package) refuse(entry.where, "_self_ takes no package");
  return entry;
}

bool is_self(const DefaultEntry& entry) { return entry.kind == DefaultEntry::Kind::self; }

std::vector<DefaultEntry> read_entries(const Node* list) {
  std::vector<DefaultEntry> entries;
  if (list != nullptr && list->kind != Kind::null) {
    if (list->kind != Kind::list) {
      refuse(list->key_where(), "'defaults' is a list of configurations, found " + std::string(name_of(list->kind)));
    }
    for (const Node* node : list->children) {
      entries.push_back(node->kind == Kind::map ? group_entry(*node) : config_entry(*node));
      if (is_self(entries.back()) && std::count_if(entries.begin(), entries.end(), is_self) > 1) {
        refuse(node->where(), "_self_ stands in this list twice");
      }
    }
  }
  if (std::none_of(entries.begin(), entries.end(), is_self)) {
    // Overrides close a list, so that the file itself comes before them.
    const auto first_override =
        std::find_if(entries.begin(), entries.end(), [](const DefaultEntry& entry) { return entry.is_override; });
    entries.insert(first_override, {.kind = DefaultEntry::Kind::self, .name = "_self_"});
  }
  return entries;
}

void check_order(const std::vector<DefaultEntry>& entries) {
  const auto is_override = [](const DefaultEntry& entry) { return entry.is_override; };
  const auto first = std::find_if(entries.begin(), entries.end(), is_override);
  const auto late = std::find_if(first, entries.end(),
                                 [&](const DefaultEntry& entry) { return !is_override(entry) && !is_self(entry); });
  if (late != entries.end()) refuse(late->where, "entries with 'override' stand at the end of the list");
}

}  // namespace

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
    if (text.empty()) parts.emplace_back();
  }
  return parts;
}

Package read_package(std::string_view text, const std::string& where) {
  if (text == "_here_") return {};
  Package package = split(text, '.');
  if (package.empty() || std::find(package.begin(), package.end(), "") != package.end()) {
    refuse(where, "a package looks like a.b, _global_ or _here_");
  }
  return package;
}

void read_entry_name(DefaultEntry& entry, std::string_view text) {
  const std::size_t at = text.find('@');
  entry.name = text.substr(0, at);
  if (entry.name.empty() || entry.name == "/") refuse(entry.where, "a name is missing before '@' or ':'");
  if (at != std::string_view::npos) entry.package = read_package(text.substr(at + 1), entry.where);
}

std::shared_ptr<const ConfigFile> read_config_file(const std::string& name, const std::string& path) {
  const std::string text = read_file(path);
  auto file = std::make_shared<ConfigFile>(ConfigFile{.name = name, .tree = compose_yaml(text, path)});
  Node& root = file->tree.own_root();
  if (root.kind != Kind::map) refuse(root.where(), "a configuration to compose is a map, this is a list");
  file->package = header_package(text, path);
  const Node* list = root.find("defaults");
  file->defaults = read_entries(list);
  check_order(file->defaults);
  if (list != nullptr) remove_child(root, list->index);
  return file;
}

}  // namespace core_lib::config
