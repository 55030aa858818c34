// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <core_lib/core_lib.hpp>

// [quote entities]
struct Country {
  std::string code;  // ISO 3166-1 alpha-2
  std::string alpha_3;
  std::int32_t number{};
  std::string name;
  std::optional<std::string> official_name;
};
struct Subdivision {
  std::string code;  // ISO 3166-2
  std::string country_code;
  std::string kind;
  std::string name;
  std::optional<std::string> parent;
};

template <>
struct core_lib::Entity<Country>
    : core_lib::entity<"countries", core_lib::key<&Country::code>, core_lib::unique<&Country::alpha_3>> {};
template <>
struct core_lib::Entity<Subdivision>
    : core_lib::entity<"subdivisions", core_lib::key<&Subdivision::code>,
                       core_lib::references<&Subdivision::country_code, &Country::code>,
                       core_lib::index<&Subdivision::country_code>> {};
// [/quote]

namespace countries {
constexpr auto code = core_lib::col<&Country::code>;
constexpr auto name = core_lib::col<&Country::name>;
constexpr auto official_name = core_lib::col<&Country::official_name>;
}  // namespace countries
namespace subdivisions {
constexpr auto code = core_lib::col<&Subdivision::code>;
constexpr auto country_code = core_lib::col<&Subdivision::country_code>;
constexpr auto kind = core_lib::col<&Subdivision::kind>;
constexpr auto name = core_lib::col<&Subdivision::name>;
constexpr auto parent = core_lib::col<&Subdivision::parent>;
}  // namespace subdivisions
