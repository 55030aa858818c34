// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core_lib/sql/session.hpp"

struct User {
  std::int64_t id{};
  std::string name;
  std::optional<std::string> city;
};
struct Pet {
  std::int64_t id{};
  std::int64_t user_id{};
  std::string name;
};
struct Toy {
  std::int64_t id{};
  std::int64_t pet_id{};
};
template <>
struct core_lib::Entity<User> : core_lib::entity<"users", core_lib::key<&User::id>> {};
template <>
struct core_lib::Entity<Pet> : core_lib::entity<"pets", core_lib::key<&Pet::id>> {};
template <>
struct core_lib::Entity<Toy> : core_lib::entity<"toys", core_lib::key<&Toy::id>> {};

namespace users {
constexpr auto id = core_lib::col<&User::id>;
constexpr auto name = core_lib::col<&User::name>;
}  // namespace users
namespace pets {
constexpr auto id = core_lib::col<&Pet::id>;
constexpr auto user_id = core_lib::col<&Pet::user_id>;
constexpr auto name = core_lib::col<&Pet::name>;
}  // namespace pets
namespace toys {
constexpr auto pet_id = core_lib::col<&Toy::pet_id>;
}  // namespace toys
