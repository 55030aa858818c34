// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/current_message.hpp"

#include <exception>

namespace core_lib {

std::string current_message() noexcept {
  try {
    try {
      throw;
    } catch (const std::exception& error) {
      return error.what();
    } catch (...) {
      return "something that is no std::exception";
    }
  } catch (...) {
    return "out of memory";  // short enough to need none
  }
}

}  // namespace core_lib
