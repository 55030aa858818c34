// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <unistd.h>

#include "core_lib/solr/core_admin.hpp"
#include "core_lib/solr/solr_connection_registry.hpp"

#include "contract/connection_contract.hpp"
#include "support/service.hpp"

namespace core_lib::contract {
namespace {

/// A core of its own, so that tests run beside each other.
class SolrContext {
 public:
  using Registry = SolrConnectionRegistry;
  static constexpr bool transactional = false;

  SolrContext() { (void)cores_.create(core_, {.config_set = "_default"}); }
  ~SolrContext() { (void)cores_.unload(core_, {.delete_instance_dir = true}); }
  SolrContext(const SolrContext&) = delete;
  SolrContext& operator=(const SolrContext&) = delete;

  Registry& registry() { return registry_; }
  void work(const solr::Client& client, int number) {
    client.add(solr::Document().set("id", std::to_string(number)), {.commit = false});
  }
  [[nodiscard]] bool kept(int number) const { return !outside_.get_by_id(std::to_string(number)).empty(); }
  [[nodiscard]] int held() const { return static_cast<int>(registry_.open_scopes()); }

 private:
  const support::Service service_{"solr"};
  const std::string core_ = "contract_" + std::to_string(getpid());
  const solr::CoreAdmin cores_{solr::Client({.urls = {service_["url"]}})};
  const std::string url_ = service_["url"].substr(0, service_["url"].rfind('/') + 1) + core_;
  const solr::Client outside_{solr::ClientOptions{.urls = {url_}}};
  Registry registry_{solr::ClientOptions{.urls = {url_}}};
};
INSTANTIATE_TYPED_TEST_SUITE_P(Solr, ConnectionContract, SolrContext);
INSTANTIATE_TYPED_TEST_SUITE_P(Solr, ConcurrentScopesContract, SolrContext);

TEST(SolrConnectionRegistryTest, CloseWaitsForScopesUntilTheDeadline) {
  SolrContext context;
  auto connection = context.registry().get();
  connection.enter();
  EXPECT_THROW(context.registry().close(Deadline::in(std::chrono::milliseconds(1))), DeadlineExceeded);
  connection.exit(nullptr);
  context.registry().close(Deadline::never());
}

TEST(SolrConnectionRegistryTest, PingTellsTheVersion) {
  SolrContext context;
  EXPECT_EQ(context.registry().ping(Deadline::in(std::chrono::seconds(30))).server_version, "9.10.1");
  EXPECT_TRUE(context.registry().name().starts_with("solr http://127.0.0.1:"));
  EXPECT_TRUE(context.registry().pool_statistics());
  AnyConnectionRegistry& any = context.registry();
  EXPECT_TRUE(any.ping(Deadline::in(std::chrono::seconds(30))).healthy);
}

TEST(SolrConnectionRegistryTest, PingOfAServerThatIsNotThereSaysWhy) {
  SolrConnectionRegistry registry(solr::ClientOptions{.urls = {"http://127.0.0.1:1/solr/core0"}, .attempts = 1});
  const Health health = registry.ping(Deadline::in(std::chrono::seconds(5)));
  EXPECT_FALSE(health.healthy);
  EXPECT_NE(health.error.find("cannot reach Solr at http://127.0.0.1:1/solr/core0"), std::string::npos);
}

}  // namespace
}  // namespace core_lib::contract
