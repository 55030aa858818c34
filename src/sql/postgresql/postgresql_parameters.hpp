// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <libpq-fe.h>

#include "core_lib/mapping/scalar.hpp"

#include "sql/postgresql/postgresql_types.hpp"

namespace core_lib::sql::postgresql {

/// False where PostgreSQL has no such value.
/// @{
[[nodiscard]] inline bool is_storable_size(std::size_t bytes) noexcept {
  return bytes <= std::numeric_limits<std::int32_t>::max() / 2;
}
[[nodiscard]] inline bool is_storable_text(std::string_view text) noexcept {
  return is_storable_size(text.size()) && text.find('\0') == std::string_view::npos;
}
/// The ends of the server's range stand for the infinities.
[[nodiscard]] inline bool is_storable_instant(std::int64_t microseconds) noexcept {
  return microseconds > std::numeric_limits<std::int64_t>::min() + epoch_microseconds &&
         microseconds < std::numeric_limits<std::int64_t>::max();
}
[[nodiscard]] inline bool is_storable_date(std::int64_t days) noexcept {
  return days > std::numeric_limits<std::int32_t>::min() + epoch_days &&
         days < std::numeric_limits<std::int32_t>::max();
}
/// @}
/// Errors: ConversionError where it is not. The values of a list are not looked at.
/// @param position  of the value, from 0
void require_storable(const mapping::Scalar& value, std::size_t position);
/// The same for the values of a statement, and those of their lists.
inline void require_storable(std::span<const mapping::Scalar> values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const mapping::Kind kind = values[i].kind();
    // Most are of these two.
    if (kind == mapping::Kind::integer) continue;
    if (kind == mapping::Kind::text && is_storable_text(values[i].as_text())) continue;
    require_storable(values[i], i);
  }
}

/// The values of one statement as libpq takes them. Lifetime: its Parameters', until they take other values or give
/// back their room.
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
  /// Copied, unless a NUL stands behind each one, as libpq wants it: then they are borrowed.
  enum class Texts { copied, terminated };

  /// Takes the values of one statement. Bytes are borrowed. @pre require_storable() let them pass
  ParameterView assign(std::span<const mapping::Scalar> values, Texts texts);
  /// Gives back the room of a big text.
  void release() noexcept;

 private:
  using Number = std::array<char, 16>;

  void make_room(std::size_t values);
  void make_text_room(std::span<const mapping::Scalar> values);
  void set(std::size_t position, const mapping::Scalar& value);
  void set_binary(std::size_t position, Oid type, const char* data, std::size_t size);
  template <class Integer>
  void set_number(std::size_t position, Oid type, Integer number);
  void set_list(std::size_t position, const mapping::Scalar& value);
  void set_text(std::size_t position, Oid type, const char* text);
  const char* copy(std::string_view text);

  // Arrays of `room_` in one block.
  std::unique_ptr<std::byte[]> block_;
  std::size_t room_ = 0;
  const char** values_ = nullptr;
  Number* numbers_ = nullptr;
  int* lengths_ = nullptr;
  int* formats_ = nullptr;
  Oid* types_ = nullptr;
  std::unique_ptr<char[]> texts_;  // each one ended by a NUL, as libpq wants it
  std::size_t text_room_ = 0;
  char* text_ = nullptr;  // where the next one goes
  std::forward_list<std::string> lists_;
};

}  // namespace core_lib::sql::postgresql
