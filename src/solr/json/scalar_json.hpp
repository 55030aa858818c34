// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core_lib/mapping/field.hpp"
#include "core_lib/solr/json_writer.hpp"

namespace core_lib::solr::detail {

/// Writes a value as Solr reads it: instants as 2024-05-01T12:00:00.5Z, bytes as base64, the rest as JSON has it. JSON
/// in a field is text: as an object it would be a command.
void write_scalar(JsonWriter& writer, const mapping::Scalar& scalar);

/// Writes structs as documents, one after the other; empty optionals are left out.
class EntityWriter {
 public:
  explicit EntityWriter(std::span<const mapping::Field> fields);

  void write(JsonWriter& writer, const void* entity) const;

 private:
  std::span<const mapping::Field> fields_;
  std::vector<std::string> keys_;  ///< As they stand in JSON, with colon.
};

[[nodiscard]] std::string encode_base64(std::span<const std::byte> bytes);
/// False where it is none.
[[nodiscard]] bool decode_base64(std::string_view text, std::vector<std::byte>& bytes);

}  // namespace core_lib::solr::detail
