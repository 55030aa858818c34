// SPDX-License-Identifier: Apache-2.0
#include "solr/json/javabin_reader.hpp"

#include "core_lib/error/error.hpp"

namespace core_lib::solr::detail {

std::shared_ptr<const Tree> Tree::parse_javabin(std::string bytes, std::string_view what) {
  auto tree = std::make_shared<Tree>();
  if (bytes.size() < std::numeric_limits<std::uint32_t>::max()) {
    tree->text_ = std::move(bytes);
    try {
      JavabinReader(*tree).read();
      return tree;
    } catch (const JavabinReader::Malformed&) {
    }
  }
  throw Error("cannot read " + std::string(what) + ": it is no javabin of version 2, or was cut short",
              {.status_code = 502});
}

}  // namespace core_lib::solr::detail
