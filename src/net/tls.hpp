// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "net/stream.hpp"

namespace core_lib::net {

/// What a TLS connection trusts, and what it shows.
struct TlsOptions {
  bool verify = true;                   ///< Certificate and host name of the server.
  std::vector<std::string> ca_files{};  ///< PEM files; empty means the system's authorities.
  std::string certificate_file{};       ///< PEM, with its chain; empty shows none.
  std::string key_file{};               ///< PEM.
  std::string key_password{};           ///< Of an encrypted key.
};

/// Settings that many connections share. Thread safety: any thread.
class TlsContext {
 public:
  /// Errors: ConfigError for files that cannot be read or do not fit.
  explicit TlsContext(const TlsOptions& options);
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;
  ~TlsContext();

  /// Shakes hands over a stream: TLS 1.2 or newer.
  /// @param host  the name or the address that the certificate must be for
  /// Errors: ConnectionLost, which says what is wrong with the certificate; DeadlineExceeded.
  [[nodiscard]] std::unique_ptr<Stream> wrap(std::unique_ptr<Stream> plain, const std::string& host,
                                             Deadline deadline) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace core_lib::net
