// SPDX-License-Identifier: Apache-2.0
// Text of users outside of queries: ids, values, beginnings of words, names of counts.
#include <algorithm>
#include <cctype>
#include <map>

#include "core_lib/solr/bulk_update.hpp"
#include "core_lib/solr/stream.hpp"

#include "integration/solr/hostile_text.hpp"
#include "integration/solr/solr_fixture.hpp"

namespace core_lib::solr {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAreArray;

class SolrSafeTextTest : public SolrSearchTest {
 protected:
  /// Documents with each text as id, as name and as title.
  void store_hostile() const {
    std::vector<Document> documents;
    for (const char* text : hostile) {
      documents.push_back(Document().set("id", text).set("name_s", text).set("title", text).set("name_t", "snow fell"));
    }
    client_.add(documents, {.commit = true});
  }

  const std::vector<std::string> texts_{std::begin(hostile), std::end(hostile)};
};

TEST_F(SolrSafeTextTest, IdsReadNothingElse) {
  for (const std::string& text : texts_) EXPECT_TRUE(client_.get_by_id(text).empty()) << text;
  EXPECT_TRUE(client_.get_by_ids(texts_).empty());
  store_hostile();
  struct Named {
    std::string id;
    std::string name_s;
  };
  for (const std::string& text : texts_) {
    EXPECT_THAT(ids_of(client_.get_by_id(text).documents()), ElementsAreArray({text}));
    EXPECT_EQ(client_.get<Named>(text)->name_s, text);
  }
  EXPECT_THAT(ids_of(client_.get_by_ids(texts_).documents()), UnorderedElementsAreArray(texts_));
}

TEST_F(SolrSafeTextTest, IdsRemoveNothingElse) {
  client_.remove(texts_, {.commit = true});
  EXPECT_EQ(found(Query()), 11);
  store_hostile();
  auto left = static_cast<std::int64_t>(texts_.size());
  for (const std::string& text : texts_) {
    client_.remove(text, {.soft_commit = true});
    EXPECT_EQ(found(Query(term("id", text))), 0) << text;
    EXPECT_EQ(found(Query()), 11 + --left) << text;
  }
}

TEST_F(SolrSafeTextTest, UpdatesChangeTheirOwnDocumentOnly) {
  store_hostile();
  for (const std::string& text : texts_) {
    const UpdateReply reply =
        client_.update(AtomicUpdate(text).set("name_s", text + "2").add("tags", std::vector<std::string>{text, "x"}),
                       {.versions = true});
    const Results results = client_.get_by_id(text);
    const Value document = results.documents()[0];
    EXPECT_EQ(reply.version_of(text), document["_version_"].integer()) << text;
    EXPECT_EQ(document["name_s"].text(), text + "2");
    EXPECT_EQ(document["tags"][0].text(), text);
    client_.update(AtomicUpdate(text).remove("tags", text));
    EXPECT_EQ(client_.get_by_id(text).documents()[0]["tags"].json(), R"(["x"])");
  }
  client_.commit();
  EXPECT_EQ(found(Query(term("tags", "x"))), static_cast<std::int64_t>(texts_.size()));
  EXPECT_EQ(found(Query()), static_cast<std::int64_t>(texts_.size()) + 11);
}

TEST_F(SolrSafeTextTest, BulkUpdatesTellOfEachIdWhatBecameOfIt) {
  std::map<std::uint64_t, Outcome::State> states;
  BulkUpdate bulk(client_, {.threads = 1,
                            .update = {.commit = true, .chain = "tolerant"},
                            .on_outcome = [&](const Outcome& outcome) { states[outcome.number] = outcome.state; }});
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    Document document;
    document.set("id", texts_[i]).set("name_s", texts_[i]);
    if (i % 2 == 0) document.set("price", texts_[i]);
    EXPECT_EQ(bulk.add(document), i);
  }
  EXPECT_EQ(bulk.finish().stored, texts_.size() / 2);
  for (std::size_t i = 0; i < texts_.size(); ++i) {
    EXPECT_EQ(states[i], i % 2 == 0 ? Outcome::State::refused : Outcome::State::stored) << texts_[i];
    EXPECT_EQ(found(Query(term("id", texts_[i]))), static_cast<int>(i % 2)) << texts_[i];
  }
}

TEST_F(SolrSafeTextTest, StreamsAndExportsGiveNothingElse) {
  store_hostile();
  for (const std::string& text : texts_) {
    std::vector<std::string> ids;
    for (const Value document : DocumentStream(client_, Query(term("name_s", text)))) {
      ids.emplace_back(document["id"].text());
    }
    export_documents(client_, Query(phrase_in("name_s", text)).sort("id").fields({"id"}),
                     [&](Value document) { ids.emplace_back(document["id"].text()); });
    EXPECT_THAT(ids, ElementsAreArray({text, text}));
  }
}

