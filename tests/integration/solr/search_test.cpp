// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "integration/solr/solr_fixture.hpp"

namespace core_lib::solr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;

TEST_F(SolrSearchTest, FindsByWords) {
  EXPECT_EQ(found("doc"), 3);
  EXPECT_EQ(found("example"), 2);
  EXPECT_EQ(found("nothing"), 0);
  EXPECT_EQ(found(Query()), 11);
}

TEST_F(SolrSearchTest, ResultsTellWhatWasFoundAndHowLongItTook) {
  const Results results = client_.search(Query("doc").sort("price").fields({"id", "score"}));
  EXPECT_EQ(results.found(), 3);
  EXPECT_TRUE(results.is_exact());
  EXPECT_FALSE(results.is_partial());
  EXPECT_EQ(results.start(), 0);
  EXPECT_EQ(results.status(), 0);
  EXPECT_GE(results.query_time(), 0);
  EXPECT_GT(results.max_score().value_or(0), 0.0);
  EXPECT_THAT(ids_of(results.documents()), ElementsAre("doc_1", "doc_2", "doc_4"));
  EXPECT_EQ(results.documents()[0].size(), 2U);
}

TEST_F(SolrSearchTest, PagesAndFiltersAndSorts) {
  const Query query = Query("title:*").filter(between("price", 2, 50)).sort("price", Order::descending);
  EXPECT_THAT(ids_of(client_.search(Query(query).rows(2)).documents()), ElementsAre("doc_2", "doc_1"));
  EXPECT_THAT(ids_of(client_.search(Query(query).start(2).rows(2)).documents()), ElementsAre("doc_3"));
}

TEST_F(SolrSearchTest, SearchWhoseTimeIsUpSaysThatItIsPartial) {
  const Query slow("{!func}sleep(100,1)");  // in milliseconds
  const Query hurried = Query(slow).time_allowed(std::chrono::milliseconds(1));
  const Results part = client_.search(hurried);
  EXPECT_TRUE(part.is_partial());
  EXPECT_LT(part.found(), 11);
  const Results nothing = client_.search(Query(hurried).parameter("partialResults", false));
  EXPECT_TRUE(nothing.is_partial());
  EXPECT_TRUE(nothing.empty());
  const Results whole = client_.search(Query(slow).time_allowed(std::chrono::minutes(1)));
  EXPECT_FALSE(whole.is_partial());
  EXPECT_EQ(whole.found(), 11);
}

TEST_F(SolrSearchTest, LongQueriesArePosted) {
  const std::string words(3072, 'x');
  const Results results = client_.search(Query(words).parameter("echoParams", "all"));
  EXPECT_EQ(results.found(), 0);
  EXPECT_EQ(results["responseHeader"]["params"]["q"].text(), words);
}

TEST_F(SolrSearchTest, ClassicFacets) {
  const Results results = client_.search(Query("doc")
                                             .facet_field("popularity")
                                             .facet_field("type_s", {.min_count = 0, .missing = false})
                                             .facet_query("cheap & good", between("price", "0", "20"))
                                             .facet_range("price", "0", "100", "50")
                                             .facet_pivot({"popularity", "id"}));
  const auto popularity = results.facet_field("popularity");
  ASSERT_EQ(popularity.size(), 2U);
  EXPECT_EQ(popularity[0].value, "10");
  EXPECT_EQ(popularity[0].count, 2);
  EXPECT_EQ(popularity[1].value, "7");
  EXPECT_EQ(popularity[1].count, 1);
  EXPECT_EQ(results.facet_field("type_s").size(), 3U);
  EXPECT_EQ(results.facet_query("cheap & good"), 2);
  const RangeFacet range = results.facet_range("price");
  ASSERT_EQ(range.counts.size(), 2U);
  EXPECT_EQ(range.counts[0].count, 2);
  EXPECT_EQ(range.counts[1].count, 1);
  EXPECT_EQ(range.before, 0);
  EXPECT_EQ(range.between, 3);
  const auto pivots = results.facet_pivot("popularity,id");
  ASSERT_EQ(pivots.size(), 2U);
  EXPECT_EQ(pivots[0].value.integer(), 10);
  EXPECT_EQ(pivots[0].count, 2);
  EXPECT_EQ(pivots[0].pivots.size(), 2U);
  EXPECT_THAT(results.facet_field("none"), IsEmpty());
}

