// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// The row that all subjects read and write: five columns, two of them text, one of those nullable.
struct Account {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
  double balance{};
  std::int64_t visits{};
};

inline Account make_account(std::int64_t id) {
  Account account{id, "account-" + std::to_string(id) + "@example.org", std::nullopt, static_cast<double>(id) * 1.25,
                  id % 97};
  if (id % 3 != 0) account.name = "Name of account " + std::to_string(id);
  return account;
}
