// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/bulk_update.hpp"

#include <map>
#include <mutex>
#include <thread>

#include "integration/solr/solr_fixture.hpp"

namespace core_lib::solr {
namespace {

using testing::HasSubstr;
using testing::Not;

using SolrBulkUpdateTest = SolrTest;

Document document(int number) {
  return Document().set("id", std::to_string(number)).set("title", "bulk").set("number_i", number);
}

TEST_F(SolrBulkUpdateTest, OneBadDocumentOfAThousandIsFoundAndTheOthersAreStored) {
  for (const char* chain : {"", "tolerant"}) {
    std::mutex mutex;
    std::map<std::uint64_t, Outcome::State> outcomes;
    BulkUpdate bulk(client_, {.batch_documents = 1'000,
                              .update = {.commit = true, .chain = chain},
                              .on_outcome = [&](const Outcome& outcome) {
                                const std::scoped_lock lock(mutex);
                                EXPECT_TRUE(outcomes.emplace(outcome.number, outcome.state).second) << outcome.number;
                              }});
    for (int i = 0; i < 1'000; ++i) {
      EXPECT_EQ(bulk.add(i == 617 ? document(i).set("price", "not-a-price") : document(i)),
                static_cast<std::uint64_t>(i));
    }
    const BulkReport report = bulk.finish();
    EXPECT_EQ(report.stored, 999U);
    EXPECT_EQ(report.not_stored, 1U);
    ASSERT_EQ(report.failures.size(), 1U);
    EXPECT_EQ(report.failures[0].number, 617U);
    EXPECT_EQ(report.failures[0].state, Outcome::State::refused);
    EXPECT_THAT(report.failures[0].reason, HasSubstr("price"));
    EXPECT_THAT(report.failures[0].reason, Not(HasSubstr("not-a-price")));
    EXPECT_EQ(outcomes.size(), 1'000U);
    EXPECT_EQ(client_.search("title:bulk").found(), 999);
    client_.remove_where(Clause("*:*"), {.commit = true});
  }
}

TEST_F(SolrBulkUpdateTest, ManyThreadsFillOneQueue) {
  BulkUpdate bulk(client_, {.threads = 3, .batch_documents = 50, .queue_batches = 2, .update = {.commit = true}});
  {
    std::vector<std::jthread> adders;
    for (int thread = 0; thread < 4; ++thread) {
      adders.emplace_back([&, thread] {
        for (int i = 0; i < 250; ++i) bulk.add(document(thread * 250 + i));
      });
    }
  }
  const BulkReport report = bulk.finish();
  EXPECT_EQ(report.stored, 1'000U);
  EXPECT_EQ(report.not_stored, 0U);
  EXPECT_EQ(client_.search("title:bulk").found(), 1'000);
  EXPECT_THROW(bulk.add(document(1)), UsageError);
}

TEST_F(SolrBulkUpdateTest, DocumentThatCannotBeWrittenIsTheCallersAndHarmsNoOther) {
  BulkUpdate bulk(client_, {.update = {.commit = true}});
  bulk.add(document(1));
  EXPECT_THROW(Document().set("id", "\xff"), ConversionError);
  struct Item {
    std::string id;
    std::string title;
  };
  EXPECT_THROW(bulk.add(Item{"2", "\xff"}), ConversionError);
  EXPECT_EQ(bulk.add(Item{"3", "bulk"}), 1U);
  EXPECT_EQ(bulk.finish().stored, 2U);
  EXPECT_EQ(client_.search("title:bulk").found(), 2);
}

TEST_F(SolrBulkUpdateTest, ServerThatIsNotThereLeavesAllUnsent) {
  BulkUpdate bulk(Client({.urls = {"http://127.0.0.1:1/solr/core0"}, .attempts = 1}), {.update = {.commit = false}});
  for (int i = 0; i < 5; ++i) bulk.add(document(i));
  const BulkReport report = bulk.finish();
  EXPECT_EQ(report.not_stored, 5U);
  ASSERT_EQ(report.failures.size(), 5U);
  for (std::uint64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(report.failures[i].number, i);
    EXPECT_EQ(report.failures[i].state, Outcome::State::not_sent);
  }
}

TEST_F(SolrBulkUpdateTest, OptionsThatMakeNoSenseAreRefused) {
  EXPECT_THROW(BulkUpdate(client_, {.threads = 0}), ConfigError);
  EXPECT_THROW(BulkUpdate(client_, {.batch_documents = 0}), ConfigError);
  EXPECT_THROW(BulkUpdate(client_, {.queue_batches = 0}), ConfigError);
}

}  // namespace
}  // namespace core_lib::solr
