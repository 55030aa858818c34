// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/sql/query/column.hpp"

namespace core_lib::sql {

struct Account {
  std::int64_t id{};
  std::string name;
  std::int64_t balance{};
};

}  // namespace core_lib::sql

template <>
struct core_lib::Entity<core_lib::sql::Account>
    : core_lib::entity<"accounts", core_lib::key<&core_lib::sql::Account::id>,
                       core_lib::unique<&core_lib::sql::Account::name>> {};

namespace core_lib::sql::accounts {

inline constexpr auto id = col<&Account::id>;
inline constexpr auto name = col<&Account::name>;
inline constexpr auto balance = col<&Account::balance>;

}  // namespace core_lib::sql::accounts
