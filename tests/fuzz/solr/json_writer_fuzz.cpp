// SPDX-License-Identifier: Apache-2.0
// A text is either refused, for it is no UTF-8, or read back as it was, as a key and as a value.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/json_writer.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/json/tree.hpp"

using core_lib::solr::JsonWriter;
using core_lib::solr::Reply;
using core_lib::solr::detail::Tree;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  std::string json;
  try {
    JsonWriter(json).begin_object().key(text).text(text).end_object();
  } catch (const core_lib::ConversionError&) {
    return 0;
  }
  const Reply reply(Tree::parse_json(json, "what was written"));
  const auto value = *reply.root().begin();
  if (value.key() != text || value.text() != text) std::abort();
  return 0;
}
