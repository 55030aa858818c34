// SPDX-License-Identifier: Apache-2.0
// Any bytes are either refused as a whole or a tree whose every value can be visited.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/json/tree.hpp"

using core_lib::solr::Reply;
using core_lib::solr::Value;
using core_lib::solr::detail::Tree;

namespace {

std::size_t count(Value value) {
  std::size_t values = 1;
  for (const Value child : value) values += count(child) + child.key().size() * 0;
  return values;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string input(reinterpret_cast<const char*>(bytes), size);
  try {
    const Reply reply(Tree::parse_javabin(std::move(input), "the input"));
    if (count(reply.root()) > 2 * size) std::abort();
  } catch (const core_lib::Error&) {
  }
  return 0;
}
