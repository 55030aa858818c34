// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/stream.hpp"

#include <algorithm>

#include "integration/solr/solr_fixture.hpp"

namespace core_lib::solr {
namespace {

using testing::ElementsAre;

struct Row {
  std::string id;
  std::int32_t number_i{};
  std::string name_s;
};

class SolrStreamTest : public SolrTest {
 protected:
  static constexpr int count = 2'500;

  SolrStreamTest() {
    std::vector<Row> rows;
    for (int i = 0; i < count; ++i) rows.push_back({std::to_string(i), i, "name \"" + std::to_string(i) + "\" ☃\\"});
    client_.add(rows, {.commit = true});
  }
};

TEST_F(SolrStreamTest, CursorMeetsEveryDocumentOnce) {
  for (const int page : {1'000, 2'500, 7}) {
    DocumentStream stream(client_, Query("number_i:[0 TO 99]").sort("number_i", Order::descending), {.page = page});
    int expected = 99;
    for (const Value document : stream) EXPECT_EQ(document["number_i"].integer(), expected--);
    EXPECT_EQ(expected, -1);
    EXPECT_EQ(stream.found(), 100);
  }
}

TEST_F(SolrSearchTest, CursorMeetsTheSameDocumentsAsOneBigPage) {
  const std::vector<std::string> expected = ids_of(client_.search(Query().sort("id").rows(100)).documents());
  EXPECT_EQ(expected.size(), 11U);
  for (const int page : {1, 3, 11, 100}) {
    std::vector<std::string> ids;
    for (const Value document : DocumentStream(client_, Query(), {.page = page}))
      ids.emplace_back(document["id"].text());
    EXPECT_EQ(ids, expected) << page;
  }
}

TEST_F(SolrStreamTest, CursorGivesStructs) {
  std::int64_t sum = 0;
  int seen = 0;
  for (const Row& row : EntityStream<Row>(client_, Query(), {.page = 600})) {
    sum += row.number_i;
    ++seen;
    if (row.id == "7") {
      EXPECT_EQ(row.name_s, "name \"7\" ☃\\");
    }
  }
  EXPECT_EQ(seen, count);
  EXPECT_EQ(sum, std::int64_t{count} * (count - 1) / 2);
}

TEST_F(SolrStreamTest, StreamWhosePageIsPartialIsAnErrorAndNoShorterStream) {
  const Query hurried = Query("{!func}sleep(100,1)").time_allowed(std::chrono::milliseconds(1));
  for (const Query& query : {hurried, Query(hurried).parameter("partialResults", false)}) {
    DocumentStream stream(client_, query);
    EXPECT_THROW((void)stream.begin(), DeadlineExceeded);
    EXPECT_THROW(receive_documents(client_, query, [](Value) { FAIL(); }), DeadlineExceeded);
  }
  EXPECT_THROW(export_documents(client_, Query(hurried).sort("id").fields({"id"}), [](Value) {}), Error);
}

TEST_F(SolrStreamTest, NothingFoundIsAnEmptyRange) {
  for (const Value document : DocumentStream(client_, Query("id:none"))) FAIL() << document.json();
  DocumentStream once(client_, Query("id:1"));
  (void)once.begin();
  EXPECT_THROW((void)once.begin(), UsageError);
}

TEST_F(SolrStreamTest, ExportHandsEveryDocumentOver) {
  std::vector<bool> seen(count);
  const std::size_t exported =
      export_entities<Row>(client_, Query().sort("number_i").fields({"id", "number_i", "name_s"}), [&](Row row) {
        EXPECT_EQ(row.name_s, "name \"" + row.id + "\" ☃\\");
        EXPECT_FALSE(seen[static_cast<std::size_t>(row.number_i)]);
        seen[static_cast<std::size_t>(row.number_i)] = true;
      });
  EXPECT_EQ(exported, std::size_t{count});
  EXPECT_EQ(std::ranges::count(seen, true), count);
}

TEST_F(SolrStreamTest, ExportOfNothingIsNothing) {
  EXPECT_EQ(export_documents(client_, Query("id:none").sort("id").fields({"id"}), [](Value) { FAIL(); }), 0U);
}

TEST_F(SolrStreamTest, ExportThatSolrRefusesIsAnError) {
  EXPECT_THROW(export_documents(client_, Query(), [](Value) {}), SyntaxError);
  EXPECT_THROW(export_documents(client_, Query().sort("nofield").fields({"id"}), [](Value) {}), Error);
}

TEST_F(SolrStreamTest, ALongPageIsReceivedDocumentByDocument) {
  client_.add(Document().set("id", "odd").set("EXCEPTION_s", R"("docs":[{"}])").set("number_i", -1), {.commit = true});
  Query query = Query().sort("number_i").rows(count + 1).fields({"id", "number_i", "EXCEPTION:EXCEPTION_s"});
  int expected = -1;
  const std::size_t received = receive_documents(client_, query.facet_field("number_i"), [&](Value document) {
    EXPECT_EQ(document["number_i"].integer(), expected);
    EXPECT_EQ(document["EXCEPTION"].text_or("none"), expected == -1 ? R"("docs":[{"}])" : "none");
    ++expected;
  });
  EXPECT_EQ(received, std::size_t{count} + 1);
  EXPECT_EQ(receive_documents(client_, Query("id:none"), [](Value) { FAIL(); }), 0U);
  EXPECT_THROW(receive_documents(client_, Query("nofield:x"), [](Value) {}), SyntaxError);
  EXPECT_THROW(receive_documents(client_, Query("id:odd").group_by("id"), [](Value) {}), Error);
}

TEST_F(SolrStreamTest, WhatTheReceiverThrowsEndsTheExport) {
  int seen = 0;
  EXPECT_THROW(export_documents(client_, Query().sort("id").fields({"id"}),
                                [&](Value) {
                                  if (++seen == 3) throw NotFoundError("enough");
                                }),
               NotFoundError);
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(client_.search(Query("id:1")).found(), 1);
}

}  // namespace
}  // namespace core_lib::solr
