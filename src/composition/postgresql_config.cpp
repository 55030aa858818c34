// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/postgresql.hpp"

#include "composition/server_config.hpp"
#include "composition/sql_config.hpp"

namespace core_lib::composition {

std::unique_ptr<sql::driver::Driver> make_postgresql(const Config& url_node, const Url& url, const Config& options) {
  options.reject_unknown_keys({"ssl_mode", "ssl_ca", "ssl_certificate", "ssl_key", "target_session_attrs",
                               "connect_timeout", "statement_timeout", "application_name", "search_path",
                               "init_statements", "prepared_statements", "resolve_unknown_commits"});
  sql::PostgresqlOptions postgresql;
  const std::uint16_t default_port = postgresql.hosts[0].port;
  const std::vector<HostAndPort> hosts = read_hosts(url_node, url, default_port);
  if (!hosts.empty()) postgresql.hosts.clear();
  for (const HostAndPort& host : hosts) postgresql.hosts.push_back({host.host, host.port});
  postgresql.user = url.username;
  postgresql.password = url.password;
  postgresql.database = read_database(url_node, url);
  postgresql.tls = read_tls(options);
  constexpr std::string_view roles[] = {"any", "read_write", "read_only", "primary", "standby", "prefer_standby"};
  if (options.contains("target_session_attrs") && !options.at("target_session_attrs").is_null()) {
    postgresql.target = static_cast<sql::ServerRole>(read_word(options.at("target_session_attrs"), roles));
  }
  postgresql.connect_timeout = get_seconds(options, "connect_timeout", postgresql.connect_timeout);
  postgresql.statement_timeout = get_seconds(options, "statement_timeout", postgresql.statement_timeout);
  postgresql.application_name = options.get<std::string>("application_name", postgresql.application_name);
  postgresql.search_path = read_texts(options, "search_path");
  postgresql.init_statements = read_texts(options, "init_statements");
  postgresql.prepared_statements = options.get<bool>("prepared_statements", postgresql.prepared_statements);
  postgresql.resolve_unknown_commits = options.get<bool>("resolve_unknown_commits", postgresql.resolve_unknown_commits);
  return sql::make_postgresql_driver(std::move(postgresql));
}

}  // namespace core_lib::composition
