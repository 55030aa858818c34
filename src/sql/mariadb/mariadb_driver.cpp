// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/mariadb.hpp"

#include "sql/mariadb/mariadb_connection.hpp"
#include "sql/mariadb/mariadb_dialect.hpp"
#include "sql/option_text.hpp"
#include "sql/socket_tls.hpp"

namespace core_lib::sql {
namespace {

std::string describe(const MariadbOptions& options) {
  std::string text = options.database.empty() ? "mariadb at " : "mariadb database " + options.database + " at ";
  if (!options.unix_socket.empty()) return text + options.unix_socket;
  for (std::size_t i = 0; i < options.hosts.size(); ++i) {
    text += (i == 0 ? "" : ", ") + options.hosts[i].host + ":" + std::to_string(options.hosts[i].port);
  }
  return text;
}

/// The client library would connect all the same, and check nothing.
void refuse_unchecked_chain(const TlsOptions& tls) {
  if (tls.effective_mode() != TlsMode::verify_ca || !tls.ca.empty()) return;
  throw ConfigError(
      "ssl_mode verify_ca on mariadb needs ssl_ca, the CA that the server's certificate must come from; verify_full "
      "takes the system's CAs where none is named");
}

class MariadbDriver final : public driver::Driver {
 public:
  explicit MariadbDriver(MariadbOptions options)
      : options_(std::make_shared<const MariadbOptions>(std::move(options))), description_(describe(*options_)) {
    if (options_->hosts.empty() && options_->unix_socket.empty()) throw ConfigError("mariadb needs a host or a socket");
    refuse_unchecked_chain(options_->tls);
    if (!options_->unix_socket.empty()) refuse_tls_on_socket("mariadb", options_->tls);
    for (const MariadbHost& host : options_->hosts) refuse_nul("host", host.host);
    for (const std::string& sql : options_->init_statements) refuse_nul("init statement", sql);
    refuse_nul("socket", options_->unix_socket);
    refuse_nul("user", options_->user);
    refuse_nul("password", options_->password);
    refuse_nul("name", options_->database);
    refuse_nul("application name", options_->application_name);
  }

  std::unique_ptr<driver::Connection> connect(Access access, Deadline deadline) override {
    return std::make_unique<mariadb::MariadbConnection>(options_, description_, access, deadline);
  }
  const Dialect& dialect() const noexcept override { return mariadb::dialect(); }
  driver::Concurrency concurrency() const noexcept override {
    return {.max_writers = {},
            .separate_readers = false,
            .snapshot_per_statement = options_->isolation == Isolation::read_committed};
  }
  std::string description() const override { return description_; }

 private:
  std::shared_ptr<const MariadbOptions> options_;
  std::string description_;
};

}  // namespace

std::unique_ptr<driver::Driver> make_mariadb_driver(MariadbOptions options) {
  return std::make_unique<MariadbDriver>(std::move(options));
}

}  // namespace core_lib::sql
