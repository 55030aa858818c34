// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace core_lib::sql {

/// How far a connection is protected.
enum class TlsMode {
  disable,      ///< In clear text.
  prefer,       ///< Encrypted where the server can, in clear text where it cannot: no protection against an attacker.
  require,      ///< Encrypted, but with whoever answers.
  verify_ca,    ///< And the server's certificate comes from the CA.
  verify_full,  ///< And it is for the host that was asked for.
};

/// How a connection to a server is protected.
struct TlsOptions {
  /// Left out, it is verify_full where a CA is named, and prefer otherwise.
  std::optional<TlsMode> mode{};
  /// Paths of PEM files: the CA that the server's certificate must come from; the certificate and key that this client
  /// shows.
  std::string ca{};
  std::string certificate{};
  std::string key{};

  /// What holds after the default of `mode`.
  [[nodiscard]] TlsMode effective_mode() const noexcept {
    return mode.value_or(ca.empty() ? TlsMode::prefer : TlsMode::verify_full);
  }
};

}  // namespace core_lib::sql
