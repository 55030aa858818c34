// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <core_lib/core_lib.hpp>

// [quote entity]
struct User {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name{};
};
template <>
struct core_lib::Entity<User> : core_lib::entity<"users", core_lib::key<&User::id>, core_lib::unique<&User::email>> {};

namespace users {
constexpr auto id = core_lib::col<&User::id>;
constexpr auto email = core_lib::col<&User::email>;
constexpr auto name = core_lib::col<&User::name>;
}  // namespace users
// [/quote]