TEST_F(SolrSafeTextTest, TermsAndFacetsBeginWithThePrefix) {
  store_hostile();
  for (const std::string& prefix : texts_) {
    std::vector<std::string> expected;
    std::ranges::copy_if(texts_, std::back_inserter(expected), [&](auto& text) { return text.starts_with(prefix); });
    std::vector<std::string> terms;
    for (const auto& [term, count] : client_.terms("name_s", prefix, {.limit = -1})) terms.push_back(term);
    EXPECT_THAT(terms, UnorderedElementsAreArray(expected));
    const Results results = client_.search(
        Query().facet_field("name_s", {.prefix = prefix}).facet("n", Facet::terms("name_s", {.prefix = prefix})));
    EXPECT_EQ(results.facet_field("name_s").size(), expected.size()) << prefix;
    EXPECT_EQ(results.facets().buckets("n").size(), expected.size()) << prefix;
  }
}

TEST_F(SolrSafeTextTest, CountsHaveAnyName) {
  for (const std::string& name : texts_) {
    const Results results = client_.search(Query()
                                               .facet_query(name, Clause("title:doc"))
                                               .facet_query("other", Clause("title:thing"))
                                               .facet(name, Facet::query("title:example")));
    EXPECT_EQ(results.facet_query(name), 3) << name;
    EXPECT_EQ(results.facet_query("other"), 1) << name;
    EXPECT_EQ(results.facets().bucket(name).count(), 2) << name;
    EXPECT_EQ(results.found(), 11) << name;
  }
}

TEST_F(SolrSafeTextTest, SuggestionsAreOfTheText) {
  store_hostile();
  EXPECT_THAT(client_.suggest("titles", "anot", 10, true), Contains("Another thing"));
  for (const std::string& text : texts_) {
    const bool has_words = std::ranges::any_of(text, [](unsigned char c) { return std::isalnum(c) != 0; });
    const auto suggestions = client_.suggest("titles", text, 100);
    EXPECT_EQ(std::ranges::count(suggestions, text), has_words ? 1 : 0) << text;
  }
  client_.remove(texts_, {.commit = true});
  EXPECT_THAT(client_.suggest("titles", "zzz", 10, true), IsEmpty());
  for (const std::string& text : texts_) EXPECT_THAT(client_.suggest("titles", "zzz " + text), IsEmpty()) << text;
}

TEST_F(SolrSafeTextTest, SpellingIsOfWordsAndLeavesTheSearchAlone) {
  const auto spelling = [&](const std::string& text) {
    return client_.search(Query("doc").handler("spell").spellcheck(text));
  };
  for (const std::string& text : texts_) {
    const Results results = spelling(text);
    EXPECT_EQ(results.found(), 3) << text;
    for (const auto& suggestion : results.spelling().suggestions) EXPECT_THAT(text, HasSubstr(suggestion.word));
  }
  // The word is looked at, whatever operators stand around it.
  for (const char* text : {"-thng", "nofield:(thng)", "{!term f=id}thng", "_query_:\"thng\""}) {
    const Results results = spelling(text);
    EXPECT_THAT(results.spelling().suggestions, Contains(testing::Field(&Spelling::Suggestion::word, "thng"))) << text;
  }
}

TEST_F(SolrSafeTextTest, DocumentsLikeAndHighlightsAreOfTheId) {
  for (const std::string& text : texts_)
    EXPECT_EQ(client_.more_like_this(Query(term("id", text)), {"title"}).found(), 0);
  store_hostile();
  const auto others = static_cast<std::int64_t>(texts_.size()) - 1;
  for (const std::string& text : texts_) {
    EXPECT_EQ(client_.more_like_this(Query(term("id", text)).parameter("mlt.mintf", 1), {"name_t"}).found(), others)
        << text;
    const Results results = client_.search(Query(words({"name_t"}, "snow"))
                                               .filter(term("id", text))
                                               .highlight({"name_t"})
                                               .more_like_this({"name_t"}, 3)
                                               .parameter("mlt.mintf", 1));
    EXPECT_EQ(results.more_like(text).size(), 3U) << text;
    EXPECT_THAT(results.highlights(text, "name_t"), ElementsAre("<em>snow</em> fell")) << text;
  }
}

TEST_F(SolrSafeTextTest, FilesKeepTheirIdsAndNames) {
  for (const std::string& text : texts_) {
    Extraction extraction{.content = "snow", .file_name = text, .only = false};
    extraction.parameters.add("literal.id", text).add("literal.name_s", text).add("fmap.content", "title");
    (void)client_.extract(extraction);
  }
  client_.commit();
  for (const std::string& text : texts_) {
    EXPECT_THAT(ids_of(client_.search(Query(term("name_s", text))).documents()), ElementsAreArray({text}));
  }
  EXPECT_EQ(found("title:snow"), static_cast<std::int64_t>(texts_.size()));
}

TEST_F(SolrSafeTextTest, NamesOfCoresReachNoOther) {
  const CoreAdmin admin(client_);
  for (const std::string& name : texts_) {
    EXPECT_EQ(admin.status(name)["status"].size(), 1U) << name;
    EXPECT_EQ(admin.status(name)["status"][name].size(), 0U) << name;
    EXPECT_THROW((void)admin.reload(name), SyntaxError) << name;
    EXPECT_THROW((void)admin.unload(name, {.delete_index = true}), SyntaxError) << name;
    EXPECT_THROW((void)admin.swap(core_, name), SyntaxError) << name;
  }
  EXPECT_EQ(found(Query()), 11);
}

}  // namespace
}  // namespace core_lib::solr
