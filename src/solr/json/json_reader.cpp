// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <memory>
#include <new>

#include <simdjson.h>

#include "core_lib/error/error.hpp"

#include "solr/json/tree.hpp"

namespace core_lib::solr::detail {

// Not its on-demand reader, whose instructions are chosen when we are compiled: without AVX2 then, a page of 1,000
// documents takes 1.6 times as long as with this one, which chooses when it runs.
namespace dom = simdjson::dom;
static_assert(json_padding >= simdjson::SIMDJSON_PADDING);

namespace {

/// A parser keeps four bytes for each byte of the longest text it has read; a thread keeps it for the next answer.
dom::parser& parser_for(std::size_t size) {
  thread_local std::unique_ptr<dom::parser> parser;
  constexpr std::size_t kept = std::size_t{4} << 20U;
  if (!parser || (parser->capacity() > kept && size < kept / 4)) parser = std::make_unique<dom::parser>();
  return *parser;
}

const char* reason(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "it is no valid UTF-8";
    case simdjson::DEPTH_ERROR:
      return "it is nested too deeply";
    case simdjson::NUMBER_ERROR:
      return "it holds a number that is none, or an integer of more than 64 bits";
    default:
      return "it is no valid JSON, or was cut short";
  }
}

}  // namespace

/// Nodes for what simdjson has read, all of which it has checked by then.
class JsonReader {
 public:
  explicit JsonReader(Tree& tree) : tree_(tree) {}

  void read(dom::element root) {
    if (!root.is_object() && !root.is_array()) throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
    read_value(root, {}, 0);
  }

 private:
  void read_value(dom::element value, std::string_view key, std::size_t depth) {
    switch (value.type()) {
      case dom::element_type::OBJECT: {
        const std::size_t at = open(key, ValueKind::object, depth);
        for (const auto& [name, member] : dom::object(value)) read_value(member, name, depth + 1);
        tree_.close(at);
        return;
      }
      case dom::element_type::ARRAY: {
        const std::size_t at = open(key, ValueKind::array, depth);
        for (const dom::element element : dom::array(value)) read_value(element, {}, depth + 1);
        tree_.close(at);
        return;
      }
      case dom::element_type::STRING:
        tree_.add_text(key, value.get_string().value_unsafe());
        return;
      case dom::element_type::INT64:
        tree_.add(key, ValueKind::integer).integer = value.get_int64().value_unsafe();
        return;
      case dom::element_type::UINT64:  // beyond those
        tree_.add(key, ValueKind::real).real = static_cast<double>(value.get_uint64().value_unsafe());
        return;
      case dom::element_type::DOUBLE:
        tree_.add(key, ValueKind::real).real = value.get_double().value_unsafe();
        return;
      case dom::element_type::BOOL:
        tree_.add(key, ValueKind::boolean).boolean = value.get_bool().value_unsafe();
        return;
      case dom::element_type::NULL_VALUE:
        tree_.add(key, ValueKind::null);
        return;
    }
  }

  std::size_t open(std::string_view key, ValueKind kind, std::size_t depth) {
    if (depth >= Tree::max_depth) throw simdjson::simdjson_error(simdjson::DEPTH_ERROR);
    return tree_.open(key, kind);
  }

  Tree& tree_;
};

std::shared_ptr<const Tree> Tree::parse_json(std::string json, std::string_view what) {
  if (json.size() >= std::numeric_limits<std::uint32_t>::max() - json_padding) {
    throw Error("cannot read " + std::string(what) + ": it is longer than 4 GiB");
  }
  json.reserve(json.size() + json_padding);
  auto tree = std::make_shared<Tree>();
  std::shared_ptr<void>& document = tree->memory_->document;
  if (document == nullptr) document = std::make_shared<dom::document>();
  tree->memory_->longest = std::max(tree->memory_->longest, json.size());
  try {
    const dom::element root =
        parser_for(json.size())
            .parse_into_document(*static_cast<dom::document*>(document.get()), json.data(), json.size(), false);
    tree->make_room(json.size() / 16 + 4);
    JsonReader(*tree).read(root);
  } catch (const simdjson::simdjson_error& error) {
    if (error.error() == simdjson::MEMALLOC) throw std::bad_alloc();
    throw Error("cannot read " + std::string(what) + ": " + reason(error.error()), {.status_code = 502});
  }
  return tree;
}

}  // namespace core_lib::solr::detail
