// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_composer.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unordered_map>
#include <utility>

#include <yaml.h>

#include "core_lib/error/error.hpp"

#include "config/interpolation.hpp"
#include "config/scalar_resolver.hpp"
#include "config/utf8.hpp"

namespace core_lib::config {
namespace {

Mark mark_of(const yaml_mark_t& mark) {
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

std::string_view text_of(const yaml_char_t* text) {
  return text == nullptr ? std::string_view{} : reinterpret_cast<const char*>(text);
}

bool is_indented_by_tab(std::string_view text, std::size_t line) {
  for (; line > 0 && !text.empty(); --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find_first_not_of(" \t")).find('\t') != std::string_view::npos;
}

// Owns an event of libyaml.
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }

  yaml_event_t* get() noexcept { return &event_; }
  [[nodiscard]] yaml_event_type_t type() const noexcept { return event_.type; }
  [[nodiscard]] Mark at() const noexcept { return mark_of(event_.start_mark); }
  const yaml_event_t* operator->() const noexcept { return &event_; }

  [[nodiscard]] std::string_view anchor() const {
    switch (event_.type) {
      case YAML_SCALAR_EVENT:
        return text_of(event_.data.scalar.anchor);
      case YAML_SEQUENCE_START_EVENT:
        return text_of(event_.data.sequence_start.anchor);
      case YAML_MAPPING_START_EVENT:
        return text_of(event_.data.mapping_start.anchor);
      case YAML_ALIAS_EVENT:
        return text_of(event_.data.alias.anchor);
      default:
        return {};
    }
  }
  [[nodiscard]] std::string_view tag() const {
    switch (event_.type) {
      case YAML_SCALAR_EVENT:
        return text_of(event_.data.scalar.tag);
      case YAML_SEQUENCE_START_EVENT:
        return text_of(event_.data.sequence_start.tag);
      case YAML_MAPPING_START_EVENT:
        return text_of(event_.data.mapping_start.tag);
      default:
        return {};
    }
  }
  [[nodiscard]] std::string_view scalar() const {
    return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
  }
  [[nodiscard]] bool is_plain() const noexcept { return event_.data.scalar.style == YAML_PLAIN_SCALAR_STYLE; }

