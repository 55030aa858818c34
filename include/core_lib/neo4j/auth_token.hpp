// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core_lib/neo4j/value.hpp"

namespace core_lib::neo4j {

/// Who one is, as the server checks it. It holds secrets: it is never written to a log.
struct AuthToken {
  std::string scheme = "none";
  std::string principal{};
  std::string credentials{};
  std::string realm{};
  Map parameters{};            ///< Of custom schemes.
  bool has_principal = false;  ///< An empty principal is sent too.

  bool operator==(const AuthToken&) const = default;

  /// For servers that ask for nothing.
  [[nodiscard]] static AuthToken none() { return {}; }
  /// User and password; `realm` names where the server looks them up, and is left out where it is empty.
  [[nodiscard]] static AuthToken basic(std::string user, std::string password, std::string realm = {}) {
    return {"basic", std::move(user), std::move(password), std::move(realm), {}, true};
  }
  /// A token of an identity provider.
  [[nodiscard]] static AuthToken bearer(std::string token) { return {"bearer", {}, std::move(token), {}, {}, false}; }
  /// A ticket, base64 encoded.
  [[nodiscard]] static AuthToken kerberos(std::string ticket) {
    return {"kerberos", {}, std::move(ticket), {}, {}, true};
  }
  /// For a plugin of the server.
  [[nodiscard]] static AuthToken custom(std::string scheme, std::string principal, std::string credentials,
                                        std::string realm = {}, Map parameters = {}) {
    return {std::move(scheme), std::move(principal),  std::move(credentials),
            std::move(realm),  std::move(parameters), true};
  }
};

}  // namespace core_lib::neo4j
