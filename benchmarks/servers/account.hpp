// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The row that all candidates read and write: eight columns of six types, two of them nullable.
struct Account {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
  double balance{};
  std::int32_t visits{};
  bool active{};
  std::chrono::sys_time<std::chrono::microseconds> created;
  std::optional<std::int64_t> referrer;
};

inline constexpr std::int64_t account_count = 100'000;
inline constexpr int batch_size = 50;

inline Account make_account(std::int64_t id) {
  Account account;
  account.id = id;
  account.email = "account-" + std::to_string(id) + "@example.org";
  if (id % 3 != 0) account.name = "Name of account " + std::to_string(id);
  account.balance = static_cast<double>(id) * 1.25;
  account.visits = static_cast<std::int32_t>(id % 97);
  account.active = id % 2 == 0;
  account.created += std::chrono::seconds(1'700'000'000 + id);
  if (id % 5 != 0) account.referrer = id / 2;
  return account;
}

inline std::vector<Account> make_accounts() {
  std::vector<Account> accounts;
  accounts.reserve(account_count);
  for (std::int64_t id = 1; id <= account_count; ++id) accounts.push_back(make_account(id));
  return accounts;
}

inline std::int64_t some_id(std::int64_t i) { return 1 + (i * 7919) % account_count; }
