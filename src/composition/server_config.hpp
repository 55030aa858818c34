// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/config/config.hpp"
#include "core_lib/config/url.hpp"
#include "core_lib/sql/tls_options.hpp"

// What the configurations of engines with servers have in common. Errors: ConfigError with path and position.
namespace core_lib::composition {

struct HostAndPort {
  std::string host;
  std::uint16_t port;
};

/// The hosts of an address, of which there may be several: `db1,db2:5433,[::1]:5434`. Those without a port take that of
/// the address, or the default one; no host at all is an empty list.
[[nodiscard]] std::vector<HostAndPort> read_hosts(const Config& url_node, const Url& url, std::uint16_t default_port);

/// The name of the database, which core-lib's files call `file`, or `path`.
[[nodiscard]] std::string read_database(const Config& url_node, const Url& url);

/// `ssl_mode`, `ssl_ca`, `ssl_certificate` and `ssl_key`.
[[nodiscard]] sql::TlsOptions read_tls(const Config& options);

/// The position of a value among the words that are known, as in `verify_full`, or `verify-full`.
[[nodiscard]] std::size_t read_word(const Config& node, std::span<const std::string_view> known);

/// A list of texts, or one that stands alone.
[[nodiscard]] std::vector<std::string> read_texts(const Config& options, std::string_view key);

}  // namespace core_lib::composition
