// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "account.hpp"

namespace benchmarks {

inline void require(bool condition) {
  if (!condition) std::abort();
}

/// Where the server answers.
struct Address {
  std::string socket;  ///< As its clients want it: a folder, or a path. Empty: host and port.
  std::string host;
  std::uint16_t port = 0;
  std::string user;
  std::string password;
  std::string database;
};

/// One way to do the work that is measured, on the table `accounts`. It has one connection, and keeps it.
class Candidate {
 public:
  Candidate() = default;
  Candidate(const Candidate&) = delete;
  Candidate& operator=(const Candidate&) = delete;
  virtual ~Candidate() = default;

  [[nodiscard]] virtual std::string_view name() const = 0;

  /// In a transaction that could also write, and its commit.
  virtual Account get_in_scope(std::int64_t id) = 0;
  /// In the cheapest form there is for a single read.
  virtual Account get_in_reading_scope(std::int64_t id) = 0;
  virtual void begin() = 0;
  virtual Account get(std::int64_t id) = 0;
  virtual void commit() = 0;
  /// Finds the row by its key, and commits. @returns the rows matched
  virtual std::size_t update_in_scope(std::int64_t id, const std::string& name) = 0;
  /// Leaves the key to the database, and commits. @returns the key
  virtual std::int64_t insert_in_scope(const Account& account) = 0;
  virtual std::vector<Account> read_all() = 0;
  /// All of it in one transaction.
  virtual void add_all(const std::vector<Account>& accounts) = 0;
  /// Updates of `batch_size` rows, each a statement of its own, in one transaction.
  virtual void run_batch(std::int64_t first) = 0;
};

}  // namespace benchmarks
