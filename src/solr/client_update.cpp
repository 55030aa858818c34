// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/client.hpp"
#include "core_lib/solr/json_writer.hpp"

#include "solr/json/scalar_json.hpp"
#include "solr/multipart_form.hpp"

namespace core_lib::solr {
namespace {

constexpr std::string_view json_type = "application/json";

/// What is looked for among the parameters of a request, and so stays there.
bool client_looks_for(std::string_view name) noexcept {
  constexpr std::string_view names[] = {"wt", "indent", "json.nl", "expandMacros", "echoParams", "omitHeader"};
  return std::ranges::find(names, name) != std::end(names);
}

void append_update_parameters(Parameters& parameters, const UpdateOptions& options, bool always_commit) {
  if (options.commit.value_or(always_commit && !options.soft_commit && !options.commit_within)) {
    parameters.add("commit", true);
  } else if (options.soft_commit) {
    parameters.add("softCommit", true);
  } else if (options.commit_within) {
    parameters.add("commitWithin", options.commit_within->count());
  }
  if (!options.overwrite) parameters.add("overwrite", false);
  if (!options.chain.empty()) parameters.add("update.chain", options.chain);
  if (options.versions) parameters.add("versions", true);
}

template <class Documents, class Append>
std::string array_of(const Documents& documents, Append append) {
  std::string body = "[";
  for (const auto& document : documents) {
    if (body.size() > 1) body += ',';
    append(body, document);
  }
  return body + "]";
}

}  // namespace

UpdateReply Client::send_update(std::string body, const UpdateOptions& options, Parameters parameters) const {
  append_update_parameters(parameters, options, options_->always_commit);
  return UpdateReply(send({.path = options.handler,
                           .parameters = std::move(parameters),
                           .body = std::move(body),
                           .content_type = std::string(json_type),
                           .effect = options.idempotent ? Effect::idempotent : Effect::write}));
}

UpdateReply Client::send_command(std::string body) const {
  return UpdateReply(send(
      {.path = "update", .body = std::move(body), .content_type = std::string(json_type), .effect = Effect::write}));
}

UpdateReply Client::add_entities(const void* first, std::size_t count, std::size_t size,
                                 std::span<const mapping::Field> fields, const UpdateOptions& options) const {
  const detail::EntityWriter entities(fields);
  std::string body;
  JsonWriter writer(body);
  writer.begin_array();
  for (std::size_t i = 0; i < count; ++i) {
    entities.write(writer, static_cast<const std::byte*>(first) + i * size);
    if (i == 0) body.reserve(body.size() * count + body.size() * count / 4);
  }
  writer.end_array();
  return send_update(std::move(body), options);
}

UpdateReply Client::add(const Document& document, const UpdateOptions& options) const {
  return add(std::span(&document, 1), options);
}

UpdateReply Client::add(std::span<const Document> documents, const UpdateOptions& options) const {
  return send_update(array_of(documents, [](std::string& body, const Document& one) { one.append_to(body); }), options);
}

UpdateReply Client::update(const AtomicUpdate& change, const UpdateOptions& options) const {
  return update(std::span(&change, 1), options);
}

UpdateReply Client::update(std::span<const AtomicUpdate> changes, const UpdateOptions& options) const {
  return send_update(array_of(changes, [](std::string& body, const AtomicUpdate& one) { body += one.json(); }),
                     options);
}

UpdateReply Client::remove_version(const std::string& id, std::int64_t version, const UpdateOptions& options) const {
  if (id.empty() || version <= 0) throw UsageError("remove_version needs the id of a document and a version above 0");
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("delete").begin_object().key("id").text(id).key("_version_").integer(version);
  writer.end_object().end_object();
  return send_update(std::move(body), options);
}

UpdateReply Client::remove(std::span<const std::string> ids, const UpdateOptions& options) const {
  if (ids.empty() || std::ranges::any_of(ids, &std::string::empty)) {
    throw UsageError("remove needs the ids of documents, and none of them may be empty");
  }
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("delete").begin_array();
  for (const std::string& id : ids) writer.text(id);
  writer.end_array().end_object();
  return send_update(std::move(body), options);
}

UpdateReply Client::remove_where(const Clause& clause, const UpdateOptions& options) const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("delete").begin_object().key("query").text(clause.text()).end_object().end_object();
  return send_update(std::move(body), options);
}

UpdateReply Client::commit(const CommitOptions& options) const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("commit").begin_object().key("waitSearcher").boolean(options.wait_searcher);
  writer.key("expungeDeletes").boolean(options.expunge_deletes).end_object().end_object();
  return send_command(std::move(body));
}

UpdateReply Client::soft_commit() const { return send_command(R"({"commit":{"softCommit":true}})"); }

UpdateReply Client::optimize(int max_segments) const {
  return send_command(R"({"optimize":{"maxSegments":)" + std::to_string(max_segments) + "}}");
}

UpdateReply Client::rollback() const { return send_command(R"({"rollback":{}})"); }

Reply Client::extract(const Extraction& extraction, const UpdateOptions& options) const {
  Parameters own = extraction.parameters;
  if (extraction.only) own.set("extractOnly", true).set("extractFormat", "text");
  // The name among the headers of a part is none that Tika hears of.
  if (!own.contains("resource.name")) own.add("resource.name", extraction.file_name);
  detail::MultipartForm form;
  Request request{.path = options.handler + "/extract",
                  .content_type = form.content_type(),
                  .effect = extraction.only ? Effect::read : Effect::write};
  // In the address there is room for little, and logs keep it.
  for (const auto& [name, value] : own.entries()) {
    if (detail::MultipartForm::takes(name) && !client_looks_for(name)) {
      form.add_field(name, value);
    } else {
      request.parameters.add(name, value);
    }
  }
  if (!extraction.only) append_update_parameters(request.parameters, options, options_->always_commit);
  form.add_file("file", extraction.file_name, extraction.content);
  request.body = form.finish();
  return send(std::move(request));
}

}  // namespace core_lib::solr
