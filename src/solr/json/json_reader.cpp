// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <limits>

#include <simdjson.h>

#include "core_lib/error/error.hpp"

#include "solr/json/tree.hpp"

namespace core_lib::solr::detail {

namespace ondemand = simdjson::ondemand;
static_assert(json_padding >= simdjson::SIMDJSON_PADDING);

namespace {

/// A parser keeps four bytes for each byte of the longest text it has read; a thread keeps it for the next answer.
ondemand::parser& parser_for(std::size_t size) {
  thread_local std::unique_ptr<ondemand::parser> parser;
  constexpr std::size_t kept = std::size_t{4} << 20U;
  if (!parser || (parser->capacity() > kept && size < kept / 4)) parser = std::make_unique<ondemand::parser>();
  return *parser;
}

}  // namespace

class JsonReader {
 public:
  JsonReader(Tree& tree, ondemand::parser& parser) : tree_(tree), parser_(parser) {}

  void read() {
    std::string& text = tree_.text_;
    text.reserve(text.size() + json_padding);
    std::memset(text.data() + text.size(), 0, 1);  // the padding itself may hold anything
    ondemand::document document = parser_.iterate(text.data(), text.size(), text.capacity());
    tree_.nodes_.reserve(text.size() / 24 + 4);
    read_document(document);
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
      throw simdjson::simdjson_error(simdjson::TRAILING_CONTENT);
  }

 private:
  Node& add(std::string_view key, ValueKind kind) {
    Node& node = tree_.nodes_.emplace_back();
    node.key = key.data();
    node.key_size = static_cast<std::uint32_t>(key.size());
    node.kind = kind;
    return node;
  }

  void read_document(ondemand::document& document) {
    const ondemand::json_type type = document.type();
    if (type == ondemand::json_type::object) {
      read_object(document.get_object(), {}, 0);
    } else if (type == ondemand::json_type::array) {
      read_array(document.get_array(), {}, 0);
    } else {
      throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
    }
  }

  void read_object(ondemand::object object, std::string_view key, std::size_t depth) {
    const std::size_t at = open(key, ValueKind::object, depth);
    for (auto field : object) {
      const std::string_view name = view_of(field.key());
      read_value(field.value(), name, depth + 1);
    }
    close(at);
  }

  void read_array(ondemand::array array, std::string_view key, std::size_t depth) {
    const std::size_t at = open(key, ValueKind::array, depth);
    for (ondemand::value element : array) read_value(element, {}, depth + 1);
    close(at);
  }

  void read_value(ondemand::value value, std::string_view key, std::size_t depth) {
    switch (value.type()) {
      case ondemand::json_type::object:
        read_object(value.get_object(), key, depth);
        return;
      case ondemand::json_type::array:
        read_array(value.get_array(), key, depth);
        return;
      case ondemand::json_type::string: {
        const std::string_view text = view_of(value.get_raw_json_string());
        Node& node = add(key, ValueKind::text);
        node.text = text.data();
        node.size = static_cast<std::uint32_t>(text.size());
        return;
      }
      case ondemand::json_type::number:
        read_number(value, key);
        return;
      case ondemand::json_type::boolean:
        add(key, ValueKind::boolean).boolean = value.get_bool();
        return;
      case ondemand::json_type::null:
        if (!value.is_null()) throw simdjson::simdjson_error(simdjson::N_ATOM_ERROR);
        add(key, ValueKind::null);
        return;
    }
    throw simdjson::simdjson_error(simdjson::TAPE_ERROR);
  }

  void read_number(ondemand::value& value, std::string_view key) {
    std::int64_t integer = 0;
    if (value.get_int64().get(integer) == simdjson::SUCCESS) {
      add(key, ValueKind::integer).integer = integer;
      return;
    }
    add(key, ValueKind::real).real = value.get_double();
  }

  std::size_t open(std::string_view key, ValueKind kind, std::size_t depth) {
    if (depth >= Tree::max_depth) throw simdjson::simdjson_error(simdjson::DEPTH_ERROR);
    add(key, kind);
    return tree_.nodes_.size() - 1;
  }

  void close(std::size_t at) { tree_.nodes_[at].size = static_cast<std::uint32_t>(tree_.nodes_.size() - at - 1); }

  /// A text without escapes is viewed where it stands. Stage 1 of the parser has seen to it that there is a quote.
  std::string_view view_of(ondemand::raw_json_string raw) {
    const char* const start = raw.raw();
    const char* const end = tree_.text_.data() + tree_.text_.size();
    const auto* const quote = static_cast<const char*>(std::memchr(start, '"', static_cast<std::size_t>(end - start)));
    if (quote == nullptr) throw simdjson::simdjson_error(simdjson::STRING_ERROR);
    const auto length = static_cast<std::size_t>(quote - start);
    if (std::memchr(start, '\\', length) == nullptr) return {start, length};
    return unescape(raw);
  }

  std::string_view unescape(ondemand::raw_json_string raw) {
    if (!tree_.unescaped_) {
      tree_.unescaped_ = std::make_unique_for_overwrite<char[]>(tree_.text_.size() + json_padding);
      next_ = reinterpret_cast<std::uint8_t*>(tree_.unescaped_.get());
    }
    return parser_.unescape(raw, next_);
  }

  Tree& tree_;
  ondemand::parser& parser_;
  std::uint8_t* next_ = nullptr;
};

std::shared_ptr<const Tree> Tree::parse_json(std::string json, std::string_view what) {
  if (json.size() >= std::numeric_limits<std::uint32_t>::max() - json_padding) {
    throw Error("cannot read " + std::string(what) + ": it is longer than 4 GiB");
  }
  auto tree = std::make_shared<Tree>();
  tree->text_ = std::move(json);
  try {
    JsonReader(*tree, parser_for(tree->text_.size())).read();
  } catch (const simdjson::simdjson_error& error) {
    const char* const why = error.error() == simdjson::UTF8_ERROR    ? "it is no valid UTF-8"
                            : error.error() == simdjson::DEPTH_ERROR ? "it is nested too deeply"
                                                                     : "it is no valid JSON, or was cut short";
    throw Error("cannot read " + std::string(what) + ": " + why, {.status_code = 502});
  }
  return tree;
}

}  // namespace core_lib::solr::detail
