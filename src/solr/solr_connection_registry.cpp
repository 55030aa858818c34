// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/solr_connection_registry.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

#include "solr/scopes.hpp"

namespace core_lib {

using std::chrono::milliseconds;

SolrConnection::SolrConnection(const solr::Client& client, std::shared_ptr<solr::detail::Scopes> scopes)
    : client_(client), scopes_(std::move(scopes)) {}

SolrConnection::~SolrConnection() {
  if (entered_) scopes_->leave();
}

solr::Client& SolrConnection::enter() {
  if (entered_ || !client_) {
    throw UsageError("a connection serves one scope: call enter() once, then exit() once; get() gives the next one");
  }
  scopes_->enter();
  entered_ = true;
  return *client_;
}

void SolrConnection::exit(std::exception_ptr) {
  if (!entered_) throw UsageError("a connection is exited once, after enter()");
  entered_ = false;
  client_.reset();
  scopes_->leave();
}

SolrConnectionRegistry::SolrConnectionRegistry(solr::ClientOptions options)
    : SolrConnectionRegistry(solr::Client(std::move(options))) {}

SolrConnectionRegistry::SolrConnectionRegistry(const solr::Client& client)
    : ConnectionRegistry(client.options().logger),
      client_(client),
      name_("solr " + std::string(client.transport()->name())),
      scopes_(std::make_shared<solr::detail::Scopes>()) {}

SolrConnectionRegistry::~SolrConnectionRegistry() = default;

SolrConnection SolrConnectionRegistry::get() {
  if (!scopes_->is_open()) throw UsageError("cannot open a scope on " + name_ + ": its registry was closed");
  return SolrConnection(client_, scopes_);
}

Health SolrConnectionRegistry::ping(Deadline deadline) {
  return measure_health([&] {
    if (!scopes_->is_open()) throw UsageError(name_ + " is closed");
    if (deadline.expired()) throw DeadlineExceeded("the time to ping " + name_ + " was up before it began");
    const auto in_time = [&] {
      constexpr milliseconds longest = std::chrono::hours(1);
      const auto left = deadline.is_never() ? longest : std::chrono::ceil<milliseconds>(deadline.remaining());
      return client_.within(std::clamp(left, milliseconds(1), longest));
    };
    in_time().ping();
    try {
      return in_time().server_version();
    } catch (const Error&) {  // a proxy may lead to the core alone, or forbid what is the node's
      return std::string();
    }
  });
}

std::optional<PoolStatistics> SolrConnectionRegistry::pool_statistics() const {
  return client_.transport()->pool_statistics();
}

void SolrConnectionRegistry::close(Deadline deadline) {
  const std::size_t left = scopes_->close(deadline);
  if (left != 0) {
    throw DeadlineExceeded(std::to_string(left) + " scopes on " + name_ + " are still open; they end by themselves");
  }
}

std::size_t SolrConnectionRegistry::open_scopes() const { return scopes_->entered(); }

}  // namespace core_lib
