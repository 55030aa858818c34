// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>

namespace core_lib {

/// Why something failed, as far as figures may tell: without the message, in which a server may quote what a user
/// stored.
struct Failure {
  std::string error_class{};  ///< As "UniqueViolation"; empty where nothing failed.
  std::string native_code{};  ///< As Error::native_code().

  /// What a caught exception says of itself; nothing for null.
  [[nodiscard]] static Failure of(const std::exception_ptr& error) noexcept;
  /// True where something failed.
  [[nodiscard]] explicit operator bool() const noexcept { return !error_class.empty(); }
};

}  // namespace core_lib
