// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core_lib/mapping/entity_table.hpp"

namespace core_lib::mapping::detail {

using FieldList = std::vector<Field>;

/// The field at this offset. Errors: UsageError.
[[nodiscard]] std::size_t find_field(std::span<const Field> fields, std::size_t offset, std::string_view type);
void rename(FieldList& fields, std::size_t offset, std::string_view name);

/// Collects an EntityTable and owns what it points to. Options name fields by their offsets.
class TableBuilder {
 public:
  using Offsets = std::initializer_list<std::size_t>;

  TableBuilder(std::string_view name, std::string_view type, std::span<const Field> fields);
  TableBuilder(TableBuilder&&) noexcept;
  ~TableBuilder();

  void key(Offsets offsets);
  void unique(Offsets offsets);
  void index(Offsets offsets);
  void reference(std::size_t offset, const EntityTable& (*target)(), std::size_t (*target_field)());
  /// Makes table() whole. Call it once, last.
  void finish();

  [[nodiscard]] const EntityTable& table() const noexcept;

 private:
  struct Parts;
  [[nodiscard]] std::vector<std::size_t> positions(Offsets offsets) const;

  std::unique_ptr<Parts> parts_;
};

}  // namespace core_lib::mapping::detail
