// SPDX-License-Identifier: Apache-2.0
// An export is cut into the same documents, or refused, wherever the parts end in which it arrives.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>

#include "core_lib/error/error.hpp"

#include "solr/document_splitter.hpp"

using core_lib::solr::Value;
using core_lib::solr::detail::DocumentSplitter;

namespace {

/// The documents with a line for each, or that they were refused.
std::string documents_of(std::string_view answer, std::size_t part) {
  std::string all;
  const std::function<void(Value)> receive = [&](Value document) { all += document.json() + "\n"; };
  DocumentSplitter splitter(receive, true);
  try {
    for (; !answer.empty(); answer.remove_prefix(std::min(part, answer.size()))) splitter.take(answer.substr(0, part));
    splitter.finish();
    return all;
  } catch (const core_lib::Error&) {
    return "refused";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view answer(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (documents_of(answer, 1 + bytes[0] % 16U) != documents_of(answer, size)) std::abort();
  return 0;
}
