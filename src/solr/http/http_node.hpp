// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core_lib/pool/pool.hpp"
#include "core_lib/solr/http_options.hpp"
#include "core_lib/solr/transport.hpp"

#include "solr/http/address.hpp"
#include "solr/http/curl_handle.hpp"

namespace core_lib::solr::http {

/// One Solr node behind libcurl, with a pool of kept connections.
class HttpNode final : public Transport {
 public:
  /// @throws UsageError, ConfigError  where the address or an option makes no sense; nothing is sent yet
  /// @param observer  is told of the pool; null for nobody
  HttpNode(std::string_view url, HttpOptions options, std::shared_ptr<Observer> observer = nullptr,
           std::shared_ptr<Logger> logger = default_logger());

  Response send(const Request& request) override;
  std::string_view name() const noexcept override { return address_.core; }
  std::optional<PoolStatistics> pool_statistics() const override { return pool_.statistics(); }

 private:
  void write_request(const Request& request, Exchange& exchange, std::string& form) const;
  Response attempt(CurlHandle& handle, const Request& request, Deadline deadline, bool& retry);
  [[noreturn]] void fail(const CurlHandle& handle, CURLcode code, const Request& request, const Exchange& exchange,
                         Deadline deadline) const;

  const HttpOptions options_;
  const Address address_;
  Pool<CurlHandle> pool_;
};

}  // namespace core_lib::solr::http
