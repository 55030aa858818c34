// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/tls_options.hpp"

namespace core_lib::sql {

/// Client libraries connect in clear text there, whatever was asked for. Errors: ConfigError where TLS was.
inline void refuse_tls_on_socket(std::string_view engine, const TlsOptions& tls) {
  if (tls.effective_mode() < TlsMode::require) return;
  throw ConfigError("a unix socket of " + std::string(engine) +
                    " has no TLS; name a host instead, or leave out ssl_mode and ssl_ca");
}

}  // namespace core_lib::sql
