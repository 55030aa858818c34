// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/forwarder.hpp"
#include "support/mariadb_database.hpp"
#include "support/speaking_server.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class MariadbConnect : public testing::Test {
 protected:
  /// The message of what connecting throws, which must be an E.
  template <class E>
  static std::string failure(MariadbOptions options) {
    try {
      (void)support::MariadbDatabase::open(std::move(options));
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
  static T ask(const MariadbOptions& options, const std::string& sql) {
    return support::MariadbDatabase::open(options)->execute(sql).scalar<T>();
  }
  static std::string cipher(const MariadbOptions& options) {
    return support::MariadbDatabase::open(options)->execute("SHOW STATUS LIKE 'Ssl_cipher'")[0].get<std::string>(1);
  }
  static std::uint16_t closed_port() {
    const support::Forwarder gone(1);
    return gone.port();
  }

  support::MariadbDatabase database;
};

TEST_F(MariadbConnect, AWrongPasswordIsSaidWithoutIt) {
  MariadbOptions options = database.options();
  options.password = "open sesame";
  EXPECT_THAT(failure<AuthenticationError>(options),
              AllOf(HasSubstr("refused the user or the password"), HasSubstr("1045"), Not(HasSubstr("sesame"))));
  options.password = "";
  EXPECT_THAT(failure<AuthenticationError>(options), HasSubstr("1045"));
  options.user = "nobody here";
  EXPECT_THAT(failure<AuthenticationError>(options), HasSubstr("1045"));
}

TEST_F(MariadbConnect, AnUnknownDatabaseIsSaid) {
  MariadbOptions options = database.options();
  options.database = "no such database";
  EXPECT_THAT(failure<ConfigError>(options), AllOf(HasSubstr("no such database"), HasSubstr("1049")));
}

TEST_F(MariadbConnect, AnUnknownHostOrARefusedPortIsSaid) {
  MariadbOptions options = database.options();
  options.hosts = {{"no-such-host.invalid", 3306}};
  EXPECT_THAT(failure<ConnectionLost>(options), HasSubstr("no-such-host.invalid"));
  options.hosts = {{"127.0.0.1", closed_port()}};
  EXPECT_THAT(failure<ConnectionLost>(options), HasSubstr("Connection refused"));
  options.unix_socket = "/no/such/socket";
  EXPECT_THAT(failure<ConnectionLost>(options), AllOf(HasSubstr("/no/such/socket"), HasSubstr("No such file")));
}

TEST_F(MariadbConnect, AServerOfAnotherProtocolIsRefused) {
  const support::SpeakingServer web("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  const support::SpeakingServer mail("220 mail.example ESMTP\r\n", true);
  MariadbOptions options = database.options();
  options.connect_timeout = 200ms;
  options.hosts = {{"127.0.0.1", web.port()}};
  EXPECT_THAT(failure<ConnectionLost>(options),
              AllOf(HasSubstr("no answer within 200 ms"), HasSubstr("check the host and the port")));
  options.hosts = {{"127.0.0.1", mail.port()}};
  EXPECT_THAT(failure<ConnectionLost>(options), HasSubstr("another kind of server"));
}

// Whoever stands between could say so in the server's name: another host may be tried.
TEST_F(MariadbConnect, WhatIsSaidBeforeTlsIsNoMoreThanALostConnection) {
  const std::string says =
      "\xff\x15\x04"
      "#28000Access denied";
  const support::SpeakingServer liar(std::string(1, static_cast<char>(says.size())) + std::string(3, '\0') + says,
                                     true);
  MariadbOptions options = database.options();
  options.tls.ca = database.server()["ca"];
  options.hosts = {{"127.0.0.1", liar.port()}};
  EXPECT_THAT(failure<ConnectionLost>(options), AllOf(HasSubstr("before TLS"), HasSubstr("Access denied")));
  options.hosts.push_back({"127.0.0.1", database.port()});
  EXPECT_NE(cipher(options), "");
}

TEST_F(MariadbConnect, TooManyConnectionsAreSaidAndWorthAnotherTry) {
  const support::MariadbLimitedUser user(database);
  const MariadbOptions options = user.options();
  {
    const auto first = support::MariadbDatabase::open(options);
    try {
      (void)support::MariadbDatabase::open(options);
      FAIL() << "connected";
    } catch (const ConnectionLost& error) {
      EXPECT_TRUE(error.is_retryable());
      EXPECT_THAT(error.native_code(), StartsWith("1226"));
      EXPECT_THAT(error.what(), HasSubstr("pool_size"));
    }
  }
}

TEST_F(MariadbConnect, FieldsAreTakenAsTheyAre) {
  const std::string hostile = "it's `quoted` = \\ ? %s " + database.name();
  std::string quoted;
  for (const char c : hostile) quoted += c == '`' ? std::string("``") : std::string(1, c);
  auto& administrator = database.administrator();
  administrator.execute("CREATE USER `" + quoted + "` IDENTIFIED BY 'p@ss:w/o\\\\r#d?&= ''\"'");
  administrator.execute("CREATE DATABASE `" + quoted + "`");
  administrator.execute("GRANT ALL ON *.* TO `" + quoted + "`");
  MariadbOptions options = database.options();
  options.user = options.database = hostile;
  options.password = "p@ss:w/o\\r#d?&= '\"";
  {
    const auto db = support::MariadbDatabase::open(options);
    const Result row = db->execute("SELECT CURRENT_USER() AS u, DATABASE() AS d");
    EXPECT_EQ(row[0].get<std::string>("u"), hostile + "@%");
    EXPECT_EQ(row[0].get<std::string>("d"), hostile);
  }
  administrator.execute("DROP DATABASE `" + quoted + "`");
  administrator.execute("DROP USER `" + quoted + "`");
}

TEST_F(MariadbConnect, ASocketOfTheMachineWillDo) {
  MariadbOptions options = database.options();
  options.hosts.clear();
  EXPECT_THAT(failure<ConfigError>(options), HasSubstr("host"));
  options.unix_socket = database.server()["socket"];
  EXPECT_EQ(ask<std::string>(options, "SELECT USER()"), "app@localhost");
}

// The client library would take the name for the socket of its own default path.
TEST_F(MariadbConnect, LocalhostIsReachedByItsPort) {
  MariadbOptions options = database.options();
  options.hosts[0].host = "localhost";
  EXPECT_EQ(ask<int>(options, "SELECT @@port"), database.port());
}

TEST_F(MariadbConnect, InitStatementsRunInOrderAndTellWhichOneFailed) {
  MariadbOptions options = database.options();
  options.init_statements = {"SET @greeting = 'first'", "SET @greeting = 'second'"};
  EXPECT_EQ(ask<std::string>(options, "SELECT @greeting"), "second");
  options.init_statements.insert(options.init_statements.begin() + 1, "SET no_such_setting = 1");
  EXPECT_THAT(failure<ConfigError>(options), HasSubstr("init statement 2"));
}

TEST_F(MariadbConnect, SettingsAreOursWhateverTheServersAre) {
  const Result row = database.administrator().execute(
      "SELECT @@time_zone AS zone, @@sql_mode AS modes, @@character_set_client AS client, @@character_set_results AS "
      "results,"
      " @@collation_connection LIKE 'utf8mb4%' AS collation");
  EXPECT_EQ(row[0].get<std::string>("zone"), "+00:00");
  EXPECT_THAT(row[0].get<std::string>("modes"), HasSubstr("STRICT_ALL_TABLES"));
  EXPECT_EQ(row[0].get<std::string>("client"), "utf8mb4");
  EXPECT_EQ(row[0].get<std::string>("results"), "utf8mb4");
  EXPECT_TRUE(row[0].get<bool>("collation"));
}

TEST_F(MariadbConnect, TlsIsVerifiedWhereACaIsNamed) {
  MariadbOptions options = database.options();
  options.tls.ca = database.server()["ca"];
  ASSERT_EQ(options.tls.effective_mode(), TlsMode::verify_full);
  EXPECT_NE(cipher(options), "");
  options.hosts[0].host = "localhost";
  EXPECT_NE(cipher(options), "");
  options.tls = {.mode = TlsMode::require};
  EXPECT_NE(cipher(options), "");
  options.tls = {.mode = TlsMode::disable};
  EXPECT_EQ(cipher(options), "");
}

TEST_F(MariadbConnect, AServerOfAnotherNameIsRefusedOnlyWhereTheNameIsVerified) {
  const support::Forwarder other(database.port(), "127.0.0.9");
  MariadbOptions options = database.options();
  options.hosts = {{"127.0.0.9", other.port()}};
  options.tls.ca = database.server()["ca"];
  EXPECT_THAT(failure<ConfigError>(options), AllOf(HasSubstr("127.0.0.9"), HasSubstr("certificate")));
  options.tls.mode = TlsMode::verify_ca;
  EXPECT_NE(cipher(options), "");
}

TEST_F(MariadbConnect, ACertificateOfAnotherCaIsRefused) {
  MariadbOptions options = database.options();
  for (const TlsMode mode : {TlsMode::verify_ca, TlsMode::verify_full}) {
    options.tls = {.mode = mode, .ca = database.server()["other_ca"]};
    EXPECT_THAT(failure<ConfigError>(options), HasSubstr("certificate"));
    options.tls.ca = "/no/such/ca.crt";
    EXPECT_FALSE(failure<ConfigError>(options).empty());
  }
  options.tls = {.mode = TlsMode::verify_full};  // the system's CAs do not know ours
  EXPECT_FALSE(failure<ConfigError>(options).empty());
}

// The client library checks no certificate then.
TEST_F(MariadbConnect, ACaMustBeNamedWhereTheChainAloneIsChecked) {
  MariadbOptions options = database.options();
  options.tls.mode = TlsMode::verify_ca;
  EXPECT_THAT(failure<ConfigError>(options), AllOf(HasSubstr("ssl_ca"), HasSubstr("verify_full")));
}

TEST_F(MariadbConnect, ASocketIsRefusedWhereTlsIsAskedFor) {
  MariadbOptions options = database.options();
  options.unix_socket = "/no/such/socket";
  for (const TlsMode mode : {TlsMode::require, TlsMode::verify_ca, TlsMode::verify_full}) {
    options.tls = {.mode = mode, .ca = database.server()["ca"]};
    EXPECT_THAT(failure<ConfigError>(options), HasSubstr("has no TLS"));
  }
}

TEST_F(MariadbConnect, AUserThatMustUseTlsIsToldSo) {
  MariadbOptions options = support::mariadb_options(database.server());
  options.user = "tls";
  options.tls.mode = TlsMode::disable;
  EXPECT_THAT(failure<AuthenticationError>(options), HasSubstr("TLS"));
  options.tls.mode = TlsMode::prefer;
  EXPECT_NE(cipher(options), "");
}

TEST_F(MariadbConnect, AClientCertificateLogsInWithoutAPassword) {
  MariadbOptions options = support::mariadb_options(database.server());
  options.user = "certificate";
  options.password = "";
  options.tls.ca = database.server()["ca"];
  EXPECT_FALSE(failure<AuthenticationError>(options).empty());
  options.tls.certificate = database.server()["client_certificate"];
  options.tls.key = database.server()["client_key"];
  EXPECT_EQ(ask<std::string>(options, "SELECT CURRENT_USER()"), "certificate@%");
}

TEST_F(MariadbConnect, TheFirstHostThatAnswersIsTaken) {
  MariadbOptions options = database.options();
  options.hosts.insert(options.hosts.begin(), {"127.0.0.1", closed_port()});
  EXPECT_EQ(ask<int>(options, "SELECT @@port"), database.port());
  options.hosts = {{"127.0.0.1", closed_port()}, {"no-such-host.invalid", 1}};
  EXPECT_THAT(failure<ConnectionLost>(options), AllOf(HasSubstr("refused"), HasSubstr("no-such-host.invalid")));
}

TEST_F(MariadbConnect, ARefusedLoginIsTheSameOnAllHosts) {
  MariadbOptions options = database.options();
  options.hosts = {{"127.0.0.1", closed_port()}, options.hosts[0], options.hosts[0]};
  options.password = "open sesame";
  EXPECT_THAT(failure<AuthenticationError>(options), HasSubstr("1045"));
}

TEST_F(MariadbConnect, AFileOfThisMachineIsNeverSent) {
  MariadbOptions options = database.options();
  const auto db = support::MariadbDatabase::open(options);
  db->execute("CREATE TABLE stolen (line TEXT)");
  EXPECT_THROW(db->execute("LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE stolen"), Error);
  EXPECT_EQ(db->execute("SELECT COUNT(*) FROM stolen").scalar<int>(), 0);
}

// The client library connects in clear text there, whatever was asked for.
TEST(MariadbServerWithoutTls, IsRefusedWhereTlsIsRequired) {
  const support::OwnService server("mariadb", "start", "--skip-ssl");
  const support::Forwarder network(static_cast<std::uint16_t>(std::stoi(server["port"])));
  MariadbOptions options = support::mariadb_options(server);
  options.hosts = {{"127.0.0.1", network.port()}};
  for (const TlsMode mode : {TlsMode::require, TlsMode::verify_ca, TlsMode::verify_full}) {
    options.tls = {.mode = mode, .ca = server["ca"]};
    try {
      (void)support::MariadbDatabase::open(options);
      FAIL() << "connected in clear text";
    } catch (const ConfigError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("TLS"), HasSubstr("server does not")));
    }
    EXPECT_EQ(network.bytes_of_clients(), 0U) << "a name or a password went out";
  }
  options.tls = {};
  EXPECT_EQ(support::MariadbDatabase::open(options)->execute("SELECT 1").scalar<int>(), 1);
}

TEST(MariadbServerThatKeepsBooks, TellsTheNameOfTheApplication) {
  const support::OwnService server("mariadb", "start", "--performance-schema=ON");
  MariadbOptions options = support::mariadb_options(server);
  options.application_name = "a'b\"c";
  EXPECT_EQ(support::MariadbDatabase::open(options)
                ->execute("SELECT attr_value FROM performance_schema.session_account_connect_attrs "
                          "WHERE processlist_id = CONNECTION_ID() AND attr_name = 'program_name'")
                .scalar<std::string>(),
            "a'b\"c");
}

TEST(MariadbServerThatIsTooOld, IsRefused) {
  const support::OwnService server("mariadb", "start", "--version=5.5.68-MariaDB");
  try {
    (void)support::MariadbDatabase::open(support::mariadb_options(server));
    FAIL() << "connected";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("MariaDB 5.5.68"), HasSubstr("too old"), HasSubstr("10.3")));
  }
}

}  // namespace
}  // namespace core_lib::sql
