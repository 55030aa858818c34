// SPDX-License-Identifier: Apache-2.0
// Any bytes are either refused as a whole or a tree whose every value can be visited, and which reads the same again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/json/tree.hpp"

using core_lib::solr::Reply;
using core_lib::solr::detail::Tree;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string json(reinterpret_cast<const char*>(bytes), size);
  try {
    const Reply reply(Tree::parse_json(std::move(json), "the input"));
    const std::string once = reply.root().json();
    const std::string twice = Reply(Tree::parse_json(once, "the input")).root().json();
    if (once != twice) std::abort();
  } catch (const core_lib::Error&) {
  }
  return 0;
}
