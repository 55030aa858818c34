// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core_lib/mapping/field.hpp"

namespace core_lib::mapping {

struct EntityTable;

/// Fields that refer to the fields of another entity, position by position.
struct ForeignKey {
  std::span<const std::size_t> fields;
  const EntityTable& (*target)();  ///< A function, because entities may refer to each other.
  std::span<const std::size_t> target_fields;
};

/// What reading one field takes, which lies closer together than the fields do.
struct FieldReader {
  void (*decode)(const Scalar& value, void* field);  ///< As FieldType::decode.
  std::size_t offset;                                ///< As Field::offset.
};

/// All that the library knows about an entity: built once per type, erased, immutable.
struct EntityTable {
  std::string_view name;                                  ///< Table, label or collection.
  std::span<const Field> fields;                          ///< In the order of declaration.
  std::span<const FieldReader> readers;                   ///< One for each of the fields.
  std::span<const std::size_t> key;                       ///< Positions of the primary key's fields.
  std::span<const std::span<const std::size_t>> unique;   ///< Each one a set of fields that is unique together.
  std::span<const std::span<const std::size_t>> indexes;  ///< Each one a set of fields worth an index.
  std::span<const ForeignKey> foreign_keys;
  std::string_view type_name;  ///< The C++ type, for messages.

  /// True where an entity with a zero key lets the database make one: the key is a single integer field.
  [[nodiscard]] bool has_generated_key() const noexcept {
    return key.size() == 1 && fields[key[0]].type->kind == Kind::integer && !fields[key[0]].type->nullable;
  }
};

}  // namespace core_lib::mapping
