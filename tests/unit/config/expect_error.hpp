// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib {

/// The message of the ConfigError that `function` throws; a test failure and "" where it throws nothing.
template <class Function>
std::string config_error(Function function) {
  try {
    static_cast<void>(function());
  } catch (const ConfigError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no ConfigError";
  return {};
}

}  // namespace core_lib
