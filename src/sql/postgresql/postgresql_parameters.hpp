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

/// Errors: ConversionError where PostgreSQL has no such value: a NUL in text, a time too far away.
/// @param position  of the value, from 0
void require_storable(const mapping::Scalar& value, std::size_t position);

/// Values as libpq takes them: numbers, times, UUIDs and bytes in binary, the rest as text.
/// Text and null leave their type to the server, so that they fit enums, ranges and whatever else it has.
class Parameters {
 public:
  /// Takes new values. Bytes are borrowed. Errors: ConversionError for what PostgreSQL cannot store.
  void assign(std::span<const mapping::Scalar> values);
  /// Gives back the room of a big text.
  void release() noexcept;

  [[nodiscard]] int size() const noexcept { return static_cast<int>(size_); }
  [[nodiscard]] std::span<const Oid> types() const noexcept { return {types_, size_}; }
  [[nodiscard]] bool is_null(std::size_t position) const noexcept { return values_[position] == nullptr; }
  [[nodiscard]] const char* const* values() const noexcept { return values_; }
  [[nodiscard]] const int* lengths() const noexcept { return lengths_; }
  [[nodiscard]] const int* formats() const noexcept { return formats_; }

 private:
  using Number = std::array<char, 16>;

  void resize(std::size_t size);
  void set(std::size_t position, const mapping::Scalar& value);
  void set_binary(std::size_t position, Oid type, const char* data, std::size_t size);
  template <class Integer>
  void set_number(std::size_t position, Oid type, Integer number);
  void set_list(std::size_t position, const mapping::Scalar& value);
  void set_text(std::size_t position, Oid type, std::string_view text);

  // Arrays of `size_` in one block: a batch makes such an object for each of its statements.
  std::unique_ptr<std::byte[]> block_;
  std::size_t room_ = 0;
  std::size_t size_ = 0;
  const char** values_ = nullptr;
  Number* numbers_ = nullptr;
  int* lengths_ = nullptr;
  int* formats_ = nullptr;
  Oid* types_ = nullptr;
  std::forward_list<std::string> lists_;
  std::string text_;  // each one ended by a NUL, as libpq wants it
};

}  // namespace core_lib::sql::postgresql
