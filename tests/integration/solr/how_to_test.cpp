// SPDX-License-Identifier: Apache-2.0
// The code of docs/how-to/search-safely.md, index-in-bulk.md and reach-solr.md.
#include "core_lib/solr/bulk_update.hpp"
#include "core_lib/solr/error.hpp"
#include "core_lib/solr/quote.hpp"
#include "core_lib/solr/solr_connection_registry.hpp"
#include "core_lib/solr/stream.hpp"

#include "integration/solr/solr_fixture.hpp"

namespace core_lib::solr {
namespace {

using testing::ElementsAre;

class SolrHowToTest : public SolrSearchTest {};

// [quote safe]
Results search_titles(const Client& client, std::string_view user_text, std::string_view user_type) {
  return client.search(Query(words({"title^2", "name_t"}, user_text))  // every word, and no operators
                           .filter(any_of({none_of({Clause("type_s:*")}), term("type_s", user_type)}))
                           .filter(between("price", 0, 100))
                           .sort("price"));
}
// [/quote]

TEST_F(SolrHowToTest, SafeSearch) {
  EXPECT_THAT(ids_of(search_titles(client_, "doc", "parent").documents()), ElementsAre("doc_1", "doc_2", "doc_4"));
  EXPECT_TRUE(search_titles(client_, "doc OR *:*", "parent OR *").empty());
}

TEST_F(SolrHowToTest, DeveloperText) {
  const std::string user_id = "doc_1\" OR \"doc_2";
  // [quote quoted]
  const Query by_hand("title:doc AND id:" + phrase(user_id));
  // [/quote]
  EXPECT_EQ(found(by_hand), 0);
}

TEST_F(SolrHowToTest, Bulk) {
  struct Article {
    std::string id;
    std::string title;
  };
  const std::vector<Article> articles{{"a1", "article"}, {"a2", "article"}, {"", "article"}};
  std::vector<std::string> log;
  // [quote bulk]
  BulkUpdate bulk(client_, {.threads = 2, .update = {.commit = true, .chain = "tolerant"}});
  for (const Article& article : articles) bulk.add(article);
  const BulkReport report = bulk.finish();  // waits for all answers, then commits
  for (const Outcome& failure : report.failures) {
    log.push_back("article " + std::to_string(failure.number) + ": " + failure.reason);
  }
  // [/quote]
  EXPECT_EQ(report.stored + report.not_stored, 3U);
  EXPECT_EQ(log.size(), report.not_stored);
  EXPECT_EQ(found("title:article"), static_cast<std::int64_t>(report.stored));
}

TEST_F(SolrHowToTest, Streams) {
  struct Priced {
    std::string id;
    double price{};
  };
  double total = 0;
  // [quote stream]
  for (const Priced& one : EntityStream<Priced>(client_, Query("price:*"), {.page = 2})) total += one.price;
  // [/quote]
  EXPECT_NEAR(total, 129.74, 0.01);
  total = 0;
  // [quote export]
  export_entities<Priced>(client_, Query("price:*").sort("id").fields({"id", "price"}),
                          [&](const Priced& one) { total += one.price; });
  // [/quote]
  EXPECT_NEAR(total, 129.74, 0.01);
}

TEST_F(SolrHowToTest, Versions) {
  // [quote version]
  const Results before = client_.get_by_id("doc_1");
  const std::int64_t version = before.documents()[0]["_version_"].integer();
  const auto rename = [&](std::string_view title) {
    client_.update(AtomicUpdate("doc_1").set("title", title).version(version));
  };
  rename("first");
  EXPECT_THROW(rename("second"), VersionConflict);  // somebody was faster: read it again and decide
  // [/quote]
}

TEST_F(SolrHowToTest, Credentials) {
  const std::string ca_file = service_["ca"];
  const std::string certificate = service_["client_certificate"];
  const std::string key = service_["client_key"];
  const std::string url = service_["tls_url"];
  // [quote tls]
  SolrConnectionRegistry registry(
      ClientOptions{.urls = {url},  // https://...
                    .http = {.username = "app",
                             .password = "secret",
                             .tls = {.ca_file = ca_file, .client_certificate = certificate, .client_key = key}}});
  // [/quote]
  EXPECT_TRUE(registry.ping(Deadline::in(std::chrono::seconds(30))).healthy);
  // [quote headers]
  HttpOptions http;
  http.headers = [] { return std::vector<Header>{{"Authorization", "Bearer " + std::string("renewed")}}; };
  // [/quote]
  http.tls = {.ca_file = ca_file, .client_certificate = certificate, .client_key = key};
  EXPECT_EQ(Client({.urls = {url}, .http = http}).ping().status(), 0);
}

}  // namespace
}  // namespace core_lib::solr