TEST_F(SolrSearchTest, JsonFacetsNest) {
  const Results results = client_.search(
      Query("title:*")
          .rows(0)
          .facet("popularity", Facet::terms("popularity", {.limit = 2, .sort = "average desc", .count_buckets = true})
                                   .with("average", Facet::number("avg(price)"))
                                   .with("dear", Facet::query("price:[50 TO *]")))
          .facet("prices", Facet::range("price", 0, 20, 10))
          .facet("popularities", Facet::range("popularity", 0, 12, 4))
          .facet("total", Facet::number("sum(price)")));
  const FacetBucket facets = results.facets();
  EXPECT_EQ(facets.count(), 5);
  EXPECT_NEAR(facets.number("total").value_or(0), 129.74, 0.001);
  const auto buckets = facets.buckets("popularity");
  ASSERT_EQ(buckets.size(), 2U);
  EXPECT_EQ(buckets[0].value().integer(), 10);
  EXPECT_EQ(buckets[0].count(), 2);
  EXPECT_NEAR(buckets[0].number("average").value_or(0), 56.29, 0.001);
  EXPECT_EQ(buckets[0].bucket("dear").count(), 1);
  EXPECT_EQ(facets.buckets("prices").size(), 2U);
  EXPECT_EQ(facets.buckets("popularities").size(), 3U);
  EXPECT_EQ(facets.raw()["popularity"]["numBuckets"].integer(), 4);
  EXPECT_EQ(facets.number("none"), std::nullopt);
}

TEST_F(SolrSearchTest, HighlightsWhatFits) {
  const Results results = client_.search(Query("title:example").highlight({"title"}, {.before = "[", .after = "]"}));
  EXPECT_THAT(results.highlights("doc_1", "title"), ElementsAre("[Example] doc 1"));
  EXPECT_THAT(results.highlights("doc_1", "price"), IsEmpty());
  EXPECT_THAT(results.highlights("doc_9", "title"), IsEmpty());
}

TEST_F(SolrSearchTest, Groups) {
  const Results results = client_.search(Query("title:*").sort("price").group_by("popularity", {.limit = 5}));
  const GroupedResults grouped = results.groups("popularity");
  EXPECT_EQ(grouped.matches, 5);
  EXPECT_EQ(grouped.group_count, 4);
  ASSERT_EQ(grouped.groups.size(), 4U);
  EXPECT_EQ(grouped.groups[0].value.integer(), 2);
  EXPECT_EQ(grouped.groups[0].found, 1);
  EXPECT_THAT(ids_of(grouped.groups[0].documents), ElementsAre("doc_5"));
}

TEST_F(SolrSearchTest, Statistics) {
  const Results results = client_.search(Query("*:*").rows(0).stats("popularity"));
  const auto stats = results.stats("popularity");
  ASSERT_TRUE(stats);
  EXPECT_EQ(stats->min.real(), 2);
  EXPECT_EQ(stats->max.real(), 10);
  EXPECT_EQ(stats->count, 5);
  EXPECT_EQ(stats->missing, 6);
  EXPECT_EQ(stats->sum, 37);
  EXPECT_NEAR(stats->mean.real(), 7.4, 1e-9);
  EXPECT_GT(stats->deviation, 3);
  EXPECT_FALSE(results.stats("price"));
}

