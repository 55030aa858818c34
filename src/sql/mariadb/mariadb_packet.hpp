// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>

#include <mysql.h>

#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::mariadb {

/// Appends an integer as the protocol has it: little endian.
template <std::unsigned_integral T>
void append_integer(std::string& packet, T value) {
  char bytes[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) bytes[i] = static_cast<char>(value >> (8 * i) & 0xFFU);
  packet.append(bytes, sizeof(T));
}

/// The type that the protocol gives a value of this kind.
[[nodiscard]] enum_field_types wire_type(mapping::Kind kind) noexcept;

/// Appends a value in its binary form; nothing for null. Errors: ConversionError where MariaDB has no such value.
/// @param position  of the parameter, for the error; the first is 0
void append_value(std::string& packet, const mapping::Scalar& value, std::size_t position);

/// What COM_STMT_EXECUTE sends. Errors: as append_value().
[[nodiscard]] std::string execution_packet(unsigned long statement, std::span<const mapping::Scalar> parameters);

}  // namespace core_lib::sql::mariadb
