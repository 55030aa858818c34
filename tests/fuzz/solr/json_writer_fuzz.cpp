// SPDX-License-Identifier: Apache-2.0
// What is written is read back as it was: a text as a key and as a value, unless it is no UTF-8, and objects, lists and
// numbers however they lie within each other.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/json_writer.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/json/tree.hpp"

using core_lib::solr::JsonWriter;
using core_lib::solr::Reply;
using core_lib::solr::detail::Tree;

namespace {

void check_text(const std::string& text) {
  std::string json;
  try {
    JsonWriter(json).begin_object().key(text).text(text).end_object();
  } catch (const core_lib::ConversionError&) {
    return;
  }
  const Reply reply(Tree::parse_json(json, "what was written"));
  const auto value = *reply.root().begin();
  if (value.key() != text || value.text() != text) std::abort();
}

/// Follows the bytes: each begins or ends something, or writes the number that follows.
void check_shape(std::string_view bytes) {
  constexpr std::size_t deepest = 100;
  std::string json;
  JsonWriter writer(json);
  std::string open = "[";
  writer.begin_array();
  const auto end = [&] {
    open.back() == '[' ? writer.end_array() : writer.end_object();
    open.pop_back();
  };
  while (!bytes.empty()) {
    const char what = bytes.front();
    bytes.remove_prefix(1);
    if (what % 5 == 0 && open.size() > 1) {
      end();
      continue;
    }
    if (open.back() == '{') writer.key(what % 2 == 0 ? "same" : "other");
    if (what % 5 <= 2 && open.size() < deepest) {
      const bool object = what % 5 == 1;
      object ? writer.begin_object() : writer.begin_array();
      open += object ? '{' : '[';
      continue;
    }
    std::uint64_t bits = 0;
    const std::size_t size = std::min(bytes.size(), sizeof bits);
    std::memcpy(&bits, bytes.data(), size);
    bytes.remove_prefix(size);
    const double real = std::bit_cast<double>(bits);
    if (what % 5 == 3 && real - real == 0) {
      writer.real(real);
    } else {
      writer.integer(std::bit_cast<std::int64_t>(bits));
    }
  }
  while (!open.empty()) end();
  if (Reply(Tree::parse_json(json, "what was written")).root().json() != json) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  check_text(text);
  check_shape(text);
  return 0;
}