TEST_F(SolrSearchTest, StatisticsOfDatesAndOfText) {
  for (const char* day : {"01", "03"}) {
    client_.add(Document().set("id", day).set("created", "2024-05-" + std::string(day) + "T12:00:00.5Z"));
  }
  client_.commit();
  const Results results = client_.search(Query().stats("created").stats("type_s"));
  const auto dates = results.stats("created");
  ASSERT_TRUE(dates);
  EXPECT_EQ(dates->min.text(), "2024-05-01T12:00:00.500Z");
  EXPECT_EQ(dates->max.instant() - dates->min.instant(), std::chrono::hours(48));
  EXPECT_EQ(dates->mean.instant() - dates->min.instant(), std::chrono::hours(24));
  EXPECT_EQ(dates->count, 2);
  EXPECT_NEAR(dates->deviation, 48 * 3'600'000 / std::sqrt(2), 1'000);
  const auto texts = results.stats("type_s");
  ASSERT_TRUE(texts);
  EXPECT_EQ(texts->max.text(), "parent");
  EXPECT_FALSE(texts->mean.exists());
  EXPECT_EQ(texts->sum, 0);
}

TEST_F(SolrSearchTest, AHandlerOfItsOwnCorrectsSpelling) {
  const Results results = client_.search(Query("anthr thng").handler("spell"));
  const Spelling spelling = results.spelling();
  EXPECT_FALSE(spelling.correct);
  ASSERT_EQ(spelling.suggestions.size(), 2U);
  EXPECT_EQ(spelling.suggestions[0].word, "anthr");
  ASSERT_FALSE(spelling.suggestions[0].better.empty());
  EXPECT_EQ(spelling.suggestions[0].better[0].value, "another");
  EXPECT_EQ(spelling.suggestions[0].better[0].count, 2);
  EXPECT_THAT(spelling.collations, testing::Contains("another thing"));
}

TEST_F(SolrSearchTest, DebugIsHandedThrough) {
  const Results results = client_.search(Query("doc").parameter("debug", "true").spellcheck("doc"));
  EXPECT_TRUE(results.debug()["explain"]["doc_1"].exists());
}

TEST_F(SolrSearchTest, ParentsAndChildrenFindEachOther) {
  const Clause parents("*:* -type_s:child -type_s:grandchild");
  EXPECT_THAT(ids_of(client_.search(Query(parents_of(parents, words({"name_t"}, "another small")))).documents()),
              ElementsAre("parentdoc_1"));
  EXPECT_THAT(ids_of(client_.search(Query(parents_of(parents, term("type_s", "grandchild")))).documents()),
              ElementsAre("parentdoc_2"));
  EXPECT_THAT(ids_of(client_.search(Query(children_of(parents, term("id", "parentdoc_1")))).documents()),
              UnorderedElementsAre("childdoc_1", "childdoc_2"));
}

TEST_F(SolrSearchTest, MoreLikeThis) {
  const Results none = client_.more_like_this(Query("id:doc_1"), {"text"});
  EXPECT_EQ(none.found(), 0);
  const Results some =
      client_.more_like_this(Query("id:doc_1").parameter("mlt.mintf", 1).parameter("mlt.mindf", 1), {"title"});
  EXPECT_EQ(some.found(), 2);
  const Results component =
      client_.search(Query("id:doc_1").more_like_this({"title"}).parameter("mlt.mintf", 1).parameter("mlt.mindf", 1));
  EXPECT_EQ(component.more_like("doc_1").size(), 2U);
  EXPECT_THROW((void)client_.more_like_this(Query("id:doc_1"), {"text"}, "fakehandler"), SyntaxError);
}

TEST_F(SolrSearchTest, TermsOfAField) {
  const auto terms = client_.terms("title", "");
  ASSERT_GE(terms.size(), 3U);
  EXPECT_EQ(terms[0], (std::pair<std::string, std::int64_t>("doc", 3)));
  EXPECT_THAT(client_.terms("title", "ex"), ElementsAre(std::pair<std::string, std::int64_t>("example", 2)));
  EXPECT_EQ(client_.terms("title", "", {.limit = 2}).size(), 2U);
  EXPECT_THAT(client_.terms("title", "", {.limit = 100}),
              testing::Contains(std::pair<std::string, std::int64_t>("☃", 1)));
}

TEST_F(SolrSearchTest, SuggesterCompletes) {
  EXPECT_THAT(client_.suggest("titles", "anot", 10, true),
              UnorderedElementsAre("Another thing", "Another example ☃ doc 2"));
  EXPECT_THAT(client_.suggest("titles", "zzz"), IsEmpty());
}

TEST_F(SolrSearchTest, JsonRequests) {
  const Results results = client_.search_json(
      R"({"query":"title:doc","filter":["popularity:10"],"sort":"price desc","limit":1,"fields":["id"]})");
  EXPECT_EQ(results.found(), 2);
  EXPECT_THAT(ids_of(results.documents()), ElementsAre("doc_4"));
}

struct OnlyId {
  std::string id;
};

TEST_F(SolrSearchTest, DocumentsByIdAsTheyAreNow) {
  EXPECT_THAT(ids_of(client_.get_by_id("doc_1").documents()), ElementsAre("doc_1"));
  EXPECT_TRUE(client_.get_by_id("none").empty());
  client_.add(Document().set("id", "a,b").set("title", "uncommitted"));
  const std::vector<std::string> ids{"a,b", "none", "doc_2"};
  EXPECT_THAT(ids_of(client_.get_by_ids(ids).documents()), UnorderedElementsAre("a,b", "doc_2"));
  EXPECT_EQ(found("title:uncommitted"), 0);
  EXPECT_THROW((void)client_.get_by_ids({}), UsageError);
  EXPECT_THROW((void)client_.get_by_id(""), UsageError);
  EXPECT_THROW((void)client_.get_by_ids(std::vector<std::string>{"doc_1", ""}), UsageError);
  EXPECT_THROW((void)client_.get<OnlyId>(""), UsageError);
}

TEST_F(SolrSearchTest, OtherHandlersAndParametersAreReached) {
  EXPECT_EQ(client_.search(Query("doc").handler("query")).found(), 3);
  EXPECT_THROW((void)client_.search(Query("doc").handler("autocomplete")), SyntaxError);
  EXPECT_THROW((void)client_.search(Query("doc").handler("../other/select")), UsageError);
}

TEST_F(SolrSearchTest, WhatSolrDoesNotUnderstandIsASyntaxError) {
  const std::pair<Query, const char*> queries[] = {
      {Query("nofield:1"), "undefined field nofield"},
      {Query("title:("), "Cannot parse"},
      {Query("doc").sort("nofield"), "nofield"},
      {Query("price:cheap"), "Invalid Number"},
      {Query("doc").handler("nohandler"), "there is no such core or handler"},
  };
  for (const auto& [query, expected] : queries) {
    try {
      (void)client_.search(query);
      ADD_FAILURE() << "accepted: " << expected;
    } catch (const SyntaxError& error) {
      EXPECT_THAT(error.what(), HasSubstr(expected));
      EXPECT_THAT(error.what(), HasSubstr(url_));
      EXPECT_THAT(error.native_code(), testing::AnyOf("400", "404"));
    }
  }
  EXPECT_THROW((void)Client({.urls = {node_ + "/nocore"}}).search("doc"), SyntaxError);
}

TEST_F(SolrSearchTest, JsonSaysTheSameAsBinaryAnswers) {
  ClientOptions json = options();
  json.binary_answers = false;
  const Client other(json);
  for (const Query& query :
       {Query().sort("id").facet_field("popularity").stats("price"),
        Query("title:example").sort("id").highlight({"title"}).group_by("popularity"),
        Query("id:parentdoc_2").fields({"id", "[child]"}),
        Query().rows(0).facet("p", Facet::terms("popularity").with("a", Facet::number("avg(price)")))}) {
    const Results expected = client_.search(query);
    const Results results = other.search(query);
    EXPECT_EQ(results.found(), expected.found());
    EXPECT_EQ(ids_of(results.documents()), ids_of(expected.documents()));
    for (const char* part : {"facets", "highlighting"}) EXPECT_EQ(results[part].json(), expected[part].json());
    EXPECT_EQ(results.groups("popularity").groups.size(), expected.groups("popularity").groups.size());
    EXPECT_EQ(results.documents()[0]["price"].real_or(0), expected.documents()[0]["price"].real_or(0));
    EXPECT_EQ(results["facet_counts"]["facet_fields"].json(), expected["facet_counts"]["facet_fields"].json());
  }
  EXPECT_THROW((void)other.search("nofield:1"), SyntaxError);
  EXPECT_EQ(other.get_by_id("doc_1").documents()[0]["popularity"].integer(), 10);
}

/// Keeps the type of the last answer.
class TypeSpy final : public Transport {
 public:
  explicit TypeSpy(std::shared_ptr<Transport> real) : real_(std::move(real)) {}
  Response send(const Request& request) override {
    Response response = real_->send(request);
    type = response.content_type;
    return response;
  }
  [[nodiscard]] std::string_view name() const noexcept override { return real_->name(); }

  std::string type;

 private:
  std::shared_ptr<Transport> real_;
};

TEST_F(SolrSearchTest, FormatIsJavabinOrJsonAndTheAnswerTheSame) {
  const auto spy = std::make_shared<TypeSpy>(client_.transport());
  const Client binary(spy);
  const Client json(spy, {.binary_answers = false});
  const Query query = Query("doc").sort("id").facet_field("popularity").stats("price").highlight({"title"});
  const Results expected = binary.search(query);
  EXPECT_THAT(spy->type, StartsWith("application/octet-stream"));
  EXPECT_EQ(expected.found(), 3);
  for (const Results& results : {json.search(query), binary.search(Query(query).parameter("wt", "json"))}) {
    EXPECT_THAT(spy->type, StartsWith("application/json"));
    EXPECT_EQ(results.documents().json(), expected.documents().json());
    for (const char* part : {"facet_counts", "stats", "highlighting"}) {
      EXPECT_EQ(results[part].json(), expected[part].json());
    }
  }
  EXPECT_THROW((void)binary.search(Query(query).parameter("wt", "xml")), Error);
  EXPECT_THAT(spy->type, StartsWith("application/xml"));
}

TEST_F(SolrSearchTest, PingAndLukeAndVersion) {
  EXPECT_EQ(client_.ping()["status"].text(), "OK");
  EXPECT_THROW(client_.ping("fakehandler"), SyntaxError);
  EXPECT_EQ(client_.luke()["index"]["numDocs"].integer(), 11);
  EXPECT_EQ(client_.server_version(), "9.10.1");
}

}  // namespace
}  // namespace core_lib::solr
