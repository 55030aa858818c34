// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/postgresql.hpp"

#include "sql/option_text.hpp"
#include "sql/postgresql/connect.hpp"
#include "sql/postgresql/postgresql_connection.hpp"
#include "sql/postgresql/postgresql_dialect.hpp"
#include "sql/socket_tls.hpp"

namespace core_lib::sql {
namespace {

class PostgresqlDriver final : public driver::Driver {
 public:
  explicit PostgresqlDriver(PostgresqlOptions options) : options_(std::move(options)) {
    if (options_.hosts.empty()) throw ConfigError("PostgreSQL needs a host to connect to");
    for (const PostgresqlHost& host : options_.hosts) {
      refuse_nul("host", host.host);
      if (host.host.starts_with('/') || host.host.starts_with('@')) refuse_tls_on_socket("PostgreSQL", options_.tls);
    }
    for (const std::string& name : options_.search_path) refuse_nul("search path", name);
    for (const std::string& sql : options_.init_statements) refuse_nul("init statement", sql);
    refuse_nul("user", options_.user);
    refuse_nul("password", options_.password);
    refuse_nul("name", options_.database);
    refuse_nul("application name", options_.application_name);
  }

  std::unique_ptr<driver::Connection> connect(Access, Deadline deadline) override {
    return std::make_unique<postgresql::PostgresqlConnection>(options_, deadline);
  }
  const Dialect& dialect() const noexcept override { return postgresql::dialect(); }
  driver::Concurrency concurrency() const noexcept override { return {.snapshot_per_statement = true}; }
  std::string description() const override { return postgresql::describe(options_); }

 private:
  PostgresqlOptions options_;
};

}  // namespace

std::unique_ptr<driver::Driver> make_postgresql_driver(PostgresqlOptions options) {
  return std::make_unique<PostgresqlDriver>(std::move(options));
}

}  // namespace core_lib::sql
