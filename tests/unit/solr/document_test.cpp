// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/document.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/facet.hpp"
#include "core_lib/solr/json_writer.hpp"
#include "core_lib/solr/query.hpp"
#include "core_lib/solr/quote.hpp"

#include "solr/error_reply.hpp"
#include "solr/json/scalar_json.hpp"

namespace core_lib::solr {
namespace {

TEST(SolrDocumentTest, FieldsAreWrittenAsTheyAreSet) {
  Document document;
  document.set("id", 7)
      .set("name", "a \"b\"")
      .set("price", 1.5)
      .set("active", true)
      .set("tags", std::vector<std::string>{"x", "y"});
  document.set("none", std::optional<int>())
      .set("some", std::optional<int>(3))
      .set("empty", "")
      .set("flags", std::vector<bool>{});
  EXPECT_EQ(document.json(),
            R"({"id":7,"name":"a \"b\"","price":1.5,"active":true,"tags":["x","y"],"some":3,"empty":"","flags":[]})");
  EXPECT_THROW(document.set("bad", "\xff"), ConversionError);
  EXPECT_THROW(document.set("bad", std::numeric_limits<double>::infinity()), ConversionError);
}

TEST(SolrDocumentTest, ChildrenNeedTheUniqueKey) {
  Document parent("uuid");
  parent.set("uuid", "p").add_child(Document("uuid").set("uuid", "c"));
  parent.set("label", Document("uuid").set("uuid", "d"));
  EXPECT_EQ(parent.json(), R"({"uuid":"p","label":{"uuid":"d"},"_childDocuments_":[{"uuid":"c"}]})");
  EXPECT_THROW(parent.add_child(Document("uuid").set("id", "c")), UsageError);
  EXPECT_THROW(parent.set("list", std::vector<Document>{Document("uuid")}), UsageError);
}

TEST(SolrDocumentTest, AtomicUpdatesAreCommandsForOneFieldEach) {
  AtomicUpdate update("1");
  update.set("a", "x").remove_field("b").add("c", std::vector<int>{1, 2}).increment("d", -1).remove_regex("e", "x.*");
  update.version(5).root("r");
  EXPECT_EQ(update.json(), R"({"id":"1","a":{"set":"x"},"b":{"set":null},"c":{"add":[1,2]},"d":{"inc":-1},)"
                           R"("e":{"removeregex":"x.*"},"_version_":5,"_root_":"r"})");
  EXPECT_THROW(update.set("a", 1), UsageError);
}

// Solr would take it for the whole document, and lose the rest.
TEST(SolrDocumentTest, AnAtomicUpdateWithoutAChangeIsRefused) {
  EXPECT_THROW((void)AtomicUpdate("1").json(), UsageError);
  EXPECT_THROW((void)AtomicUpdate("1").version(5).root("r").json(), UsageError);
}

TEST(SolrDocumentTest, NumbersThatSolrHasNotAreRefused) {
  EXPECT_EQ(Document().set("n", std::uint64_t{1} << 62U).json(), R"({"n":4611686018427387904})");
  EXPECT_THROW(Document().set("n", std::uint64_t{1} << 63U), ConversionError);
  EXPECT_THROW(AtomicUpdate("1").set("n", std::numeric_limits<std::uint64_t>::max()), ConversionError);
}

TEST(SolrQuoteTest, QuotesEndWhereTheyShould) {
  EXPECT_EQ(escape_query("a+b (c) \"d\" e\\f"), R"(a\+b\ \(c\)\ \"d\"\ e\\f)");
  EXPECT_EQ(escape_query("AND"), "\\AND");
  EXPECT_EQ(escape_query(""), "\"\"");
  EXPECT_EQ(escape_query("a\u3000b\u3001"), "a\\\u3000b\u3001");
  EXPECT_EQ(phrase("a \"b\" \\"), R"("a \"b\" \u005c")");
  EXPECT_EQ(local_parameter("it's \\"), R"('it\'s \\')");
}

TEST(SolrQueryTest, TextOfUsersIsAParameterOfItsOwn) {
  const Parameters parameters = Query(words({"title"}, "x) OR *:*")).filter(term("id", "{!lucene}*")).parameters();
  EXPECT_EQ(parameters.get("q"), "{!simple qf='title' q.operators='WHITESPACE' q.op='AND' v=$_core_lib_0}");
  EXPECT_EQ(parameters.get("fq"), "{!term f='id' v=$_core_lib_1}");
  EXPECT_EQ(parameters.get("_core_lib_0"), "x) OR *:*");
  EXPECT_EQ(parameters.get("_core_lib_1"), "{!lucene}*");
}

TEST(SolrQueryTest, AClauseIsOneTextWhereNoParametersGoAlong) {
  EXPECT_EQ(Clause("a:b").text(), "a:b");
  EXPECT_EQ(term("id", "it's \\").text(), R"({!term f='id' v='it\'s \\'})");
  EXPECT_EQ(any_of({term("id", "a'b"), Clause("c:d")}).text(),
            R"({!bool should='{!term f=\'id\' v=\'a\\\'b\'}' should='c:d'})");
  EXPECT_THROW((void)all_of({}), UsageError);
  EXPECT_THROW((void)combine("must='*:*' x", {Clause("a:b")}), UsageError);
  EXPECT_THROW((void)words({}, "x"), UsageError);
}

TEST(SolrQueryTest, PiecesAreJoined) {
  const Parameters parameters = Query()
                                    .fields({"id", "name"})
                                    .fields({"score"})
                                    .sort("price")
                                    .sort("id", Order::descending)
                                    .rows(5)
                                    .rows(6)
                                    .facet("a", Facet::terms("x", {.limit = 2}).with("b", Facet::number("sum(y)")))
                                    .facet("c", Facet::written("{\"type\":\"query\",\"q\":\"z\"}"))
                                    .parameters();
  EXPECT_EQ(parameters.get("q"), "*:*");
  EXPECT_EQ(parameters.get("fl"), "id,name,score");
  EXPECT_EQ(parameters.get("sort"), "price asc,id desc");
  EXPECT_EQ(parameters.get("rows"), "6");
  EXPECT_EQ(parameters.get("json.facet"),
            R"x({"a":{"type":"terms","field":"x","limit":2,"mincount":1,"facet":{"b":"sum(y)"}},)x"
            R"x("c":{"type":"query","q":"z"}})x");
  EXPECT_THROW((void)Facet::number("sum(x)").with("y", Facet::number("sum(z)")), UsageError);
}

TEST(SolrErrorReplyTest, ValuesAreCutFromMessages) {
  const std::pair<const char*, const char*> messages[] = {
      {"ERROR: [doc=secret] Error adding field 'price'='secret' msg=For input string: \"secret\"",
       "Error adding field 'price'"},
      {"ERROR: [doc=secret] unknown field 'nofield'", "unknown field 'nofield'"},
      {"ERROR: [doc=secret] multiple values encountered for non multiValued field price: [1, 2]",
       "multiple values encountered for non multiValued field price"},
      {"version conflict for secret expected=1 actual=-1", "version conflict"},
      {"undefined field nofield", "undefined field nofield"},
      {"org.apache.solr.search.SyntaxError: Cannot parse 'secret': Encountered \"secret\"",
       "org.apache.solr.search.SyntaxError: Cannot parse"},
      {"Invalid Number: secret", "Invalid Number"},
      {"Exception writing document id secret to the index; possible analysis error", "Exception writing document id"},
      {"Document contains multiple values for uniqueKey field: id=[secret, b]",
       "Document contains multiple values for uniqueKey field: id"},
      {"Error:[doc=secret] Unknown operation", "Error:"},
      {"Invalid update of id field: secret", "Invalid update of id field"},
      {"first line\nsecond: secret", "first line"},
      {"", ""},
      {"ERROR: [doc=", ""},
  };
  for (const auto& [message, expected] : messages) EXPECT_EQ(detail::without_values(message), expected) << message;
}

TEST(SolrScalarTest, InstantsAndBytesHaveSolrsForm) {
  const auto written = [](const mapping::Scalar& scalar) {
    std::string out;
    JsonWriter writer(out);
    detail::write_scalar(writer, scalar);
    return out;
  };
  EXPECT_EQ(written(mapping::Scalar::timestamp(1'500'000)), R"("1970-01-01T00:00:01.500000Z")");
  EXPECT_EQ(written(mapping::Scalar::date(0)), R"("1970-01-01T00:00:00Z")");
  EXPECT_EQ(written(mapping::Scalar::json(R"({"set":1})")), R"("{\"set\":1}")");
  for (const char* text : {"", "a", "ab", "abc", "abcd"}) {
    const auto bytes = std::as_bytes(std::span(text, std::string_view(text).size()));
    std::vector<std::byte> back;
    EXPECT_TRUE(detail::decode_base64(detail::encode_base64(bytes), back));
    EXPECT_TRUE(std::ranges::equal(bytes, back)) << text;
  }
  std::vector<std::byte> none;
  EXPECT_FALSE(detail::decode_base64("a*==", none));
  EXPECT_FALSE(detail::decode_base64("abc", none));
}

}  // namespace
}  // namespace core_lib::solr
