// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <typeinfo>

#include <gtest/gtest.h>

namespace core_lib::support {

/// The exception that `function` throws, which must be of this class and of none below it. Where there is none the test
/// fails and ends.
template <class Exception, class Function>
Exception caught(Function function) {
  try {
    static_cast<void>(function());
  } catch (const Exception& exception) {
    EXPECT_EQ(typeid(exception), typeid(Exception)) << exception.what();
    return exception;
  } catch (const std::exception& other) {
    ADD_FAILURE() << "expected " << typeid(Exception).name() << ", but it is " << typeid(other).name() << ": "
                  << other.what();
    throw;
  }
  throw std::logic_error(std::string("nothing was thrown, but this was expected: ") + typeid(Exception).name());
}

}  // namespace core_lib::support
