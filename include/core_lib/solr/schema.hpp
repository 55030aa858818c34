// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core_lib/solr/client.hpp"

namespace core_lib::solr {

/// A field of the schema, or one to be added.
struct SchemaField {
  std::string name;
  std::string type;
  bool stored = true;
  bool indexed = true;
  bool required = false;
  bool multi_valued = false;
  bool doc_values = true;
};

/// The schema of a core. Thread safety: as Client.
class Schema {
 public:
  explicit Schema(Client client) : client_(std::move(client)) {}

  /// The name of the field that tells documents apart, mostly "id"; asked of the server at each call.
  [[nodiscard]] std::string unique_key() const;
  /// Fields with a name of their own, with what they take from their types.
  [[nodiscard]] std::vector<SchemaField> fields() const;
  /// Patterns such as "*_s".
  [[nodiscard]] std::vector<SchemaField> dynamic_fields() const;
  /// @throws SyntaxError  there is one of that name, or no such type; the schema must be a managed one
  void add_field(const SchemaField& field) const;

 private:
  [[nodiscard]] std::vector<SchemaField> read(std::string_view path, std::string_view key) const;

  Client client_;
};

}  // namespace core_lib::solr
