// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/detail/table_builder.hpp"

#include <string>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::mapping::detail {

std::size_t find_field(std::span<const Field> fields, std::size_t offset, std::string_view type) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].offset == offset) return i;
  }
  throw UsageError("a member of " + std::string(type) + " is used that the columns of its Entity leave out");
}

void rename(FieldList& fields, std::size_t offset, std::string_view name) {
  for (Field& field : fields) {
    if (field.offset != offset) continue;
    if (field.member.empty()) field.member = field.name;
    field.name = name;
  }
}

struct TableBuilder::Parts {
  struct Reference {
    std::size_t field;
    const EntityTable& (*target)();
    std::size_t (*target_field)();
    std::size_t target_position = 0;
  };

  EntityTable table{};
  std::vector<std::size_t> key;
  std::vector<std::vector<std::size_t>> unique;
  std::vector<std::vector<std::size_t>> indexes;
  std::vector<Reference> references;
  std::vector<std::span<const std::size_t>> unique_spans;
  std::vector<std::span<const std::size_t>> index_spans;
  std::vector<ForeignKey> foreign_keys;
  std::vector<FieldReader> readers;
};

TableBuilder::TableBuilder(std::string_view name, std::string_view type, std::span<const Field> fields)
    : parts_(std::make_unique<Parts>()) {
  parts_->table.name = name;
  parts_->table.type_name = type;
  parts_->table.fields = fields;
}
TableBuilder::TableBuilder(TableBuilder&&) noexcept = default;
TableBuilder::~TableBuilder() = default;

std::vector<std::size_t> TableBuilder::positions(Offsets offsets) const {
  std::vector<std::size_t> found;
  for (const std::size_t offset : offsets) {
    found.push_back(find_field(parts_->table.fields, offset, parts_->table.type_name));
  }
  return found;
}

void TableBuilder::key(Offsets offsets) { parts_->key = positions(offsets); }
void TableBuilder::unique(Offsets offsets) { parts_->unique.push_back(positions(offsets)); }
void TableBuilder::index(Offsets offsets) { parts_->indexes.push_back(positions(offsets)); }
void TableBuilder::reference(std::size_t offset, const EntityTable& (*target)(), std::size_t (*target_field)()) {
  parts_->references.push_back({positions({offset})[0], target, target_field, 0});
}

void TableBuilder::finish() {
  Parts& parts = *parts_;
  for (const Field& field : parts.table.fields) parts.readers.push_back({field.type->decode, field.offset});
  parts.table.readers = parts.readers;
  for (const auto& fields : parts.unique) parts.unique_spans.emplace_back(fields);
  for (const auto& fields : parts.indexes) parts.index_spans.emplace_back(fields);
  for (Parts::Reference& reference : parts.references) {
    reference.target_position = reference.target_field();
    parts.foreign_keys.push_back({{&reference.field, 1}, reference.target, {&reference.target_position, 1}});
  }
  parts.table.key = parts.key;
  parts.table.unique = parts.unique_spans;
  parts.table.indexes = parts.index_spans;
  parts.table.foreign_keys = parts.foreign_keys;
}

const EntityTable& TableBuilder::table() const noexcept { return parts_->table; }

}  // namespace core_lib::mapping::detail
