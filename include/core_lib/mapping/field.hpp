// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <forward_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core_lib/mapping/scalar.hpp"

namespace core_lib::mapping {

/// Owns the text and the lists of values that a conversion makes on the way out, until the statement has run.
/// Addresses stay valid while it lives, also where it is moved; nothing is allocated until something is kept.
class Scratch {
 public:
  /// Owns a text, or the values of a list, from now on.
  /// @{
  [[nodiscard]] std::string_view keep(std::string text) { return kept().texts.emplace_front(std::move(text)); }
  [[nodiscard]] std::span<const Scalar> keep(std::vector<Scalar> list) {
    return kept().lists.emplace_front(std::move(list));
  }
  /// @}
  /// The same value, with copies of all that it borrows. Texts share blocks of memory, and each one has a NUL behind
  /// it, as C clients want it.
  [[nodiscard]] Scalar keep_copy(const Scalar& value) {
    Scalar copy = value;
    keep_borrowed(copy);
    return copy;
  }
  /// Copies all that the value borrows, and has it borrow the copies.
  void keep_borrowed(Scalar& value) {
    if (value.has_text()) {
      value.borrow(copy(value.as_text()));
    } else if (value.kind() == Kind::list) {
      value = Scalar::list(copy_of(value.as_list()));
    }
  }

 private:
  struct Kept {
    std::forward_list<std::string> texts;
    std::forward_list<std::vector<Scalar>> lists;
    char first[192];  // the first block of texts
    char* next = first;
    std::size_t free = sizeof first;  // from there to the end of its block
    std::vector<std::unique_ptr<char[]>> blocks;
  };
  Kept& kept() {
    if (!kept_) kept_ = std::make_unique_for_overwrite<Kept>();
    return *kept_;
  }

  [[nodiscard]] std::string_view copy(std::string_view text) {
    if (text.empty()) return "";
    const std::size_t size = text.size() + 1;
    Kept& kept = this->kept();
    if (size > kept.free) add_block(size);
    char* const start = kept.next;
    kept.next += size;
    kept.free -= size;
    std::memcpy(start, text.data(), text.size());
    start[text.size()] = '\0';
    return {start, text.size()};
  }
  [[nodiscard]] std::span<const Scalar> copy_of(std::span<const Scalar> list);
  void add_block(std::size_t least);

  std::unique_ptr<Kept> kept_;
};

/// How one C++ type is stored: one static object per type, shared by all fields of that type.
struct FieldType {
  Kind kind;                 ///< What the column holds.
  bool nullable;             ///< True for std::optional.
  std::uint8_t bytes;        ///< Width of an integer or real, else 0.
  std::string_view name;     ///< The C++ type, for messages: "std::int64_t".
  const FieldType* element;  ///< Of a list, else null.
  /// Makes a value from the field. Errors: ConversionError where it cannot be stored (uint64 beyond int64, NUL ...).
  Scalar (*encode)(const void* field, Scratch& scratch);
  /// Assigns the field. Errors: ConversionError, without the value and without the column, which the caller adds.
  void (*decode)(const Scalar& value, void* field);
};

/// One field of an entity.
struct Field {
  std::string_view name;  ///< As in the data source.
  const FieldType* type;
  std::size_t offset;  ///< Bytes from the start of the entity.
  /// The member of the struct, for messages, where it is not called like the field.
  std::string_view member{};

  /// The field of this entity as a value: see FieldType::encode.
  [[nodiscard]] Scalar encode(const void* entity, Scratch& scratch) const {
    return type->encode(static_cast<const std::byte*>(entity) + offset, scratch);
  }
  /// Assigns the field of this entity: see FieldType::decode.
  void decode(const Scalar& value, void* entity) const {
    type->decode(value, static_cast<std::byte*>(entity) + offset);
  }
};

}  // namespace core_lib::mapping
