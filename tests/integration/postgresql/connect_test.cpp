// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/forwarder.hpp"
#include "support/postgresql_schema.hpp"
#include "support/speaking_server.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PostgresqlConnect : public testing::Test {
 protected:
  /// The message of what connecting throws, which must be an E.
  template <class E>
  static std::string failure(PostgresqlOptions options) {
    try {
      (void)support::PostgresqlSchema::open(std::move(options));
    } catch (const E& error) {
      return error.what();
    } catch (const std::exception& error) {
      ADD_FAILURE() << "another error: " << error.what();
      return "";
    }
    ADD_FAILURE() << "connected";
    return "";
  }
  template <class T>
  T ask(const PostgresqlOptions& options, const std::string& sql) const {
    return support::PostgresqlSchema::open(options)->execute(sql).scalar<T>();
  }

  support::PostgresqlSchema schema;
};

TEST_F(PostgresqlConnect, AWrongPasswordIsSaidWithoutIt) {
  PostgresqlOptions options = schema.options();
  options.password = "open sesame";
  EXPECT_THAT(failure<AuthenticationError>(options),
              AllOf(HasSubstr("password authentication failed"), HasSubstr("pg_hba.conf"), Not(HasSubstr("sesame"))));
  options.password = "";
  EXPECT_THAT(failure<AuthenticationError>(options), HasSubstr("no password supplied"));
}

TEST_F(PostgresqlConnect, AnUnknownUserOrDatabaseIsSaid) {
  PostgresqlOptions options = schema.options();
  options.user = "nobody here";
  EXPECT_THAT(failure<AuthenticationError>(options), HasSubstr("nobody here"));
  options = schema.options();
  options.database = "no such database";
  EXPECT_THAT(failure<ConfigError>(options), AllOf(HasSubstr("no such database"), HasSubstr("create it")));
}

TEST_F(PostgresqlConnect, AnUnknownHostOrARefusedPortIsSaid) {
  PostgresqlOptions options = schema.options();
  options.hosts = {{"no-such-host.invalid", 5432}};
  EXPECT_THAT(failure<ConnectionLost>(options), HasSubstr("no-such-host.invalid"));
  std::uint16_t closed_port = 0;
  {
    const support::Forwarder gone(1);
    closed_port = gone.port();
  }
  options.hosts = {{"127.0.0.1", closed_port}};
  EXPECT_THAT(failure<ConnectionLost>(options), HasSubstr("Connection refused"));
  options.hosts = {{"/no/such/folder", 5432}};
  EXPECT_THAT(failure<ConnectionLost>(options), HasSubstr("No such file"));
}

TEST_F(PostgresqlConnect, ASocketIsRefusedWhereTlsIsAskedFor) {
  PostgresqlOptions options = schema.options();
  for (const char* folder : {"/no/such/folder", "@abstract"}) {
    options.hosts = {{folder, 5432}};
    for (const TlsMode mode : {TlsMode::require, TlsMode::verify_ca, TlsMode::verify_full}) {
      options.tls.mode = mode;
      EXPECT_THAT(failure<ConfigError>(options), HasSubstr("has no TLS"));
    }
  }
}

