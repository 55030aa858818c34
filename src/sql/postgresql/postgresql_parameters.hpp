// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <forward_list>
#include <memory>
#include <span>
#include <string>

#include <libpq-fe.h>

#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::postgresql {

/// Errors: ConversionError where PostgreSQL has no such value: a NUL in text, a time too far away, a gigabyte. The values
/// of a list are not looked at.
/// @param position  of the value, from 0
void require_storable(const mapping::Scalar& value, std::size_t position);
/// The same for the values of a statement, and those of their lists.
void require_storable(std::span<const mapping::Scalar> values);

/// The values of one statement as libpq takes them. Lifetime: its Parameters', until they take other values.
struct ParameterView {
  int size = 0;
  const char* const* values = nullptr;
  const int* lengths = nullptr;
  const int* formats = nullptr;
  const Oid* oids = nullptr;

  [[nodiscard]] std::span<const Oid> types() const noexcept { return {oids, static_cast<std::size_t>(size)}; }
  [[nodiscard]] bool is_null(std::size_t position) const noexcept { return values[position] == nullptr; }
};

/// Values as libpq takes them: numbers, times, UUIDs and bytes in binary, the rest as text.
/// Text and null leave their type to the server, so that they fit enums, ranges and whatever else it has.
class Parameters {
 public:
  /// Takes the values of one statement. Bytes are borrowed. @pre require_storable() let them pass
  ParameterView assign(std::span<const mapping::Scalar> values);
  /// Gives back the room of big texts.
  void release() noexcept;

 private:
  using Number = std::array<char, 16>;

  void make_room(std::span<const mapping::Scalar> values);
  void set(std::size_t position, const mapping::Scalar& value);
  void set_binary(std::size_t position, Oid type, const char* data, std::size_t size);
  template <class Integer>
  void set_number(std::size_t position, Oid type, Integer number);
  void set_list(std::size_t position, const mapping::Scalar& value);
  void set_text(std::size_t position, Oid type, std::string_view text);

  std::unique_ptr<std::byte[]> block_;
  std::size_t room_ = 0;  // bytes of it
  // What lies in the block.
  const char** values_ = nullptr;
  Number* numbers_ = nullptr;
  int* lengths_ = nullptr;
  int* formats_ = nullptr;
  Oid* types_ = nullptr;
  char* text_ = nullptr;  // where the next one goes, with a NUL behind it, as libpq wants it
  std::forward_list<std::string> lists_;
};

}  // namespace core_lib::sql::postgresql
