// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/mariadb.hpp"

#include "composition/server_config.hpp"
#include "composition/sql_config.hpp"

namespace core_lib::composition {

std::unique_ptr<sql::driver::Driver> make_mariadb(const Config& url_node, const Url& url, const Config& options) {
  options.reject_unknown_keys({"ssl_mode", "ssl_ca", "ssl_certificate", "ssl_key", "unix_socket", "connect_timeout",
                               "statement_timeout", "isolation", "application_name", "init_statements"});
  sql::MariadbOptions mariadb;
  const std::uint16_t default_port = mariadb.hosts[0].port;
  const std::vector<HostAndPort> hosts = read_hosts(url_node, url, default_port);
  if (!hosts.empty()) mariadb.hosts.clear();
  for (const HostAndPort& host : hosts) mariadb.hosts.push_back({host.host, host.port});
  mariadb.unix_socket = options.get<std::string>("unix_socket", {});
  if (!mariadb.unix_socket.empty() && !hosts.empty()) {
    options.at("unix_socket").fail("is another way to the server than url.host; name one of them");
  }
  mariadb.user = url.username;
  mariadb.password = url.password;
  mariadb.database = read_database(url_node, url);
  mariadb.tls = read_tls(options);
  mariadb.connect_timeout = get_seconds(options, "connect_timeout", mariadb.connect_timeout);
  mariadb.statement_timeout = get_seconds(options, "statement_timeout", mariadb.statement_timeout);
  constexpr std::string_view levels[] = {"engine_default", "read_committed", "repeatable_read", "serializable"};
  if (options.contains("isolation") && !options.at("isolation").is_null()) {
    mariadb.isolation = static_cast<Isolation>(read_word(options.at("isolation"), levels));
  }
  mariadb.application_name = options.get<std::string>("application_name", mariadb.application_name);
  mariadb.init_statements = read_texts(options, "init_statements");
  return sql::make_mariadb_driver(std::move(mariadb));
}

}  // namespace core_lib::composition
