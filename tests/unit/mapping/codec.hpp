// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <type_traits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/field_type.hpp"

namespace core_lib::mapping {

/// What a field with this value gives to a data source; text of it lives as long as the value, or the test.
template <class T>
Scalar encoded(const T& value) {
  static Scratch scratch;
  return field_type<T>.encode(&value, scratch);
}

/// What a field becomes from a stored value.
template <class T>
T decoded(const Scalar& scalar) {
  T value{};
  field_type<T>.decode(scalar, &value);
  return value;
}

/// The value after its way to a data source and back.
template <class T>
T round_trip(const T& value) {
  return decoded<T>(encoded(value));
}

/// The message of the ConversionError that `function` throws; a test failure and "" where it throws nothing.
template <class Function>
std::string conversion_error(Function function) {
  try {
    static_cast<void>(function());
  } catch (const ConversionError& error) {
    return error.what();
  }
  ADD_FAILURE() << "no ConversionError";
  return {};
}

}  // namespace core_lib::mapping
