// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "core_lib/connection/connection.hpp"
#include "core_lib/solr/client.hpp"

namespace core_lib {
namespace solr::detail {
class Scopes;
}

/// One scope of work against Solr: enter() hands out the client, exit() counts the scope out.
///
/// Solr has no transactions: what a scope has sent stays, also where it fails, and becomes visible with a commit, which
/// is asked for in the scope or by `always_commit`.
/// Lifetime: may outlive its registry.
class SolrConnection final : public Connection<solr::Client> {
 public:
  SolrConnection(const solr::Client& client, std::shared_ptr<solr::detail::Scopes> scopes);
  ~SolrConnection() override;

  solr::Client& enter() override;
  void exit(std::exception_ptr failure) override;

 private:
  std::optional<solr::Client> client_;
  std::shared_ptr<solr::detail::Scopes> scopes_;
  bool entered_ = false;
};

}  // namespace core_lib
