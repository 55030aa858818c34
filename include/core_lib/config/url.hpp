// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace core_lib {

class Config;

/// The parts of a data source's address, as the `url` node of a configuration names them. Empty parts are left out.
struct Url {
  std::string protocol{};
  std::string username{};
  std::string password{};
  std::string host{};
  std::string port{};  ///< Digits; "0" counts as empty.
  std::string path{};
  std::string file{};

  /// Reads the parts from a map; null and absent parts are empty, other keys are not looked at.
  [[nodiscard]] static Url from(const Config& node);
};

/// Joins the parts to `protocol://username:password@host:port/path/file` exactly as they are written.
/// It holds the password: hand it to a client, never to a log. Drivers of core_lib take the parts instead.
[[nodiscard]] std::string build_url(const Url& url);
/// The same for the `url` node of a configuration.
[[nodiscard]] std::string build_url(const Config& node);
/// The same with everything percent-encoded that has a meaning in an address, so that `p@/:#` may be a password.
[[nodiscard]] std::string build_encoded_url(const Url& url);

}  // namespace core_lib
