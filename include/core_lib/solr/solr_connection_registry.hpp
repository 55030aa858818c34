// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core_lib/connection/connection_registry.hpp"
#include "core_lib/solr/client_options.hpp"
#include "core_lib/solr/solr_connection.hpp"

namespace core_lib {

/// The Solr of an application: long-lived, owner of the connections to one node or several, which all scopes share.
/// Thread safety: all functions, from any thread.
class SolrConnectionRegistry final : public ConnectionRegistry<SolrConnection> {
 public:
  /// Connects at the first request. @throws UsageError, ConfigError  where the options make no sense
  explicit SolrConnectionRegistry(solr::ClientOptions options);
  /// Over a client that is there.
  explicit SolrConnectionRegistry(const solr::Client& client);
  ~SolrConnectionRegistry() override;

  [[nodiscard]] SolrConnection get() override;
  /// The client itself, outside of any scope; copies of it work on after close().
  [[nodiscard]] const solr::Client& client() const noexcept { return client_; }

  /// "solr http://localhost:8983/solr/core0".
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  /// Asks the ping handler, and for the version, which stays empty where that is not allowed.
  [[nodiscard]] Health ping(Deadline deadline) override;
  [[nodiscard]] std::optional<PoolStatistics> pool_statistics() const override;
  /// @throws DeadlineExceeded  scopes are still open
  void close(Deadline deadline) override;
  /// How many scopes are entered now.
  [[nodiscard]] std::size_t open_scopes() const;

 private:
  solr::Client client_;
  std::string name_;
  std::shared_ptr<solr::detail::Scopes> scopes_;
};

}  // namespace core_lib
