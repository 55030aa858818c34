// SPDX-License-Identifier: Apache-2.0
// What a user's file costs to compile: one entity, one get, one update, through the header that includes everything.
#include <core_lib/core_lib.hpp>

struct User {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
};
template <>
struct core_lib::Entity<User> : core_lib::entity<"users", core_lib::key<&User::id>, core_lib::unique<&User::email>> {};

namespace users {
constexpr auto id = core_lib::col<&User::id>;
constexpr auto name = core_lib::col<&User::name>;
}  // namespace users

std::optional<User> get(core_lib::SqlConnectionRegistry& db, std::int64_t user_id) {
  return db.with([&](core_lib::sql::Session& session) { return session.query<User>().get(user_id); });
}

std::uint64_t update(core_lib::SqlConnectionRegistry& db, std::int64_t user_id, std::string name) {
  return db.with([&](core_lib::sql::Session& session) {
    return session.query<User>().filter(users::id == user_id).update(users::name = std::move(name));
  });
}
