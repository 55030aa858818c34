// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "core_lib/error/current_message.hpp"
#include "core_lib/error/error.hpp"

#include "sql/mariadb/mariadb_connection.hpp"
#include "sql/resolve.hpp"

namespace core_lib::sql::mariadb {
namespace {

constexpr std::string_view standard_modes =
    "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION";

std::string seconds_of(std::chrono::milliseconds time) {
  const std::string fraction = std::to_string(time.count() % 1000);
  return std::to_string(time.count() / 1000) + "." + std::string(3 - fraction.size(), '0') + fraction;
}

std::string message_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (...) {
    return current_message();
  }
}

std::string_view isolation_name(Isolation isolation) {
  switch (isolation) {
    case Isolation::read_committed:
      return "READ-COMMITTED";
    case Isolation::repeatable_read:
      return "REPEATABLE-READ";
    case Isolation::serializable:
      return "SERIALIZABLE";
    default:
      return {};
  }
}

}  // namespace

MariadbConnection::MariadbConnection(std::shared_ptr<const MariadbOptions> options, std::string description,
                                     Access access, Deadline deadline)
    : options_(std::move(options)), description_(std::move(description)) {
  connect(access, deadline);
}

void MariadbConnection::connect(Access access, Deadline deadline) {
  if (!options_->unix_socket.empty()) {
    const Deadline limit = deadline.sooner(Deadline::in(options_->connect_timeout));
    return open({{}, 0, options_->unix_socket, options_->unix_socket}, limit);
  }
  std::vector<std::exception_ptr> failures;
  for (const MariadbHost& host : options_->hosts) {
    if (try_host(host, access, deadline, failures)) return;
  }
  if (failures.size() == 1) std::rethrow_exception(failures[0]);
  std::string all;
  for (const std::exception_ptr& failure : failures) {
    all += (all.empty() ? "" : " | ") + message_of(failure);
  }
  throw ConnectionLost(all, {.retryable = true, .cause = failures[0]});
}

bool MariadbConnection::try_host(const MariadbHost& host, Access access, Deadline deadline,
                                 std::vector<std::exception_ptr>& failures) {
  const Deadline limit = deadline.sooner(Deadline::in(options_->connect_timeout));
  const std::string shown = host.host + ":" + std::to_string(host.port);
  std::exception_ptr failure;
  try {
    std::vector<std::string> addresses = resolve(host.host, "cannot connect to mariadb at " + shown, limit);
    // The library compares the certificate with the name that it was given, and looks that up again.
    if (options_->tls.effective_mode() == TlsMode::verify_full) addresses = {host.host};
    for (const std::string& address : addresses) {
      try {
        open({address, host.port, {}, shown}, limit);
        if (access == Access::read_only || options_->hosts.size() == 1 || !read_only_server_) return true;
        throw ConnectionLost("mariadb at " + shown + " is read-only", {.retryable = true});
      } catch (const ConnectionLost&) {
        failure = std::current_exception();
      }
    }
  } catch (const DeadlineExceeded&) {
    if (deadline.expired()) throw;
    failure = std::make_exception_ptr(
        ConnectionLost("cannot connect to mariadb at " + shown + ": no answer within " +
                           std::to_string(options_->connect_timeout.count()) +
                           " ms; check the host and the port too: another kind of server may wait "
                           "there for us to speak first",
                       {.retryable = true}));
  } catch (const AuthenticationError&) {  // the other hosts have the same users; libpq ends here too
    throw;
  } catch (const Error&) {
    failure = std::current_exception();
  }
  failures.push_back(failure);
  return false;
}

void MariadbConnection::open(Endpoint endpoint, Deadline deadline) {
  link_.reset();
  link_ = MariadbLink::open(options_, std::move(endpoint), deadline);
  set_up();
}

void MariadbConnection::set_up() {
  is_mariadb_ = mariadb_connection(handle()) != 0;
  check_version();
  mode_ = wanted_ = Mode::transaction;
  run(settings(), "cannot set up the connection");
  run_init_statements();
  const MariadbLink::Call call(*link_);
  const std::vector<std::string> limits = link_->select("SELECT @@max_allowed_packet, @@global.read_only");
  if (limits.size() != 2) throw_failed(link_->failure(), "cannot set up the connection");
  std::from_chars(limits[0].data(), limits[0].data() + limits[0].size(), max_packet_);
  read_only_server_ = limits[1] != "0" && limits[1] != "OFF";
}

void MariadbConnection::run_init_statements() {
  for (std::size_t i = 0; i < options_->init_statements.size(); ++i) {
    const std::string attempt = "init statement " + std::to_string(i + 1) + " failed";
    try {
      run(options_->init_statements[i], attempt);
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Error& error) {
      const bool is_ours = error.native_code().empty() && dynamic_cast<const DeadlineExceeded*>(&error) != nullptr;
      if (is_ours) throw;  // our time, and not the server's statement_timeout
      throw ConfigError(error.what(), {.native_code = error.native_code(), .cause = std::current_exception()});
    }
  }
}

void MariadbConnection::check_version() const {
  const unsigned long version = mysql_get_server_version(handle());
  if (version >= (is_mariadb_ ? 100300UL : 80000UL)) return;
  throw ConfigError("mariadb at " + link_->endpoint().shown + " is " + server_version() +
                    ", which is too old; MariaDB 10.3 and MySQL 8.0 or newer work");
}

bool MariadbConnection::has_returning() const noexcept {
  return is_mariadb_ && mysql_get_server_version(handle()) >= 100500;
}

std::string MariadbConnection::settings() const {
  std::string sql = "SET NAMES utf8mb4, time_zone='+00:00', sql_mode='" + std::string(standard_modes);
  if (is_mariadb_) sql += ",SIMULTANEOUS_ASSIGNMENT";  // UPDATE reads what was there before, as elsewhere
  const std::string transaction = is_mariadb_ ? "tx_" : "transaction_";
  sql += "', autocommit=0, SESSION " + transaction + "read_only=0";
  if (const std::string_view level = isolation_name(options_->isolation); !level.empty()) {
    sql += ", SESSION " + transaction + "isolation='" + std::string(level) + "'";
  }
  if (const auto limit = options_->statement_timeout; limit.count() > 0) {
    sql += is_mariadb_ ? ", SESSION max_statement_time=" + seconds_of(limit)
                       : ", SESSION max_execution_time=" + std::to_string(limit.count());
  }
  return sql;
}

std::string MariadbConnection::server_version() const {
  const std::string_view full = mysql_get_server_info(handle());
  return (is_mariadb_ ? "MariaDB " : "MySQL ") + std::string(full.substr(0, full.find_first_not_of("0123456789.")));
}

}  // namespace core_lib::sql::mariadb
