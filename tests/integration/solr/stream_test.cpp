// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/stream.hpp"

#include <algorithm>
#include <array>

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

/// The documents one by one as JSON, read from an answer in one format and the other.
template <class Read>
std::array<std::vector<std::string>, 2> documents_in_both_formats(ClientOptions options, const Read& read) {
  std::array<std::vector<std::string>, 2> all;
  for (const bool binary : {false, true}) {
    options.binary_answers = binary;
    read(Client(options), [&](Value document) { all[binary ? 1 : 0].push_back(document.json()); });
  }
  return all;
}

TEST_F(SolrStreamTest, BothFormatsGiveTheSameDocuments) {
  (void)client_.send_update(
      R"([{"id": "all", "a_i": -5, "b_l": 123456789012, "c_f": 12.59, "d_d": -0.125, "e_s": "x☃", "f_ss": ["p", "q"],
                      "g_is": [3, 1], "h_dt": "2024-01-01T00:00:00.5Z", "i_t": "a text", "j_b": true,
                      "children": [{"id": "child", "e_s": "below"}]}])",
      {.commit = true}, {});
  const Query every = Query("id:all OR number_i:[0 TO 2400]").sort("id").rows(count).parameter("omitHeader", true);
  const auto [json, javabin] = documents_in_both_formats(options(), [&](const Client& client, const auto& receive) {
    EXPECT_EQ(receive_documents(client, Query(every).fields({"*", "[child]"}), receive), 2'402U);
  });
  EXPECT_EQ(json, javabin);
  const auto [exported_json, exported] =
      documents_in_both_formats(options(), [&](const Client& client, const auto& receive) {
        const Query query = Query(every).fields({"id", "a_i", "b_l", "c_f", "d_d", "e_s", "f_ss", "g_is", "h_dt"});
        EXPECT_EQ(export_documents(client, query, receive), 2'402U);
      });
  EXPECT_EQ(exported_json, exported);
}

TEST_F(SolrStreamTest, BothFormatsGiveTheSameErrors) {
  client_.add(Document().set("id", "text").set("text_t", "words"), {.commit = true});
  for (const bool binary : {false, true}) {
    ClientOptions options = this->options();
    options.binary_answers = binary;
    const Client client(options);
    const auto failure_of = [&](const Query& query) -> std::string {
      try {
        export_documents(client, query, [](Value) {});
      } catch (const SyntaxError& error) {
        return error.what();
      }
      return "none";
    };
    EXPECT_THAT(failure_of(Query().sort("nofield").fields({"id"})), testing::HasSubstr("can't be found: nofield"));
    EXPECT_THAT(failure_of(Query("id:text").sort("id").fields({"text_t"})), testing::HasSubstr("must have DocValues"));
    EXPECT_THROW(receive_documents(client, Query("{!func}sleep(100,1)").time_allowed(std::chrono::milliseconds(1)),
                                   [](Value) { FAIL(); }),
                 DeadlineExceeded);
    EXPECT_THROW(receive_documents(client, Query("id:1").group_by("id"), [](Value) {}), Error);
    EXPECT_EQ(receive_documents(client, Query("id:none"), [](Value) { FAIL(); }), 0U);
    EXPECT_EQ(export_documents(client, Query("id:none").sort("id").fields({"id"}), [](Value) { FAIL(); }), 0U);
  }
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
