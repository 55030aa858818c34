// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <libpq-fe.h>

namespace core_lib::sql::postgresql {

/// The name of a prepared statement: a hash of its text and its parameters' types, so that all connections agree on it,
/// and a pooler that lends one server to many clients never runs another client's statement under it.
[[nodiscard]] std::string prepared_name(std::string_view sql, std::span<const Oid> types);

/// Which statements the server holds for one connection, and which nobody needs any more.
class PreparedNames {
 public:
  /// @returns whether the server has it, as is_prepared(), until release()
  const bool& use(const std::string& name);
  /// The last user's call marks it as to be deallocated.
  void release(const std::string& name);
  /// True once add() was called for it.
  [[nodiscard]] bool is_prepared(const std::string& name) const;
  void add(const std::string& name) { uses_[name].prepared = true; }
  /// The server does not have it, whatever was thought.
  void forget(const std::string& name);
  /// The server has none any more.
  void forget_all() noexcept;
  /// The server's one is of no use any more; it is to be deallocated, and prepared again.
  void discard(const std::string& name);
  [[nodiscard]] bool has_unused() const noexcept { return !unused_.empty(); }
  /// Names to deallocate, handed over.
  [[nodiscard]] std::vector<std::string> take_unused() noexcept;

 private:
  struct Use {
    std::size_t count = 0;
    bool prepared = false;
  };
  std::vector<std::string> unused_;
  std::unordered_map<std::string, Use> uses_;
};

}  // namespace core_lib::sql::postgresql
