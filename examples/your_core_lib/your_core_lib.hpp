// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "user_service.hpp"

// [quote core_lib]
class YourCoreLib : public core_lib::CoreLib {
 public:
  explicit YourCoreLib(const core_lib::Config& config)
      : user(UserDataAccess(
            own(core_lib::instantiate_config<core_lib::SqlConnectionRegistry>(config.at("core_lib.data.db"))))) {}

  UserService user;
};
// [/quote]
