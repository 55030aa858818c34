// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/client.hpp"

#include "support/caught.hpp"
#include "support/forwarder.hpp"
#include "support/service.hpp"

namespace core_lib::solr {
namespace {

using testing::HasSubstr;
using testing::Not;

class SolrSecurityTest : public testing::Test {
 protected:
  [[nodiscard]] HttpOptions tls() const {
    return {.tls = {.ca_file = service_["ca"],
                    .client_certificate = service_["client_certificate"],
                    .client_key = service_["client_key"]}};
  }

  const support::Service service_{"solr"};
};

TEST_F(SolrSecurityTest, BasicAuthenticationLetsIn) {
  const Client client(
      {.urls = {service_["auth_url"]}, .http = {.username = service_["user"], .password = service_["password"]}});
  EXPECT_EQ(client.search(Query()).status(), 0);
}

TEST_F(SolrSecurityTest, WrongOrNoCredentialsAreAnAuthenticationError) {
  const HttpOptions wrong[] = {{}, {.username = "app", .password = "my-password"}, {.bearer_token = "my-password"}};
  for (const HttpOptions& options : wrong) {
    try {
      (void)Client({.urls = {service_["auth_url"]}, .http = options}).search(Query());
      ADD_FAILURE() << "let in";
    } catch (const AuthenticationError& error) {
      EXPECT_EQ(error.native_code(), "401");
      EXPECT_THAT(error.what(), HasSubstr(service_["auth_url"]));
      EXPECT_THAT(error.what(), Not(HasSubstr("my-password")));
    }
  }
}

TEST_F(SolrSecurityTest, CredentialsFromAHeaderProviderWorkToo) {
  HttpOptions options;
  options.headers = [] { return std::vector<Header>{{"Authorization", "Basic YXBwOnNlY3JldA=="}}; };
  EXPECT_EQ(Client({.urls = {service_["auth_url"]}, .http = options}).search(Query()).status(), 0);
}

TEST_F(SolrSecurityTest, TlsWithBothCertificates) {
  const Client client({.urls = {service_["tls_url"]}, .http = tls()});
  EXPECT_EQ(client.ping()["status"].text(), "OK");
}

TEST_F(SolrSecurityTest, KeyOfTheClientMayBeEncrypted) {
  HttpOptions options = tls();
  options.tls.client_key = service_["encrypted_client_key"];
  options.tls.client_key_password = service_["client_key_password"];
  EXPECT_EQ(Client({.urls = {service_["tls_url"]}, .http = options}).ping()["status"].text(), "OK");
  for (const char* password : {"my-password", ""}) {
    options.tls.client_key_password = password;
    const Client wrong({.urls = {service_["tls_url"]}, .http = options, .attempts = 1});
    const auto error = support::caught<ConnectionLost>([&] { return wrong.ping(); });
    EXPECT_FALSE(error.is_retryable());
    EXPECT_THAT(error.what(), HasSubstr("private key"));
    EXPECT_THAT(error.what(), Not(HasSubstr("my-password")));
  }
}

TEST_F(SolrSecurityTest, CertificateThatNobodyKnowsIsNotTrusted) {
  HttpOptions options = tls();
  options.tls.ca_file.clear();
  try {
    (void)Client({.urls = {service_["tls_url"]}, .http = options}).ping();
    FAIL() << "trusted";
  } catch (const ConnectionLost& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot trust Solr at " + service_["tls_url"]));
    EXPECT_FALSE(error.is_retryable());
  }
  options.tls.verify = false;
  EXPECT_EQ(Client({.urls = {service_["tls_url"]}, .http = options}).ping()["status"].text(), "OK");
}

TEST_F(SolrSecurityTest, CertificateOfAnotherHostIsNotTrusted) {
  std::string url = service_["tls_url"];
  url.replace(url.find("localhost"), 9, "127.0.0.2");  // the certificate names localhost and 127.0.0.1
  EXPECT_THROW((void)Client({.urls = {url}, .http = tls(), .attempts = 1}).ping(), ConnectionLost);
}

TEST_F(SolrSecurityTest, ServerRefusesWhoHasNoCertificate) {
  HttpOptions options = tls();
  options.tls.client_certificate.clear();
  options.tls.client_key.clear();
  EXPECT_THROW((void)Client({.urls = {service_["tls_url"]}, .http = options, .attempts = 1}).ping(), ConnectionLost);
}

TEST_F(SolrSecurityTest, CertificateFileThatIsNotThereIsNamed) {
  HttpOptions options = tls();
  options.tls.ca_file = "/nonexistent/ca.crt";
  try {
    (void)Client({.urls = {service_["tls_url"]}, .http = options}).ping();
    FAIL() << "trusted";
  } catch (const ConnectionLost& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nonexistent/ca.crt"));
  }
}

TEST_F(SolrSecurityTest, PlainHttpToATlsPortIsAnError) {
  std::string url = service_["tls_url"];
  url.replace(0, 5, "http");
  EXPECT_THROW((void)Client({.urls = {url}, .attempts = 1}).ping(), Error);
}

TEST_F(SolrSecurityTest, Http2WhereItIsAskedFor) {
  HttpOptions options = tls();
  for (const bool http2 : {false, true}) {
    options.http2 = http2;
    const Client client({.urls = {service_["tls_url"]}, .http = options});
    for (int i = 0; i < 3; ++i) {
      const Response response = client.transport()->send({.path = "admin/ping"});
      EXPECT_EQ(response.status, 200);
      EXPECT_EQ(response.protocol, http2 ? "HTTP/2" : "HTTP/1.1");
    }
  }
}

TEST_F(SolrSecurityTest, AnswersAreCompressedOnTheWireWhereItIsAskedFor) {
  const std::string note(1'500, 'x');  // short enough for the address: what is posted Solr answers uncompressed
  const auto bytes_of_answer = [&](bool compression) {
    const std::string& url = service_["url"];
    const std::size_t port = url.rfind(':') + 1;
    const support::Forwarder wire(static_cast<std::uint16_t>(std::stoi(url.substr(port))));
    const std::string over_wire = url.substr(0, port) + std::to_string(wire.port()) + url.substr(url.find('/', port));
    const Client client({.urls = {over_wire}, .http = {.compression = compression}});
    const Results results = client.search(Query().parameter("echoParams", "all").parameter("note", note));
    EXPECT_EQ(results["responseHeader"]["params"]["note"].text(), note);
    return wire.bytes_of_server();
  };
  EXPECT_GT(bytes_of_answer(false), note.size());
  EXPECT_LT(bytes_of_answer(true), note.size() / 2);
}

}  // namespace
}  // namespace core_lib::solr
