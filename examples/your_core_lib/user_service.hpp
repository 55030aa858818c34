// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

#include "user_data_access.hpp"

// [quote service]
class UserService : public core_lib::Service {
 public:
  explicit UserService(UserDataAccess users) : users_(std::move(users)) {}

  User sign_up(const std::string& email) const { return users_.create(email); }
  User get(std::int64_t user_id) const { return users_.get(user_id); }
  std::vector<User> all() const { return users_.all(); }

  void rename(std::int64_t user_id, const std::string& name) const {  // 404 when there is no such user
    core_lib::NotFoundErrorHandler("user {}", user_id).zero_is_missing()([&] { return users_.update(user_id, name); });
  }

 private:
  UserDataAccess users_;
};
// [/quote]