 private:
  yaml_event_t event_{};
};

class Composer {
 public:
  Composer(std::string_view text, const std::string& name)
      : text_(text), file_(std::make_shared<const std::string>(name)) {
    if (yaml_parser_initialize(&parser_) == 0) throw ConfigError("cannot read " + name + ": out of memory");
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;
  ~Composer() { yaml_parser_delete(&parser_); }

  Tree compose();

 private:
  struct Merge {
    Mark at;
    const Node* value;
  };
  struct Anchor {
    const Node* node = nullptr;  // null while the value is still being read
  };

  [[noreturn]] void fail(Mark at, const std::string& what) const {
    throw ConfigError(*file_ + ':' + std::to_string(at.line) + ':' + std::to_string(at.column) + ": " + what);
  }
  [[noreturn]] void fail_to_parse() const;
  void next(Event& event);

  Node& make(Kind kind, Mark at);
  Node& value(const Event& event, std::size_t depth);
  Node& scalar(const Event& event);
  Node& list(const Event& event, std::size_t depth);
  Node& map(const Event& event, std::size_t depth);
  Node& expand(const Event& event, std::size_t depth);
  Node& anchored(const Event& event, std::size_t depth);
  std::string map_key(const Event& event) const;
  [[nodiscard]] Kind kind_of(const Event& event) const;
  void add_unique(Node& map, std::string key, Mark at, Node& value) const;
  Node& apply_merges(Node& map, const std::vector<Merge>& merges);
  void take_merged(Node& map, const Merge& merge);
  void check_tag(const Event& event, std::string_view own) const;

  std::string_view text_;
  std::shared_ptr<const std::string> file_;
  yaml_parser_t parser_{};
  Tree tree_;
  std::unordered_map<std::string, Anchor> anchors_;
  std::size_t expanded_ = 0;
};

void Composer::fail_to_parse() const {
  const Mark at = mark_of(parser_.problem_mark);
  std::string what = "not valid YAML";
  if (parser_.problem != nullptr) what += std::string(": ") + parser_.problem;
  if (parser_.context != nullptr) {
    const Mark context = mark_of(parser_.context_mark);
    what += std::string(" (") + parser_.context + " at " + std::to_string(context.line) + ':' +
            std::to_string(context.column) + ')';
  }
  if (is_indented_by_tab(text_, parser_.problem_mark.line)) what += "; tabs cannot indent, use spaces";
  fail(at, what);
}

void Composer::next(Event& event) {
  if (yaml_parser_parse(&parser_, event.get()) == 0) fail_to_parse();
}

Tree Composer::compose() {
  Event stream_start;
  next(stream_start);
  Event document;
  next(document);
  if (document.type() == YAML_STREAM_END_EVENT) {
    tree_.set_root(tree_.make(Kind::map, file_, {1, 1}));
    return std::move(tree_);
  }
  Event first;
  next(first);
  Node* root = &anchored(first, 0);
  Event document_end;
  next(document_end);
  Event after;
  next(after);
  if (after.type() != YAML_STREAM_END_EVENT) {
    fail(after.at(), "a second document begins here; a configuration is one document");
  }
  if (root->kind == Kind::null) {
    root = &tree_.make(Kind::map, file_, root->at);
  } else if (!root->is_container()) {
    if (root->kind != Kind::text) fail(root->at, "a configuration is a map or a list, this is a single value");
    // A lone word is a key without a value, as OmegaConf reads it: a file that is only begun loads.
    Node& map = tree_.make(Kind::map, file_, root->at);
    add_entry(map, root->text, root->at, tree_.make(Kind::null, file_, root->at));
    root = &map;
  }
  tree_.set_root(*root);
  parse_expressions(*root);
  return std::move(tree_);
}

Node& Composer::make(Kind kind, Mark at) {
  if (tree_.size() >= max_nodes) fail(at, "more than " + std::to_string(max_nodes) + " values");
  return tree_.make(kind, file_, at);
}

Node& Composer::anchored(const Event& event, std::size_t depth) {
  if (depth > max_depth) fail(event.at(), "nested deeper than " + std::to_string(max_depth) + " levels");
  const std::string name(event.type() == YAML_ALIAS_EVENT ? std::string_view{} : event.anchor());
  if (name.empty()) return value(event, depth);
  anchors_[name] = {};
  Node& node = value(event, depth);
  anchors_[name] = {&node};
  return node;
}

Node& Composer::value(const Event& event, std::size_t depth) {
  switch (event.type()) {
    case YAML_SCALAR_EVENT:
      return scalar(event);
    case YAML_SEQUENCE_START_EVENT:
      return list(event, depth);
    case YAML_MAPPING_START_EVENT:
      return map(event, depth);
    case YAML_ALIAS_EVENT:
      return expand(event, depth);
    default:
      fail(event.at(), "a value is expected here");
  }
}

void Composer::check_tag(const Event& event, std::string_view own) const {
  const std::string_view tag = event.tag();
  if (tag.empty() || tag == "!" || tag == own) return;
  fail(event.at(), "unknown tag '" + std::string(tag) + "'; only the tags of YAML's own types are read");
}

Kind Composer::kind_of(const Event& event) const {
  const std::string_view tag = event.tag();
  const std::string_view text = event.scalar();
  if (tag.empty()) return event.is_plain() ? resolve_plain(text) : Kind::text;
  if (tag == "!" || tag == YAML_STR_TAG) return Kind::text;
  const Kind found = resolve_plain(text);
  constexpr std::pair<std::string_view, Kind> own[] = {{YAML_INT_TAG, Kind::integer},
                                                       {YAML_FLOAT_TAG, Kind::real},
                                                       {YAML_BOOL_TAG, Kind::boolean},
                                                       {YAML_NULL_TAG, Kind::null}};
  for (const auto& [name, kind] : own) {
    if (tag != name) continue;
    if (found != kind && !(kind == Kind::real && found == Kind::integer)) {
      fail(event.at(), "the tag '" + std::string(tag) + "' does not fit this value");
    }
    return kind;
  }
  check_tag(event, YAML_STR_TAG);
  return Kind::text;
}

Node& Composer::scalar(const Event& event) {
  Node& node = make(kind_of(event), event.at());
  node.text = event.scalar();
  if (node.kind == Kind::text && node.text == "???") node.kind = Kind::missing;
  return node;
}

Node& Composer::list(const Event& event, std::size_t depth) {
  check_tag(event, YAML_SEQ_TAG);
  Node& node = make(Kind::list, event.at());
  while (true) {
    Event element;
    next(element);
    if (element.type() == YAML_SEQUENCE_END_EVENT) return node;
    add_element(node, anchored(element, depth + 1));
  }
}

Node& Composer::map(const Event& event, std::size_t depth) {
  check_tag(event, YAML_MAP_TAG);
  Node& node = make(Kind::map, event.at());
  std::vector<Merge> merges;
  while (true) {
    Event key;
    next(key);
    if (key.type() == YAML_MAPPING_END_EVENT) return merges.empty() ? node : apply_merges(node, merges);
    const bool is_merge = key.type() == YAML_SCALAR_EVENT && key.is_plain() && key.scalar() == "<<";
    std::string name = map_key(key);
    if (!key.anchor().empty() && key.type() == YAML_SCALAR_EVENT) {
      anchors_[std::string(key.anchor())] = {&scalar(key)};
    }
    Event event_of_value;
    next(event_of_value);
    Node& entry = anchored(event_of_value, depth + 1);
    if (!is_merge) {
      add_unique(node, std::move(name), key.at(), entry);
    } else if (merges.empty()) {
      merges.push_back({key.at(), &entry});
    } else {
      fail(key.at(), "duplicate key '<<'; the first is at " + std::to_string(merges[0].at.line) + ':' +
                         std::to_string(merges[0].at.column) + "; merge several maps with <<: [*a, *b]");
    }
  }
}

std::string Composer::map_key(const Event& event) const {
  if (event.type() == YAML_SCALAR_EVENT) {
    if (kind_of(event) == Kind::null) fail(event.at(), "a key must not be null; quote it if it is text");
    return std::string(event.scalar());
  }
  if (event.type() == YAML_ALIAS_EVENT) {
    const auto found = anchors_.find(std::string(event.anchor()));
    if (found == anchors_.end()) fail(event.at(), "unknown alias '*" + std::string(event.anchor()) + "'");
    const Node* node = found->second.node;
    if (node != nullptr && !node->is_container() && node->kind != Kind::null) return node->text;
  }
  fail(event.at(), "a key must be a single value, not a map or a list");
}

void Composer::add_unique(Node& map, std::string key, Mark at, Node& value) const {
  if (const Node* first = map.find(key)) {
    fail(at, "duplicate key '" + key + "'; the first is at " + std::to_string(first->key_at.line) + ':' +
                 std::to_string(first->key_at.column));
  }
  add_entry(map, std::move(key), at, value);
}

// Merged entries come first, an entry of the map itself takes the place of a merged one.
Node& Composer::apply_merges(Node& map, const std::vector<Merge>& merges) {
  Node& result = make(Kind::map, map.at);
  for (const Merge& merge : merges) take_merged(result, merge);
  for (Node* entry : map.children) {
    if (const Node* merged = result.find(entry->key)) {
      replace_child(result, merged->index, *entry, entry->key_at);
    } else {
      add_entry(result, entry->key, entry->key_at, *entry);
    }
  }
  return result;
}

void Composer::take_merged(Node& map, const Merge& merge) {
  const Node& source = *merge.value;
  if (source.kind == Kind::list) {
    for (const Node* element : source.children) {
      if (element->kind != Kind::map) fail(merge.at, "'<<' takes a map or a list of maps");
      take_merged(map, {merge.at, element});
    }
    return;
  }
  if (source.kind != Kind::map) fail(merge.at, "'<<' takes a map or a list of maps");
  for (Node* entry : source.children) {
    if (map.find(entry->key) == nullptr) add_entry(map, entry->key, entry->key_at, *entry);
  }
}

struct Extent {
  std::size_t nodes = 0;
  std::size_t height = 0;
};

Extent measure(const Node& node) {
  Extent extent{1, 0};
  for (const Node* child : node.children) {
    const Extent inner = measure(*child);
    extent.nodes += inner.nodes;
    extent.height = std::max(extent.height, inner.height + 1);
  }
  return extent;
}

// An alias becomes a copy, so that every value has one path; the copies are counted.
Node& Composer::expand(const Event& event, std::size_t depth) {
  const auto found = anchors_.find(std::string(event.anchor()));
  const std::string name = "'*" + std::string(event.anchor()) + "'";
  if (found == anchors_.end()) fail(event.at(), "unknown alias " + name);
  if (found->second.node == nullptr) fail(event.at(), "the alias " + name + " stands inside of what it names");
  const Node& source = *found->second.node;
  const Extent extent = measure(source);
  expanded_ += extent.nodes;
  const std::size_t total = tree_.size() + extent.nodes;
  const std::size_t written = total - expanded_;
  const bool exploding = total > 1'000 && total > max_expansion_ratio * std::max<std::size_t>(written, 1);
  if (expanded_ > max_expanded_nodes || exploding) {
    fail(event.at(), "aliases expand to too many values (at " + name + "): at most " +
                         std::to_string(max_expanded_nodes) + ", and " + std::to_string(max_expansion_ratio) +
                         " for each one written");
  }
  if (depth + extent.height > max_depth) {
    fail(event.at(), "nested deeper than " + std::to_string(max_depth) + " levels");
  }
  return tree_.copy(source);
}

}  // namespace

Tree compose_yaml(std::string_view text, const std::string& name) {
  if (text.size() > max_file_size) throw ConfigError(name + ": larger than 16 MiB");
  check_text(text, name);
  return Composer(text, name).compose();
}

std::string read_file(const std::string& path) {
  const auto refuse = [&](const std::string& reason) -> ConfigError {
    return ConfigError("cannot read the configuration file '" + path + "': " + reason);
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) throw refuse(std::strerror(errno));
  std::string text;
  char block[8192];
  while (const std::size_t count = std::fread(block, 1, sizeof block, file.get())) {
    text.append(block, count);
    if (text.size() > max_file_size) throw refuse("larger than 16 MiB");
  }
  if (std::ferror(file.get()) != 0) throw refuse(std::strerror(errno));
  return text;
}

}  // namespace core_lib::config
