// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/driver.hpp"

#include <algorithm>
#include <utility>

#include "core_lib/error/error.hpp"

#include "neo4j/driver_core.hpp"
#include "neo4j/session_core.hpp"

namespace core_lib::neo4j {

Driver::Driver(std::string_view uri, AuthToken token, DriverConfig config)
    : Driver(uri, static_auth(std::move(token)), std::move(config)) {}

Driver::Driver(std::string_view uri, std::shared_ptr<AuthTokenManager> tokens, DriverConfig config)
    : core_(std::make_shared<DriverCore>(parse_uri(uri), std::move(tokens), std::move(config))) {}

Driver::Driver(Driver&&) noexcept = default;
Driver& Driver::operator=(Driver&&) noexcept = default;
Driver::~Driver() {
  if (core_ == nullptr) return;
  try {
    close();
  } catch (...) {  // what is still in use closes when its session ends
  }
}

Session Driver::session(SessionConfig config) const {
  core_->check_open();
  return Session(std::make_shared<SessionCore>(core_, std::move(config)));
}

EagerResult Driver::execute_query(std::string query, Map parameters, const QueryConfig& config) const {
  core_->check_open();
  EagerResult all;
  const auto session = std::make_shared<SessionCore>(
      core_, SessionConfig{.database = config.database,
                           .access = config.access,
                           .bookmark_manager = config.bookmark_manager.value_or(core_->query_bookmarks()),
                           .impersonated_user = config.impersonated_user,
                           .auth = config.auth});
  session->execute_query(query, parameters, config.transaction, [&](ResultCore& result) {
    all.records.clear();
    while (const detail::Row* row = result.next()) all.records.emplace_back(result.keys(), *row);
    all.keys = *result.keys();
    all.summary = result.summary();
  });
  session->close();
  return all;
}

const std::shared_ptr<BookmarkManager>& Driver::query_bookmark_manager() const { return core_->query_bookmarks(); }

void Driver::verify_connectivity(Deadline deadline) const { (void)get_server_info(deadline); }

ServerInfo Driver::get_server_info(Deadline deadline) const {
  Lease<Link> lease = core_->acquire({.always_check = true, .deadline = deadline});
  ServerInfo info = lease->server();
  core_->release(lease);
  return info;
}

bool Driver::verify_authentication(const AuthToken& token) const {
  constexpr std::string_view refusals[] = {
      "Neo.ClientError.Security.CredentialsExpired", "Neo.ClientError.Security.Forbidden",
      "Neo.ClientError.Security.TokenExpired", "Neo.ClientError.Security.Unauthorized"};
  try {
    Lease<Link> lease = core_->acquire({.session_auth = &token, .always_log_on = true});
    try {
      lease->send();
      lease->settle();
    } catch (...) {
      core_->release(lease);
      throw;
    }
    core_->release(lease);
    return true;
  } catch (const Error& error) {
    if (std::find(std::begin(refusals), std::end(refusals), error.native_code()) == std::end(refusals)) throw;
    return false;
  }
}

bool Driver::supports_session_auth() const {
  Lease<Link> lease = core_->acquire({.always_check = true});
  const bool logon = lease->bolt().features().logon;
  core_->release(lease);
  return logon;
}

bool Driver::supports_multi_db() const {
  Lease<Link> lease = core_->acquire({.always_check = true});
  core_->release(lease);
  return true;  // since Bolt 4.0, and we speak no older one
}

bool Driver::is_encrypted() const noexcept { return core_->target().encrypted; }
PoolStatistics Driver::pool_statistics() const { return core_->statistics(); }

void Driver::close() {
  try {
    core_->close(Deadline(Deadline::clock::time_point{}));
  } catch (const DeadlineExceeded&) {  // sessions are open: they find out
  }
}
void Driver::close(Deadline deadline) { core_->close(deadline); }

}  // namespace core_lib::neo4j