TEST_F(PostgresqlConnect, AServerOfAnotherProtocolIsRefused) {
  const support::SpeakingServer web("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  PostgresqlOptions options = schema.options();
  options.hosts = {{"127.0.0.1", web.port()}};
  for (const TlsMode mode : {TlsMode::prefer, TlsMode::require, TlsMode::disable}) {
    options.tls.mode = mode;
    EXPECT_THAT(failure<ConfigError>(options),
                AllOf(HasSubstr("no PostgreSQL server"), HasSubstr("check the host and the port")));
  }
}

TEST_F(PostgresqlConnect, AServerThatIsTooOldIsRefused) {
  using namespace std::string_literals;
  const support::SpeakingServer old("R\0\0\0\x08\0\0\0\0"s +                        // let in
                                    "S\0\0\0\x1Aserver_version\0"s + "9.6.24\0"s +  // a setting
                                    "Z\0\0\0\x05I"s);                               // ready
  PostgresqlOptions options = schema.options();
  options.hosts = {{"127.0.0.1", old.port()}};
  options.tls.mode = TlsMode::disable;
  EXPECT_THAT(failure<ConfigError>(options), HasSubstr("older than PostgreSQL 10"));
}

TEST_F(PostgresqlConnect, AServerThatHangsUpInTheHandshakeIsLostAndTheNextIsTried) {
  const support::SpeakingServer dying("S");  // yes to TLS
  PostgresqlOptions options = schema.options();
  options.hosts.insert(options.hosts.begin(), {"127.0.0.1", dying.port()});
  EXPECT_EQ(ask<int>(options, "SELECT 7"), 7);
  options.hosts.pop_back();
  EXPECT_THAT(failure<ConnectionLost>(options), HasSubstr("SSL"));
}

TEST_F(PostgresqlConnect, TooManyConnectionsAreSaidAndWorthAnotherTry) {
  const std::string role = schema.name() + "_role";
  schema.administrator().execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret' CONNECTION LIMIT 1");
  PostgresqlOptions options = schema.options();
  options.user = role;
  {
    const auto first = support::PostgresqlSchema::open(options);
    try {
      (void)support::PostgresqlSchema::open(options);
      FAIL() << "connected";
    } catch (const ConnectionLost& error) {
      EXPECT_TRUE(error.is_retryable());
      EXPECT_EQ(error.native_code(), "53300");
      EXPECT_THAT(error.what(), HasSubstr("pool_size"));
    }
  }
  schema.administrator().execute("DROP ROLE " + role);
}

TEST_F(PostgresqlConnect, FieldsAreTakenAsTheyAre) {
  const std::string hostile = "it's \"quoted\" = \\ $1 %s host=elsewhere " + schema.name();
  std::string quoted;
  for (const char c : hostile) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  auto& administrator = schema.administrator();
  administrator.execute("CREATE ROLE \"" + quoted + "\" SUPERUSER LOGIN PASSWORD 'p@ss:w/o\\r#d?&= ''\"'");
  administrator.execute("CREATE DATABASE \"" + quoted + "\"");
  PostgresqlOptions options = schema.options();
  options.user = options.database = hostile;
  options.password = "p@ss:w/o\\r#d?&= '\"";
  options.application_name = "a'b\"c";
  options.search_path = {hostile, "pg_catalog"};
  {
    const auto db = support::PostgresqlSchema::open(options);
    db->execute("CREATE SCHEMA \"" + quoted + "\"");
    const Result row = db->execute(
        "SELECT current_user::text AS u, current_database()::text AS d, current_schema()::text AS s, "
        "current_setting('application_name') AS a");
    EXPECT_EQ(row[0].get<std::string>("u"), hostile);
    EXPECT_EQ(row[0].get<std::string>("d"), hostile.substr(0, 63));
    EXPECT_EQ(row[0].get<std::string>("s"), hostile);
    EXPECT_EQ(row[0].get<std::string>("a"), "a'b\"c");
  }
  administrator.execute("DROP DATABASE \"" + quoted + "\" WITH (FORCE)");
  administrator.execute("DROP ROLE \"" + quoted + "\"");
}

TEST_F(PostgresqlConnect, TheFolderOfASocketIsAHost) {
  PostgresqlOptions options = schema.options();
  options.hosts = {{schema.server()["socket"], schema.port()}};
  EXPECT_TRUE(ask<bool>(options, "SELECT inet_client_addr() IS NULL"));
}

TEST_F(PostgresqlConnect, InitStatementsRunInOrderAndTellWhichOneFailed) {
  PostgresqlOptions options = schema.options();
  options.init_statements = {"SET work_mem = '7MB'", "SET work_mem = '9MB'"};
  EXPECT_EQ(ask<std::string>(options, "SHOW work_mem"), "9MB");
  options.init_statements.insert(options.init_statements.begin() + 1, "SET no_such_setting = 1");
  EXPECT_THAT(failure<ConfigError>(options), AllOf(HasSubstr("init statement 2"), HasSubstr("no_such_setting")));
}

TEST_F(PostgresqlConnect, TimeIsUtcWhateverTheServersZone) {
  EXPECT_EQ(schema.administrator().execute("SHOW TimeZone").scalar<std::string>(), "UTC");
}

TEST_F(PostgresqlConnect, TlsIsVerifiedWhereACaIsNamed) {
  constexpr const char* encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
  PostgresqlOptions options = schema.options();
  options.tls.ca = schema.server()["ca"];
  ASSERT_EQ(options.tls.effective_mode(), TlsMode::verify_full);
  EXPECT_TRUE(ask<bool>(options, encrypted));
  options.hosts[0].host = "localhost";
  EXPECT_TRUE(ask<bool>(options, encrypted));
  options.tls = {.mode = TlsMode::disable};
  EXPECT_FALSE(ask<bool>(options, encrypted));
}

TEST_F(PostgresqlConnect, AServerOfAnotherNameIsRefusedOnlyWhereTheNameIsVerified) {
  const support::Forwarder other(schema.port(), "127.0.0.9");
  PostgresqlOptions options = schema.options();
  options.hosts = {{"127.0.0.9", other.port()}};
  options.tls.ca = schema.server()["ca"];
  EXPECT_THAT(failure<ConfigError>(options), AllOf(HasSubstr("127.0.0.9"), HasSubstr("ssl_ca")));
  options.tls.mode = TlsMode::verify_ca;
  EXPECT_EQ(ask<int>(options, "SELECT 1"), 1);
}

TEST_F(PostgresqlConnect, ACertificateOfAnotherCaIsRefused) {
  PostgresqlOptions options = schema.options();
  options.tls.ca = schema.server()["client_certificate"];
  EXPECT_THAT(failure<ConfigError>(options), HasSubstr("certificate verify failed"));
  options.tls.ca = "/no/such/ca.crt";
  EXPECT_THAT(failure<ConfigError>(options), HasSubstr("/no/such/ca.crt"));
}

// It never falls back to clear text.
TEST_F(PostgresqlConnect, AServerWithoutTlsIsRefusedWhereItIsRequired) {
  const support::SpeakingServer plain("N");
  PostgresqlOptions options = schema.options();
  options.hosts = {{"127.0.0.1", plain.port()}};
  for (const TlsMode mode : {TlsMode::require, TlsMode::verify_ca, TlsMode::verify_full}) {
    options.tls = {.mode = mode, .ca = schema.server()["ca"]};
    EXPECT_THAT(failure<ConfigError>(options), HasSubstr("SSL"));
  }
}

TEST_F(PostgresqlConnect, AClientCertificateLogsInWithoutAPassword) {
  if (schema.administrator().execute("SELECT 1 FROM pg_database WHERE datname = 'certificate'").empty()) {
    schema.administrator().execute("CREATE DATABASE certificate");
  }
  PostgresqlOptions options = schema.options();
  options.password = "";
  options.database = "certificate";
  options.tls = {.ca = schema.server()["ca"]};
  EXPECT_FALSE(failure<Error>(options).empty());
  options.tls.certificate = schema.server()["client_certificate"];
  options.tls.key = schema.server()["client_key"];
  EXPECT_EQ(ask<std::string>(options, "SELECT current_user::text"), "app");
}

TEST_F(PostgresqlConnect, ManyMayMakeTheSameTablesAtATime) {
  std::vector<std::jthread> starting;
  for (int i = 0; i < 6; ++i) {
    starting.emplace_back([&] {
      const auto db = schema.open();
      EXPECT_NO_THROW(db->create_db<Account>());
    });
  }
  starting.clear();
  EXPECT_EQ(schema.administrator().execute("SELECT count(*) FROM accounts").scalar<int>(), 0);
}

TEST_F(PostgresqlConnect, TheFirstHostThatAnswersIsTaken) {
  std::uint16_t closed_port = 0;
  {
    const support::Forwarder gone(1);
    closed_port = gone.port();
  }
  PostgresqlOptions options = schema.options();
  options.hosts.insert(options.hosts.begin(), {"127.0.0.1", closed_port});
  EXPECT_EQ(ask<int>(options, "SELECT 1"), 1);
  options.hosts = {{"127.0.0.1", closed_port}, {"no-such-host.invalid", 1}};
  EXPECT_THAT(failure<ConnectionLost>(options), AllOf(HasSubstr("refused"), HasSubstr("no-such-host.invalid")));
}

}  // namespace
}  // namespace core_lib::sql
