// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/bulk_update.hpp"
#include "core_lib/solr/stream.hpp"

#include "support/eventually.hpp"
#include "support/service.hpp"

namespace core_lib::solr {
namespace {

/// A Solr of the test's own, to be crashed.
class OwnSolr : public support::OwnService {
 public:
  OwnSolr() : OwnService("solr", "single", "") {}
};

TEST(SolrOutageTest, NoAcknowledgedDocumentIsMissingAfterACrash) {
  OwnSolr server;
  const Client client({.urls = {server["url"]}, .attempts = 1});
  client.ping();
  std::mutex mutex;
  std::set<std::uint64_t> stored;
  std::atomic<std::size_t> answered = 0;
  BulkUpdate bulk(
      client,
      {.threads = 2, .batch_documents = 20, .update = {.commit = false}, .on_outcome = [&](const Outcome& outcome) {
         const std::scoped_lock lock(mutex);
         if (outcome.state == Outcome::State::stored) stored.insert(outcome.number);
         ++answered;
       }});
  const auto add = [&](int from, int to) {
    for (int i = from; i < to; ++i) bulk.add(Document().set("id", i).set("title", "outage"));
  };
  add(0, 500);
  ASSERT_TRUE(support::eventually([&] { return answered >= 200; }));
  server.run("crash");
  add(500, 1'000);
  const BulkReport report = bulk.finish();
  EXPECT_EQ(report.stored, stored.size());
  EXPECT_EQ(report.stored + report.not_stored, 1'000U);
  EXPECT_GE(report.stored, 200U);
  EXPECT_GT(report.not_stored, 0U);
  for (const Outcome& failure : report.failures) {
    EXPECT_TRUE(failure.state == Outcome::State::not_sent || failure.state == Outcome::State::unknown)
        << failure.reason;
    EXPECT_NE(failure.reason, "");
  }
  EXPECT_THROW((void)client.search("x"), ConnectionLost);

  server.run("resume");
  // Solr replays its log in the background, and passes over commits meanwhile.
  std::set<std::uint64_t> found;
  EXPECT_TRUE(support::eventually([&] {
    client.commit();
    for (const Value document : DocumentStream(client, Query("title:outage"))) {
      found.insert(std::stoull(std::string(document["id"].text())));
    }
    return std::ranges::includes(found, stored);
  }));
}

// Solr keeps of a deletion what stands in the query alone.
TEST(SolrOutageTest, WhatIsRemovedByAQueryStaysRemovedAfterACrash) {
  OwnSolr server;
  const Client client({.urls = {server["url"]}});
  const std::string name = "it's \\ $x ${y}";
  for (const char* id : {"1", "2"}) client.add(Document().set("id", id).set("name_s", name));
  client.add(Document().set("id", "3").set("name_s", "other"));
  client.remove_where(any_of({term("name_s", name), term("id", "none")}));
  server.run("crash");
  server.run("resume");
  // Solr runs its log again beside what it answers, and shows all of it at its end.
  EXPECT_TRUE(support::eventually([&] { return client.search(Query(term("id", 3))).found() == 1; }));
  EXPECT_EQ(client.search(Query()).found(), 1);
}

TEST(SolrOutageTest, SearchesGoToBothNodesToTheOneThatIsLeftAndToBothAgain) {
  OwnSolr first;
  OwnSolr second;
  for (const auto& [server, name] : {std::pair(&first, "first"), std::pair(&second, "second")}) {
    Client({.urls = {(*server)["url"]}}).add(Document().set("id", name), {.commit = true});
  }
  const ClientOptions options{
      .urls = {first["url"], second["url"]},
      .balancing = {.first_pause = std::chrono::milliseconds(10), .longest_pause = std::chrono::milliseconds(100)}};
  const Client client(options);
  // Each has a document of its own, which tells who answered.
  const auto answered = [&](int searches) {
    std::multiset<std::string> names;
    for (int i = 0; i < searches; ++i) names.emplace(client.search(Query()).documents()[0]["id"].text());
    return names;
  };
  EXPECT_EQ(answered(10).count("first"), 5U);
  EXPECT_EQ(answered(10).count("second"), 5U);
  std::atomic<int> found = 0;
  std::jthread meanwhile([&, other = Client(options)](const std::stop_token& stop) {
    while (!stop.stop_requested()) EXPECT_NO_THROW(found += static_cast<int>(other.search(Query()).found()));
  });
  ASSERT_TRUE(support::eventually([&] { return found > 10; }));
  first.run("crash");
  EXPECT_EQ(answered(10).count("second"), 10U);
  first.run("resume");
  EXPECT_TRUE(support::eventually([&] { return answered(2).contains("first"); }));
  EXPECT_EQ(answered(10).count("first"), 5U);
  second.run("crash");
  EXPECT_EQ(answered(10).count("first"), 10U);
}

}  // namespace
}  // namespace core_lib::solr
