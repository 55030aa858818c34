// SPDX-License-Identifier: Apache-2.0
#include "solr/javabin_splitter.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

#include "solr/decode_field.hpp"

namespace core_lib::solr::detail {
namespace {

/// Below the answer, the response and the list.
constexpr std::size_t document_depth = 3;

/// Where it goes on behind what is read, or null where the bytes do not suffice.
template <class Read>
const char* read_if_whole(const Read& read) {
  try {
    return read();
  } catch (const JavabinReader::Malformed& malformed) {
    if (malformed.cut_short) return nullptr;
    throw Error("cannot read an answer of Solr: it is no javabin of version 2", {.status_code = 502});
  }
}

bool is_partial(Value mark) {
  return (mark.kind() == ValueKind::boolean && mark.boolean()) ||
         (mark.kind() == ValueKind::text && mark.text() == "omitted");
}

}  // namespace

JavabinSplitter::JavabinSplitter(DocumentReceiver& receiver) : receiver_(receiver), sink_(receiver.sink()) {
  std::size_t hint = 0;
  // A struct with such a field is none the wiser about a failure.
  if (sink_ != nullptr && find_field(sink_->fields, DocumentReceiver::failure_field, hint) != nullptr) sink_ = nullptr;
}

void JavabinSplitter::take(std::string_view part) {
  if (ended_) return;
  bytes_ += part;
  if (bytes_.size() >= enough_) read();
}

void JavabinSplitter::finish() {
  if (!ended_) read();
  if (!in_list_) DocumentReceiver::refuse_stranger();
  if (!ended_) DocumentReceiver::refuse_early_end();
}

void JavabinSplitter::read() {
  reader_.begin(bytes_, DocumentReceiver::longest_document);
  const char* at = bytes_.data();
  if (!in_list_) {
    const char* const list = try_head(at);
    if (list == nullptr) return;
    at = list;
  }
  while (const char* const next = try_document(at)) {
    at = next;
    if (ended_) break;
    if (is_entity_) {
      receiver_.end_entity();
    } else {
      receiver_.hand_over(Value(tree_.root()));
    }
  }
  bytes_.erase(0, static_cast<std::size_t>(at - bytes_.data()));
  if (bytes_.size() > DocumentReceiver::longest_document) DocumentReceiver::refuse_long_document();
  // A long document is read again only where twice as much of it is there.
  enough_ =
      std::max(DocumentReceiver::batch_bytes, std::min(2 * bytes_.size(), DocumentReceiver::longest_document + 1));
}

const char* JavabinSplitter::try_head(const char* at) {
  reader_.shared().clear();
  const char* const list = read_if_whole([&] { return read_head(at); });
  const std::size_t size = list == nullptr ? bytes_.size() : static_cast<std::size_t>(list - at);
  if (size > DocumentReceiver::longest_head) DocumentReceiver::refuse_stranger();
  if (list == nullptr) return nullptr;
  keep_shared_texts();
  in_list_ = true;
  return list;
}

const char* JavabinSplitter::read_head(const char* at) {
  if (reader_.take(at) != 2) throw JavabinReader::Malformed{};
  JavabinReader::Members entries = reader_.enter_object(at);
  for (; reader_.has_next(at, entries); --entries.left) {
    const std::string_view name = reader_.take_name(at);
    if (name == "response") return enter_response(at);
    if (name == "grouped") DocumentReceiver::refuse_groups();
    at = reader_.read_root(at, 1);
    if (name == "responseHeader" && is_partial(Value(tree_.root())["partialResults"])) {
      DocumentReceiver::refuse_partial();
    }
  }
  DocumentReceiver::refuse_stranger();
}

/// To the first of the documents, which stand in a list of Solr's own, or in an object, as in an export.
const char* JavabinSplitter::enter_response(const char* at) {
  if (reader_.is_at_document_list(at)) {
    (void)reader_.take(at);
    JavabinReader::Members numbers = reader_.enter_array(at);  // how many there are, and the like
    if (!numbers.counted) throw JavabinReader::Malformed{};
    for (; numbers.left > 0; --numbers.left) at = reader_.read_root(at, 2);
    documents_ = reader_.enter_array(at);
    return at;
  }
  JavabinReader::Members entries = reader_.enter_object(at);
  for (; reader_.has_next(at, entries); --entries.left) {
    if (reader_.take_name(at) == "docs") {
      documents_ = reader_.enter_array(at);
      return at;
    }
    at = reader_.read_root(at, 2);
  }
  DocumentReceiver::refuse_stranger();
}

/// Behind the next document, which is in the sink then, or the root of the tree; or behind the last one.
const char* JavabinSplitter::try_document(const char* at) {
  const std::size_t known = reader_.shared().size();
  const char* const next = read_if_whole([&] {
    ended_ = !reader_.has_next(at, documents_);
    if (ended_) return at;
    const char* const behind = sink_ == nullptr ? nullptr : try_entity(at);
    is_entity_ = behind != nullptr;
    if (is_entity_) return behind;
    forget_shared_texts(known);
    return reader_.read_root(at, document_depth);
  });
  if (next == nullptr) {
    forget_shared_texts(known);
  } else if (!ended_) {
    if (documents_.counted) --documents_.left;
    if (reader_.shared().size() > known) keep_shared_texts();
  }
  return next;
}

/// Behind a document that is read straight into a struct. Null where it does not begin with a field of it, as one that
/// tells of a failure.
const char* JavabinSplitter::try_entity(const char* at) {
  if (!reader_.is_at_entries(at)) return nullptr;
  JavabinReader::Members entries = reader_.enter_object(at);
  if (!reader_.has_next(at, entries)) return nullptr;
  const mapping::Field* field = take_field(at);
  if (field == nullptr) return nullptr;
  void* const entity = sink_->begin();
  for (;;) {
    mapping::Scalar value;
    try {
      if (field == nullptr) {
        at = reader_.read_root(at, document_depth + 1);
      } else if (reader_.take_plain(at, field->type->kind, value)) {
        field->decode(value, entity);
      } else {
        at = reader_.read_root(at, document_depth + 1);
        decode_field(*field, *tree_.root(), entity);
      }
    } catch (const ConversionError& error) {
      throw_with_field(*field, error);
    }
    --entries.left;
    if (!reader_.has_next(at, entries)) break;
    field = take_field(at);
  }
  if (!entries.counted) (void)reader_.take(at);  // the end
  return at;
}

/// What an entry's name stands for, or null.
inline const mapping::Field* JavabinSplitter::take_field(const char*& at) {
  const std::size_t position = reader_.shared_name(at);
  if (position < known_fields_.size()) [[likely]] {
    ++at;
    return known_fields_[position];
  }
  const mapping::Field* const field = find_field(sink_->fields, reader_.take_name(at), hint_);
  const std::vector<std::string_view>& shared = reader_.shared();
  while (known_fields_.size() < std::min(shared.size(), JavabinReader::short_names)) {
    known_fields_.push_back(find_field(sink_->fields, shared[known_fields_.size()], hint_));
  }
  return field;
}

/// Those behind so many, which are to be read again.
void JavabinSplitter::forget_shared_texts(std::size_t known) {
  reader_.shared().resize(known);
  known_fields_.resize(std::min(known, known_fields_.size()));
}

void JavabinSplitter::keep_shared_texts() {
  std::vector<std::string_view>& shared = reader_.shared();
  for (std::size_t at = texts_.size(); at < shared.size(); ++at) {
    text_bytes_ += shared[at].size() + sizeof(std::string);
    if (text_bytes_ > DocumentReceiver::longest_document) {
      throw Error("the names of an answer of Solr are longer than 64 MiB", {.status_code = 502});
    }
    shared[at] = texts_.emplace_back(shared[at]);
  }
}

}  // namespace core_lib::solr::detail
