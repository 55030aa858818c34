// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/document.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/json_writer.hpp"

#include "solr/json/scalar_json.hpp"

namespace core_lib::solr {
namespace detail {

void append_value(std::string& json, std::string_view value) { JsonWriter(json).text(value); }
void append_value(std::string& json, std::int64_t value) { JsonWriter(json).integer(value); }
void refuse_big_number() { throw ConversionError("Solr has no whole number above 9223372036854775807"); }
void append_value(std::string& json, double value) { JsonWriter(json).real(value); }
void append_value(std::string& json, bool value) { JsonWriter(json).boolean(value); }

void append_value(std::string& json, std::chrono::system_clock::time_point value) {
  const auto since = std::chrono::floor<std::chrono::microseconds>(value.time_since_epoch());
  JsonWriter writer(json);
  write_scalar(writer, mapping::Scalar::timestamp(since.count()));
}

}  // namespace detail

void Document::append_name(std::string_view name) {
  if (!json_.empty()) json_ += ',';
  JsonWriter(json_).key(name);
  has_key_ = has_key_ || name == unique_key_;
}

void Document::check_child(const Document& child) const {
  if (child.has_key_) return;
  throw UsageError("a document within another one must have the unique key '" + child.unique_key_ +
                   "'; without it, Solr takes it for a command to change the field");
}

Document& Document::set(std::string_view name, const Document& child) {
  check_child(child);
  append_name(name);
  child.append_to(json_);
  return *this;
}

Document& Document::set(std::string_view name, const std::vector<Document>& children) {
  for (const Document& child : children) check_child(child);
  append_name(name);
  json_ += '[';
  for (const Document& child : children) {
    if (json_.back() != '[') json_ += ',';
    child.append_to(json_);
  }
  json_ += ']';
  return *this;
}

Document& Document::add_child(const Document& child) {
  check_child(child);
  if (!children_.empty()) children_ += ',';
  child.append_to(children_);
  return *this;
}

void Document::append_to(std::string& body) const {
  body.append(1, '{').append(json_);
  if (!children_.empty()) {
    body.append(json_.empty() ? "" : ",").append("\"_childDocuments_\":[").append(children_).append(1, ']');
  }
  body += '}';
}

std::string Document::json() const {
  std::string out;
  append_to(out);
  return out;
}

void AtomicUpdate::append_name(std::string_view name) {
  if (std::ranges::find(names_, name) != names_.end()) {
    throw UsageError("an atomic update changes a field once; '" + std::string(name) + "' has a change already");
  }
  names_.emplace_back(name);
  if (!json_.empty()) json_ += ',';
  JsonWriter(json_).key(name);
}

std::string AtomicUpdate::json() const {
  if (!changes_) {
    throw UsageError("an atomic update changes at least one field; without one Solr would store an empty document");
  }
  return "{" + json_ + "}";
}

void AtomicUpdate::begin(std::string_view command, std::string_view field) {
  append_name(field);
  changes_ = true;
  json_ += '{';
  JsonWriter(json_).key(command);
}

AtomicUpdate& AtomicUpdate::remove_field(std::string_view field) {
  begin("set", field);
  json_ += "null}";
  return *this;
}

AtomicUpdate& AtomicUpdate::version(std::int64_t version) {
  append_name("_version_");
  detail::append_value(json_, version);
  return *this;
}

AtomicUpdate& AtomicUpdate::root(std::string_view id) {
  append_name("_root_");
  detail::append_value(json_, id);
  return *this;
}

}  // namespace core_lib::solr
