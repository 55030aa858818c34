// SPDX-License-Identifier: Apache-2.0
#include "composition/server_config.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace core_lib::composition {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

/// Takes `host`, `host:port`, `[address]` or `[address]:port` apart. An address of IPv6 may stand without brackets.
std::optional<HostAndPort> parse_host(std::string_view text, std::uint16_t default_port) {
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    host = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) return std::nullopt;
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  const std::optional<std::uint16_t> number = port.empty() ? default_port : parse_port(port.substr(1));
  if (host.empty() || !number) return std::nullopt;
  return HostAndPort{std::string(host), *number};
}

std::string normal(std::string word) {
  std::replace(word.begin(), word.end(), '-', '_');
  return word;
}

}  // namespace

std::vector<HostAndPort> read_hosts(const Config& url_node, const Url& url, std::uint16_t default_port) {
  std::uint16_t port = default_port;
  if (!url.port.empty() && url.port != "0") {
    const std::optional<std::uint16_t> given = parse_port(url.port);
    if (!given) url_node.at("port").fail("must be a port: a number from 1 to 65535");
    port = *given;
  }
  std::vector<HostAndPort> hosts;
  for (std::size_t from = 0; from < url.host.size();) {
    const std::size_t comma = std::min(url.host.find(',', from), url.host.size());
    const std::optional<HostAndPort> host = parse_host(std::string_view(url.host).substr(from, comma - from), port);
    if (!host) url_node.at("host").fail("must be a host, or several as in db1,db2:5433,[::1]:5434");
    hosts.push_back(*host);
    from = comma + 1;
  }
  return hosts;
}

std::string read_database(const Config& url_node, const Url& url) {
  if (url.path.empty()) return url.file;
  if (!url.file.empty()) url_node.at("path").fail("a server has no folders; name the database by 'file' alone");
  return url.path.substr(std::min(url.path.find_first_not_of('/'), url.path.size()));
}

sql::TlsOptions read_tls(const Config& options) {
  sql::TlsOptions tls{.ca = options.get<std::string>("ssl_ca", {}),
                      .certificate = options.get<std::string>("ssl_certificate", {}),
                      .key = options.get<std::string>("ssl_key", {})};
  constexpr std::string_view modes[] = {"disable", "prefer", "require", "verify_ca", "verify_full"};
  if (options.contains("ssl_mode") && !options.at("ssl_mode").is_null()) {
    tls.mode = static_cast<sql::TlsMode>(read_word(options.at("ssl_mode"), modes));
  }
  return tls;
}

std::size_t read_word(const Config& node, std::span<const std::string_view> known) {
  const auto found = std::find(known.begin(), known.end(), normal(node.as<std::string>()));
  if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
  std::string list;
  for (const std::string_view word : known) list += (list.empty() ? "" : ", ") + std::string(word);
  node.fail("must be one of: " + list);
}

std::vector<std::string> read_texts(const Config& options, std::string_view key) {
  if (!options.contains(key) || options.at(key).is_null()) return {};
  const Config node = options.at(key);
  if (node.is_list()) return node.as<std::vector<std::string>>();
  return {node.as<std::string>()};
}

}  // namespace core_lib::composition
