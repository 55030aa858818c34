// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace core_lib::neo4j {

/// What the driver shows to a server that asks who it is: PEM files.
struct ClientCertificate {
  std::string certificate_file{};  ///< With the chain behind it.
  std::string key_file{};
  std::string key_password{};  ///< Of an encrypted key.
};

/// Asked before each new connection: a certificate to use from now on, or nothing to go on with the last one. Called
/// from any thread, by one at a time; the first answer may be nothing, for none.
using ClientCertificateProvider = std::function<std::optional<ClientCertificate>()>;

}  // namespace core_lib::neo4j
