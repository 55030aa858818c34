// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "user.hpp"

// [quote data_access]
class UserDataAccess : public core_lib::DataAccess {
 public:
  explicit UserDataAccess(std::shared_ptr<core_lib::SqlConnectionRegistry> db) : db_(std::move(db)) {
    db_->create_db<User>();
  }

  User create(const std::string& email) const {  // 409 when there is a user with this email
    return core_lib::DuplicateErrorHandler("user {} exists", email)(
        [&] { return db_->with([&](core_lib::sql::Session& session) { return session.add(User{.email = email}); }); });
  }

  User get(std::int64_t user_id) const {  // 404 when there is no such user
    return core_lib::NotFoundErrorHandler("user {}", user_id)(
        [&] { return db_->with([&](core_lib::sql::Session& session) { return session.query<User>().get(user_id); }); });
  }

  std::vector<User> all() const {
    return db_->with([](core_lib::sql::Session& session) { return session.query<User>().order_by(users::id).all(); });
  }

  std::uint64_t update(std::int64_t user_id, const std::string& name) const {
    return db_->with([&](core_lib::sql::Session& session) {
      return session.query<User>().filter(users::id == user_id).update(users::name = name);
    });  // the commit is acknowledged here, or this throws
  }

 private:
  std::shared_ptr<core_lib::SqlConnectionRegistry> db_;
};
// [/quote]
