// SPDX-License-Identifier: Apache-2.0
// Text of users is only ever text: no operator, no local parameter, no nested query and no parameter in it does
// anything.
#include <algorithm>

#include "core_lib/solr/quote.hpp"

#include "integration/solr/hostile_text.hpp"
#include "integration/solr/solr_fixture.hpp"

namespace core_lib::solr {
namespace {

class SolrSafeQueryTest : public SolrSearchTest {
 protected:
  [[nodiscard]] std::int64_t facet_count(const Clause& clause) const {
    return client_.search(Query().facet("n", Facet::query(clause))).facets().bucket("n").count();
  }
  const Clause parents_{"*:* -type_s:child -type_s:grandchild"};
};

TEST_F(SolrSafeQueryTest, HostileTextFindsNothing) {
  for (const char* text : hostile) {
    EXPECT_EQ(found(Query(words({"name_s"}, text))), 0) << text;
    EXPECT_EQ(found(Query(words({"name_s", "type_s"}, text, false))), 0) << text;
    EXPECT_EQ(found(Query(term("type_s", text))), 0) << text;
    EXPECT_EQ(found(Query(phrase_in("type_s", text))), 0) << text;
    EXPECT_EQ(found(Query().filter(term("type_s", text))), 0) << text;
    EXPECT_EQ(found(Query("type_s:" + escape_query(text))), 0) << text;
    EXPECT_EQ(found(Query("type_s:" + phrase(text))), 0) << text;
    EXPECT_EQ(found(Query(any_of({term("type_s", text), words({"name_s"}, text)}))), 0) << text;
    EXPECT_EQ(client_.search(Query().facet_query("n", words({"name_s"}, text))).facet_query("n"), 0) << text;
    EXPECT_EQ(facet_count(any_of({words({"name_s"}, text), term("type_s", text)})), 0) << text;
    EXPECT_TRUE(client_.terms("type_s", text).empty()) << text;
    EXPECT_EQ(found(Query("{!term f=type_s v=" + local_parameter(text) + "}")), 0) << text;
  }
}

TEST_F(SolrSafeQueryTest, HostileTextFindsNoParentsAndNoChildren) {
  for (const char* text : hostile) {
    for (const Clause& clause : {term("type_s", text), phrase_in("type_s", text), words({"name_s"}, text),
                                 between("name_s", text, text), any_of({term("id", text), words({"name_s"}, text)})}) {
      EXPECT_EQ(found(Query(parents_of(parents_, clause))), 0) << text;
      EXPECT_EQ(found(Query(children_of(parents_, clause))), 0) << text;
      EXPECT_EQ(found(Query().filter(children_of(parents_, all_of({parents_, clause})))), 0) << text;
    }
  }
  EXPECT_EQ(found(Query(children_of(parents_, term("type_s", "parent")))), 4);
}

/// How many documents have a type between these, by their bytes.
std::int64_t types_between(std::string_view from, std::string_view to) {
  const std::string_view types[] = {"parent", "parent", "child", "child", "child", "grandchild"};
  return std::ranges::count_if(
      types, [&](std::string_view type) { return (from == "*" || from <= type) && (to == "*" || type <= to); });
}

TEST_F(SolrSafeQueryTest, HostileTextIsOnlyALimitOfARange) {
  for (const char* text : hostile) {
    for (const char* other : {text, "*", "!", "parent", " TO ~] OR *:* OR type_s:[a TO b"}) {
      for (const auto& [from, to] : {std::pair(text, other), std::pair(other, text)}) {
        EXPECT_EQ(found(Query(between("type_s", from, to))), types_between(from, to)) << from << " TO " << to;
        EXPECT_EQ(found(Query().filter(between("name_s", from, to))), 0) << from << " TO " << to;
      }
    }
    EXPECT_EQ(client_.search(Query().facet_query("n", between("name_s", text, text))).facet_query("n"), 0) << text;
  }
}

TEST_F(SolrSafeQueryTest, HostileTextRemovesNothing) {
  for (const char* text : hostile) {
    for (const Clause& clause :
         {term("type_s", text), phrase_in("type_s", text), words({"name_s", "type_s"}, text),
          between("name_s", text, text), between("name_s", text, " TO ~] OR *:* OR type_s:[a TO b"),
          all_of({any_of({term("type_s", text)})}), parents_of(parents_, term("type_s", text)),
          children_of(parents_, term("type_s", text))}) {
      client_.remove_where(clause);
    }
    client_.soft_commit();
    ASSERT_EQ(found(Query()), 11) << text;
  }
}

TEST_F(SolrSafeQueryTest, HostileTextIsFoundWhereItIsStored) {
  std::vector<Document> documents;
  for (const char* text : hostile)
    documents.push_back(Document().set("id", text).set("name_s", text).set("note_s", "hostile"));
  client_.add(documents, {.commit = true});
  for (const char* text : hostile) {
    for (const Query& query : {Query(term("name_s", text)), Query(phrase_in("name_s", text)), Query(term("id", text)),
                               Query("name_s:" + phrase(text)), Query("name_s:" + escape_query(text)),
                               Query("name_s:[" + phrase(text) + " TO " + phrase(text) + "]"),
                               Query("{!term f=name_s v=" + local_parameter(text) + "}")}) {
      const Results results = client_.search(query);
      ASSERT_EQ(results.found(), 1) << text;
      EXPECT_EQ(results.documents()[0]["id"].text(), text);
    }
    EXPECT_EQ(client_.get_by_id(text).documents()[0]["id"].text(), text);
  }
  for (const char* text : hostile) client_.remove_where(term("id", text));
  client_.commit();
  EXPECT_EQ(found(Query(term("note_s", "hostile"))), 0);
  EXPECT_EQ(found(Query()), 11);
}

TEST_F(SolrSafeQueryTest, TextOfParametersIsEchoedAsItIs) {
  for (const char* text : hostile) {
    const Results results = client_.search(Query(term("name_s", text)).parameter("echoParams", "explicit"));
    const Value parameters = results["responseHeader"]["params"];
    EXPECT_EQ(parameters["_core_lib_0"].text(), text);
    EXPECT_FALSE(parameters["shards"].exists());
    EXPECT_FALSE(parameters["fq"].exists());
  }
}

TEST_F(SolrSafeQueryTest, WordsAreWordsInEveryField) {
  EXPECT_EQ(found(Query(words({"title"}, "doc example"))), 2);
  EXPECT_EQ(found(Query(words({"title"}, "doc nothing"))), 0);
  EXPECT_EQ(found(Query(words({"title"}, "doc thing", false))), 4);
  EXPECT_EQ(found(Query(words({"title^2", "name_t"}, "parent"))), 2);
  EXPECT_EQ(found(Query(words({"title"}, "doc -rock"))), 1);  // the dash is no operator: both words must be there
  EXPECT_EQ(found(Query(words({"title"}, "DOC | example"))), 2);
}

TEST_F(SolrSafeQueryTest, SearchBoxKnowsPhrasesAndDashesAndNothingElse) {
  EXPECT_EQ(found(Query(search_box({"title"}, "doc -rock"))), 2);
  EXPECT_EQ(found(Query(search_box({"title"}, "\"example doc\""))), 1);
  EXPECT_EQ(found(Query(search_box({"title"}, "\"doc example\""))), 0);
  EXPECT_EQ(found(Query(search_box({"name_s"}, "title:doc"))), 0);
  EXPECT_EQ(found(Query(search_box({"name_s"}, "{!lucene}*:*"))), 0);
}

TEST_F(SolrSafeQueryTest, SearchBoxKnowsNoOtherOperatorsOfHostileText) {
  // No document has a name, so that a dash, which is meant, finds all of them; an operator behind it would find fewer.
  for (const std::string_view text : hostile) {
    EXPECT_EQ(found(Query(search_box({"name_s"}, text))), text == "-zzz" ? 11 : 0) << text;
  }
  for (const char* text :
       {"-title:doc", "-*:*", "-*", "-{!lucene}*:*", "-_query_:*:*", "-(*:*)", "-zzz*", "-doc~1", "-/.*/", "-?"}) {
    EXPECT_EQ(found(Query(search_box({"name_s"}, text))), 11) << text;
  }
}

TEST_F(SolrSafeQueryTest, ClausesCombine) {
  EXPECT_EQ(found(Query(all_of({words({"title"}, "doc"), between("price", 0, 20)}))), 2);
  EXPECT_EQ(found(Query(any_of({term("id", "doc_1"), term("id", "doc_5"), term("id", "none")}))), 2);
  EXPECT_EQ(found(Query(all_of({words({"title"}, "doc"), none_of({term("popularity", 10)})}))), 1);
  EXPECT_EQ(found(Query(none_of({Clause("type_s:*")})).filter(Clause("title:*"))), 5);
  EXPECT_EQ(found(Query(between("id", "doc_1", "doc_2"))), 2);
  EXPECT_EQ(facet_count(any_of({term("type_s", "parent"), term("id", "doc_1")})), 3);
  EXPECT_EQ(found(Query(between("price", "*", "2.35"))), 2);
}

TEST_F(SolrSafeQueryTest, NamesOfFieldsAreChecked) {
  for (const char* name : {"", "a b", "a:b", "id}{!lucene", "*", "a'b", "a,b", "a\n"}) {
    EXPECT_THROW((void)term(name, "x"), UsageError) << name;
    EXPECT_THROW((void)words({name}, "x"), UsageError) << name;
    EXPECT_THROW((void)between(name, "1", "2"), UsageError) << name;
    EXPECT_THROW((void)phrase_in(name, "x"), UsageError) << name;
  }
  EXPECT_THROW((void)between("title", "", "x"), UsageError);
  EXPECT_THROW((void)between("title", "x", ""), UsageError);
  EXPECT_THROW((void)words({"title^2 x"}, "x"), UsageError);
  EXPECT_THROW((void)with_parser("term f=x", {}, "x"), UsageError);
  EXPECT_THROW((void)with_parser("term", {{"f=x v", "y"}}, "x"), UsageError);
}

}  // namespace
}  // namespace core_lib::solr
