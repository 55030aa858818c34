// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace core_lib::neo4j::packstream {

// The bytes that values start with, from the PackStream specification.
namespace marker {
inline constexpr std::uint8_t tiny_string = 0x80;
inline constexpr std::uint8_t tiny_list = 0x90;
inline constexpr std::uint8_t tiny_map = 0xA0;
inline constexpr std::uint8_t structure = 0xB0;
inline constexpr std::uint8_t null = 0xC0;
inline constexpr std::uint8_t float_64 = 0xC1;
inline constexpr std::uint8_t boolean_false = 0xC2;
inline constexpr std::uint8_t boolean_true = 0xC3;
inline constexpr std::uint8_t float_32 = 0xC6;  // names the type of a vector's numbers, no value of its own
inline constexpr std::uint8_t int_8 = 0xC8;
inline constexpr std::uint8_t int_16 = 0xC9;
inline constexpr std::uint8_t int_32 = 0xCA;
inline constexpr std::uint8_t int_64 = 0xCB;
inline constexpr std::uint8_t bytes_8 = 0xCC;
inline constexpr std::uint8_t string_8 = 0xD0;
inline constexpr std::uint8_t list_8 = 0xD4;
inline constexpr std::uint8_t map_8 = 0xD8;
inline constexpr std::uint8_t least_tiny_int = 0xF0;  // -16
}  // namespace marker

// Structures, each with the letter that names it.
namespace tag {
inline constexpr std::uint8_t node = 'N';
inline constexpr std::uint8_t relationship = 'R';
inline constexpr std::uint8_t unbound_relationship = 'r';
inline constexpr std::uint8_t path = 'P';
inline constexpr std::uint8_t date = 'D';
inline constexpr std::uint8_t time = 'T';
inline constexpr std::uint8_t local_time = 't';
inline constexpr std::uint8_t local_date_time = 'd';
inline constexpr std::uint8_t date_time = 'I';
inline constexpr std::uint8_t date_time_zone = 'i';
inline constexpr std::uint8_t legacy_date_time = 'F';
inline constexpr std::uint8_t legacy_date_time_zone = 'f';
inline constexpr std::uint8_t duration = 'E';
inline constexpr std::uint8_t point_2d = 'X';
inline constexpr std::uint8_t point_3d = 'Y';
inline constexpr std::uint8_t vector = 'V';
inline constexpr std::uint8_t unsupported = '?';
}  // namespace tag

/// How deep values may lie in each other.
inline constexpr int most_depth = 1000;

/// What depends on the version of Bolt that was agreed on.
struct Dialect {
  bool element_ids = true;  ///< Graph structures carry them: since 5.0.
  bool utc = true;          ///< Instants travel in UTC: since 5.0, and in 4.4 where the server agreed.
  bool vectors = false;     ///< Since 6.0.
};

}  // namespace core_lib::neo4j::packstream
