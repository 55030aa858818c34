// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/schema.hpp"

#include "core_lib/solr/json_writer.hpp"

namespace core_lib::solr {

std::string Schema::unique_key() const {
  return std::string(client_.send({.path = "schema/uniquekey"})["uniqueKey"].text());
}

std::vector<SchemaField> Schema::read(std::string_view path, std::string_view key) const {
  const Reply reply = client_.send({.path = std::string(path), .parameters = Parameters().add("showDefaults", true)});
  std::vector<SchemaField> fields;
  for (const Value field : reply[key]) {
    fields.push_back({.name = std::string(field["name"].text()),
                      .type = std::string(field["type"].text()),
                      .stored = field["stored"].boolean_or(true),
                      .indexed = field["indexed"].boolean_or(true),
                      .required = field["required"].boolean_or(false),
                      .multi_valued = field["multiValued"].boolean_or(false),
                      .doc_values = field["docValues"].boolean_or(false)});
  }
  return fields;
}

std::vector<SchemaField> Schema::fields() const { return read("schema/fields", "fields"); }

std::vector<SchemaField> Schema::dynamic_fields() const { return read("schema/dynamicfields", "dynamicFields"); }

void Schema::add_field(const SchemaField& field) const {
  std::string body;
  JsonWriter writer(body);
  writer.begin_object().key("add-field").begin_object();
  writer.key("name").text(field.name).key("type").text(field.type).key("stored").boolean(field.stored);
  writer.key("indexed").boolean(field.indexed).key("required").boolean(field.required);
  writer.key("multiValued").boolean(field.multi_valued).key("docValues").boolean(field.doc_values);
  writer.end_object().end_object();
  (void)client_.send(
      {.path = "schema", .body = std::move(body), .content_type = "application/json", .effect = Effect::write});
}

}  // namespace core_lib::solr
