// SPDX-License-Identifier: Apache-2.0
// An export is cut into the same documents, or refused, wherever the parts end in which it arrives. In javabin they are
// those that the answer has when it is read as a whole.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/list_codec.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/document_splitter.hpp"
#include "solr/json/tree.hpp"

using core_lib::solr::Reply;
using core_lib::solr::Value;
using core_lib::solr::detail::DocumentSplitter;
using core_lib::solr::detail::Tree;

namespace {

/// False where it is refused.
bool read_all(DocumentSplitter& splitter, std::string_view answer, std::size_t part) {
  try {
    for (; !answer.empty(); answer.remove_prefix(std::min(part, answer.size()))) splitter.take(answer.substr(0, part));
    splitter.finish();
    return true;
  } catch (const core_lib::Error&) {
    return false;
  }
}

/// The documents with a line for each, or that they were refused.
std::string documents_of(std::string_view answer, std::size_t part) {
  std::string all;
  const std::function<void(Value)> receive = [&](Value document) { all += document.json() + "\n"; };
  DocumentSplitter splitter(receive, true);
  return read_all(splitter, answer, part) ? all : "refused";
}

struct Offer {
  std::string id;
  std::string n;
  std::int64_t count{};
  double price{};
  std::vector<std::string> tags;
};

/// The same as structs, read straight into them, or by way of Values.
std::string structs_of(std::string_view answer, std::size_t part, bool straight) {
  std::string all;
  Offer offer;
  const core_lib::solr::detail::EntitySink sink{core_lib::mapping::fields_of<Offer>(),
                                                [&] {
                                                  offer = {};
                                                  return &offer;
                                                },
                                                [&] {
                                                  all += offer.id + '|' + offer.n + '|' + std::to_string(offer.count) +
                                                         '|' + std::to_string(offer.price);
                                                  for (const std::string& tag : offer.tags) all += '|' + tag;
                                                  all += '\n';
                                                }};
  std::size_t hint = 0;
  const std::function<void(Value)> receive = [&](Value document) {
    document.decode(sink.fields, sink.begin(), hint);
    sink.end();
  };
  DocumentSplitter splitter(receive, true, straight ? &sink : nullptr);
  return read_all(splitter, answer, part) ? all : "refused";
}

/// The same of an answer in javabin as a whole.
std::string documents_of_whole(std::string_view answer) {
  std::string all;
  try {
    const Reply reply(Tree::parse_javabin(std::string(answer), "the input"));
    for (const Value document : reply["response"]["docs"]) all += document.json() + "\n";
    return all;
  } catch (const core_lib::Error&) {
    return "refused";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view answer(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::string documents = documents_of(answer, size);
  if (documents_of(answer, 1 + bytes[0] % 16U) != documents) std::abort();
  const std::string structs = structs_of(answer, size, false);
  if (structs_of(answer, size, true) != structs) std::abort();
  if (structs_of(answer, 1 + bytes[0] % 16U, true) != structs) std::abort();
  if (!answer.starts_with('\2') || documents == "refused") return 0;
  // What comes behind the documents is only read as a whole.
  if (const std::string whole = documents_of_whole(answer); whole != "refused" && whole != documents) std::abort();
  return 0;
}
