// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <libpq-fe.h>

namespace core_lib::sql::postgresql {

// The numbers of built-in types, which are part of the protocol (pg_type.dat).
namespace type {
inline constexpr Oid inferred = 0;  // the server finds it out
inline constexpr Oid boolean = 16;
inline constexpr Oid bytea = 17;
inline constexpr Oid single_char = 18;
inline constexpr Oid name = 19;
inline constexpr Oid int8 = 20;
inline constexpr Oid int2 = 21;
inline constexpr Oid int4 = 23;
inline constexpr Oid text = 25;
inline constexpr Oid oid = 26;
inline constexpr Oid json = 114;
inline constexpr Oid float4 = 700;
inline constexpr Oid float8 = 701;
inline constexpr Oid unknown = 705;
inline constexpr Oid bpchar = 1042;
inline constexpr Oid varchar = 1043;
inline constexpr Oid date = 1082;
inline constexpr Oid timestamp = 1114;
inline constexpr Oid timestamptz = 1184;
inline constexpr Oid interval = 1186;
inline constexpr Oid numeric = 1700;
inline constexpr Oid uuid = 2950;
inline constexpr Oid jsonb = 3802;
}  // namespace type

struct ArrayType {
  Oid array;
  Oid element;
};
inline constexpr ArrayType array_types[] = {{1000, type::boolean}, {1003, type::name},        {1005, type::int2},
                                            {1007, type::int4},    {1009, type::text},        {1014, type::bpchar},
                                            {1015, type::varchar}, {1016, type::int8},        {1021, type::float4},
                                            {1022, type::float8},  {1028, type::oid},         {1115, type::timestamp},
                                            {1182, type::date},    {1185, type::timestamptz}, {1187, type::interval},
                                            {1231, type::numeric}, {2951, type::uuid}};
/// `inferred` where it is no array that is known here, or has none.
/// @{
[[nodiscard]] constexpr Oid element_type(Oid array) noexcept {
  for (const ArrayType& known : array_types) {
    if (known.array == array) return known.element;
  }
  return type::inferred;
}
[[nodiscard]] constexpr Oid array_type(Oid element) noexcept {
  for (const ArrayType& known : array_types) {
    if (known.element == element) return known.array;
  }
  return type::inferred;
}
/// @}

// PostgreSQL counts from 2000-01-01, core_lib from 1970-01-01.
inline constexpr std::int64_t epoch_days = 10'957;
inline constexpr std::int64_t epoch_microseconds = epoch_days * 86'400 * 1'000'000;

}  // namespace core_lib::sql::postgresql
