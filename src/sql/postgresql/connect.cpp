// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/connect.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>
#include <vector>

#include "core_lib/error/error.hpp"

#include "sql/resolve.hpp"

namespace core_lib::sql::postgresql {
namespace {

constexpr int oldest_server = 100'000;  // 10: identity columns, SCRAM

std::string place_of(const PostgresqlHost& host) { return host.host + ":" + std::to_string(host.port); }

const char* name_of(TlsMode mode) {
  constexpr const char* names[] = {"disable", "prefer", "require", "verify-ca", "verify-full"};
  return names[static_cast<std::size_t>(mode)];
}

const char* name_of(ServerRole role) {
  constexpr const char* names[] = {"any", "read-write", "read-only", "primary", "standby", "any"};
  return names[static_cast<std::size_t>(role)];
}

/// Starts to connect, with fields: nothing in them is taken apart again.
ConnectionPtr start(const PostgresqlOptions& options, const PostgresqlHost& host, const std::string& address,
                    ServerRole role) {
  const std::string port = std::to_string(host.port);
  std::vector<const char*> keys;
  std::vector<const char*> values;
  const auto set = [&](const char* key, const std::string& value) {
    if (value.empty()) return;
    keys.push_back(key);
    values.push_back(value.c_str());
  };
  const std::string tls = name_of(options.tls.effective_mode());
  const std::string attributes = name_of(role);
  const std::string encoding = "UTF8";
  const std::string no_gss = "disable";
  set("host", host.host);
  set("hostaddr", address);
  set("port", port);
  set("user", options.user);
  set("password", options.password);
  set("dbname", options.database);
  set("sslmode", tls);
  set("sslrootcert", options.tls.ca);
  set("sslcert", options.tls.certificate);
  set("sslkey", options.tls.key);
  set("target_session_attrs", attributes);
  set("application_name", options.application_name);
  set("client_encoding", encoding);
  set("gssencmode", no_gss);
  keys.push_back(nullptr);
  values.push_back(nullptr);
  return ConnectionPtr(PQconnectStartParams(keys.data(), values.data(), 0));
}

/// libpq gives the code of a refused login in its verbose message only: "FATAL:  28P01: password ...".
struct Refusal {
  std::string code;
  std::string message;
};

Refusal refusal_of(const PGconn* connection) {
  std::string text = message_of(connection);
  const std::size_t colon = text.find(":  ");
  if (colon == std::string::npos || text.size() < colon + 10 || text.compare(colon + 8, 2, ": ") != 0) {
    return {"", std::move(text)};
  }
  return {text.substr(colon + 3, 5), text.substr(colon + 10)};
}

[[noreturn]] void throw_refused(const PGconn* connection, const std::string& attempt) {
  const Refusal refusal = refusal_of(connection);
  if (!refusal.code.empty()) std::rethrow_exception(make_error(refusal.code, attempt, refusal.message));
  const auto says = [&](const char* words) { return refusal.message.find(words) != std::string::npos; };
  if (says("no password supplied")) std::rethrow_exception(make_error("28P01", attempt, refusal.message));
  if (says("invalid response") || says("expected authentication request")) {
    throw ConfigError(attempt + ": what answers there is no PostgreSQL server (" + refusal.message +
                      "); check the host and the port");
  }
  const bool hung_up = says("SSL SYSCALL error") || says("SSL connection has been closed");
  if ((says("SSL") || says("certificate")) && !hung_up)
    throw ConfigError(attempt + ": " + refusal.message + "; check ssl_mode, ssl_ca and the host's name");
  throw ConnectionLost(attempt + ": " + refusal.message, {.retryable = true});
}

/// Goes on until the server has let us in. False where the deadline comes first.
bool finish(PGconn* connection, const std::string& attempt, Deadline deadline) {
  PQsetErrorVerbosity(connection, PQERRORS_VERBOSE);
  PostgresPollingStatusType status = PGRES_POLLING_WRITING;
  while (status != PGRES_POLLING_OK) {
    if (PQstatus(connection) == CONNECTION_BAD || status == PGRES_POLLING_FAILED) throw_refused(connection, attempt);
    const bool to_read = status == PGRES_POLLING_READING;
    if (!wait_for_socket(PQsocket(connection), to_read, !to_read, deadline)) return false;
    status = PQconnectPoll(connection);
  }
  PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
  return true;
}

void keep_silent(void*, const PGresult*) {}

/// Where to connect to; none where the deadline comes first. An empty one for the folder of a socket.
std::vector<std::string> addresses_of(const std::string& host, const std::string& attempt, Deadline deadline) {
  if (host.empty() || host[0] == '/' || host[0] == '@') return {std::string()};
  try {
    return resolve(host, attempt, deadline);
  } catch (const DeadlineExceeded&) {
    return {};
  }
}

ConnectionPtr connect_to(const PostgresqlOptions& options, const PostgresqlHost& host, ServerRole role,
                         Deadline deadline) {
  const std::string attempt = "cannot connect to " + describe(options) +
                              (options.hosts.size() > 1 ? " (host " + place_of(host) + ")" : std::string());
  const Deadline patience = deadline.sooner(Deadline::in(options.connect_timeout));
  std::exception_ptr refused;
  for (const std::string& address : addresses_of(host.host, attempt, patience)) {
    ConnectionPtr connection = start(options, host, address, role);
    if (!connection) throw Error(attempt + ": out of memory");
    PQsetNoticeReceiver(connection.get(), keep_silent, nullptr);
    try {
      if (!finish(connection.get(), attempt, patience)) break;
      if (PQserverVersion(connection.get()) >= oldest_server) return connection;
    } catch (const ConnectionLost&) {
      refused = std::current_exception();
      continue;
    }
    throw ConfigError(attempt + ": the server is older than PostgreSQL 10");
  }
  if (deadline.expired()) throw DeadlineExceeded(attempt + ": the deadline passed");
  if (refused && !patience.expired()) std::rethrow_exception(refused);
  throw ConnectionLost(attempt + ": no answer within " + std::to_string(options.connect_timeout.count()) + " ms",
                       {.retryable = true});
}

}  // namespace

std::string describe(const PostgresqlOptions& options) {
  std::string text = "postgresql " + (options.user.empty() ? std::string() : options.user + "@");
  for (std::size_t i = 0; i < options.hosts.size(); ++i) {
    if (i != 0) text += ',';
    text += place_of(options.hosts[i]);
  }
  return options.database.empty() ? text : text + "/" + options.database;
}

ConnectionPtr connect(const PostgresqlOptions& options, Deadline deadline) {
  // A standby is preferred by looking for one first, and then for anything.
  std::vector<ServerRole> wanted{options.target};
  if (options.target == ServerRole::prefer_standby) wanted = {ServerRole::standby, ServerRole::any};
  std::string reasons;
  for (const ServerRole role : wanted) {
    for (const PostgresqlHost& host : options.hosts) {
      try {
        return connect_to(options, host, role, deadline);
      } catch (const ConnectionLost& error) {
        if (options.hosts.size() == 1 && wanted.size() == 1) throw;
        reasons += std::string(reasons.empty() ? "" : " | ") + error.what();
      }
    }
  }
  throw ConnectionLost("no server fits: " + reasons, {.retryable = true});
}

}  // namespace core_lib::sql::postgresql
