// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "backend.hpp"

namespace core_lib::testkit {

void Backend::new_bookmark_manager(const Json& data) {
  const std::string id = next_id();
  neo4j::BookmarkManagerOptions options;
  if (data.contains("initialBookmarks") && data["initialBookmarks"].is_array()) {
    options.initial = data["initialBookmarks"].get<neo4j::Bookmarks>();
  }
  if (data.value("bookmarksSupplierRegistered", false)) {
    options.supplier = [this, id] {
      return ask("BookmarksSupplierRequest", {{"bookmarkManagerId", id}}, "BookmarksSupplierCompleted")
          .at("bookmarks")
          .get<neo4j::Bookmarks>();
    };
  }
  if (data.value("bookmarksConsumerRegistered", false)) {
    options.consumer = [this, id](const neo4j::Bookmarks& bookmarks) {
      (void)ask("BookmarksConsumerRequest", {{"bookmarkManagerId", id}, {"bookmarks", bookmarks}},
                "BookmarksConsumerCompleted");
    };
  }
  bookmark_managers_[id] = neo4j::make_bookmark_manager(std::move(options));
  answer("BookmarkManager", {{"id", id}});
}

void Backend::close_bookmark_manager(const Json& data) {
  bookmark_managers_.erase(data.at("id").get<std::string>());
  answer("BookmarkManager", {{"id", data.at("id")}});
}

/// Passes everything on to TestKit.
class Backend::AskingManager final : public neo4j::AuthTokenManager {
 public:
  AskingManager(Backend& backend, std::string id) : backend_(backend), id_(std::move(id)) {}

  neo4j::AuthToken get_token() override {
    return token_of(
        backend_
            .ask("AuthTokenManagerGetAuthRequest", {{"authTokenManagerId", id_}}, "AuthTokenManagerGetAuthCompleted")
            .at("auth"));
  }
  bool handle_security_failure(const neo4j::AuthToken& token, const neo4j::ServerFailure& failure) override {
    return backend_
        .ask("AuthTokenManagerHandleSecurityExceptionRequest",
             {{"authTokenManagerId", id_}, {"auth", token_json(token)}, {"errorCode", failure.code}},
             "AuthTokenManagerHandleSecurityExceptionCompleted")
        .at("handled")
        .get<bool>();
  }

 private:
  Backend& backend_;
  std::string id_;
};

void Backend::new_auth_manager(const Json&) {
  const std::string id = next_id();
  token_managers_[id] = std::make_shared<AskingManager>(*this, id);
  answer("AuthTokenManager", {{"id", id}});
}

void Backend::new_basic_auth_manager(const Json&) {
  const std::string id = next_id();
  token_managers_[id] = neo4j::basic_auth([this, id] {
    return token_of(
        ask("BasicAuthTokenProviderRequest", {{"basicAuthTokenManagerId", id}}, "BasicAuthTokenProviderCompleted")
            .at("auth"));
  });
  answer("BasicAuthTokenManager", {{"id", id}});
}

void Backend::new_bearer_auth_manager(const Json&) {
  const std::string id = next_id();
  token_managers_[id] = neo4j::bearer_auth(
      [this, id] {
        const Json given = ask("BearerAuthTokenProviderRequest", {{"bearerAuthTokenManagerId", id}},
                               "BearerAuthTokenProviderCompleted")
                               .at("auth")
                               .at("data");
        return neo4j::ExpiringToken{token_of(given.at("auth")), milliseconds_of(given, "expiresInMs")};
      },
      clock_);
  answer("BearerAuthTokenManager", {{"id", id}});
}

void Backend::close_auth_manager(const Json& data) {
  token_managers_.erase(data.at("id").get<std::string>());
  answer("AuthTokenManager", {{"id", data.at("id")}});
}

void Backend::new_certificate_provider(const Json&) {
  const std::string id = next_id();
  certificate_providers_[id] = [this, id]() -> std::optional<neo4j::ClientCertificate> {
    const Json given = ask("ClientCertificateProviderRequest", {{"clientCertificateProviderId", id}},
                           "ClientCertificateProviderCompleted");
    if (!given.at("hasUpdate").get<bool>()) return std::nullopt;
    const Json& shown = given.at("clientCertificate").at("data");
    return neo4j::ClientCertificate{text_of(shown, "certfile"), text_of(shown, "keyfile"), text_of(shown, "password")};
  };
  answer("ClientCertificateProvider", {{"id", id}});
}

void Backend::close_certificate_provider(const Json& data) {
  certificate_providers_.erase(data.at("id").get<std::string>());
  answer("ClientCertificateProvider", {{"id", data.at("id")}});
}

void Backend::install_time(const Json&) {
  clock_->stop();
  answer("FakeTimeAck", nullptr);
}

void Backend::move_time(const Json& data) {
  clock_->move(std::chrono::milliseconds(data.at("incrementMs").get<std::int64_t>()));
  answer("FakeTimeAck", nullptr);
}

void Backend::uninstall_time(const Json&) {
  clock_->go_on();
  answer("FakeTimeAck", nullptr);
}

}  // namespace core_lib::testkit
