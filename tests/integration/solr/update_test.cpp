// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/error.hpp"

#include "integration/solr/solr_fixture.hpp"
#include "support/eventually.hpp"

namespace core_lib::solr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

class SolrUpdateTest : public SolrSearchTest {
 protected:
  [[nodiscard]] Value field(const char* id, const char* name) {
    last_.emplace(client_.get_by_id(id));
    return last_->documents()[0][name];
  }
  [[nodiscard]] static Document document(const char* id, const char* title) {
    return Document().set("id", id).set("title", title);
  }

  std::optional<Results> last_;
};

TEST_F(SolrUpdateTest, NothingIsVisibleBeforeACommit) {
  client_.add(document("doc_6", "visible doc"));
  EXPECT_EQ(found("doc"), 3);
  client_.commit();
  EXPECT_EQ(found("doc"), 4);
}

TEST_F(SolrUpdateTest, RawRequestsAreAnsweredAsTrees) {
  const auto post = [&](const char* type, const char* body) {
    Request request{.path = "update", .body = body, .content_type = type, .effect = Effect::write};
    request.parameters.add("commit", true);
    return client_.send(std::move(request)).status();
  };
  EXPECT_EQ(post("text/xml", "<add><doc><field name='id'>x1</field><field name='title'>raw</field></doc></add>"), 0);
  EXPECT_EQ(post("application/json", R"([{"id":"x2","title":"raw"}])"), 0);
  const Reply reply = client_.send({.path = "select", .parameters = Parameters().add("q", "title:raw")});
  EXPECT_EQ(reply["response"]["numFound"].integer(), 2);
  EXPECT_EQ(reply["response"]["docs"][1]["id"].text(), "x2");
}

TEST_F(SolrUpdateTest, SoftCommitMakesVisible) {
  client_.add(document("doc_6", "soft doc"), {.soft_commit = true});
  EXPECT_EQ(found("doc"), 4);
  client_.add(document("doc_7", "soft doc"));
  client_.soft_commit();
  EXPECT_EQ(found("doc"), 5);
}

TEST_F(SolrUpdateTest, CommitWithinMakesVisibleInTime) {
  client_.add(document("doc_6", "late doc"), {.commit_within = std::chrono::milliseconds(50)});
  EXPECT_TRUE(support::eventually([&] { return found("doc") == 4; }));
}

TEST_F(SolrUpdateTest, AlwaysCommitIsAnOptionThatAnUpdateCanOverrule) {
  ClientOptions always = options();
  always.always_commit = true;
  const Client committing(always);
  committing.add(document("doc_6", "one doc"));
  EXPECT_EQ(found("doc"), 4);
  committing.update(AtomicUpdate("doc_6").set("popularity", 99));
  EXPECT_EQ(found("popularity:99"), 1);
  committing.remove("doc_6");
  EXPECT_EQ(found("doc"), 3);
  committing.add(document("doc_7", "another doc"), {.commit = false});
  EXPECT_EQ(found("doc"), 3);
}

TEST_F(SolrUpdateTest, OverwriteOffKeepsBoth) {
  client_.add(document("doc_6", "first"), {.commit = true});
  client_.add(document("doc_6", "second"), {.commit = true, .overwrite = false});
  EXPECT_EQ(found("id:doc_6"), 2);
}

TEST_F(SolrUpdateTest, OptimizeMergesTheIndexAndKeepsEverything) {
  const auto segments = [&] { return client_.luke()["index"]["segmentCount"].integer(); };
  for (const char* id : {"doc_6", "doc_7", "doc_8"}) client_.add(document(id, "segment"), {.commit = true});
  EXPECT_EQ(segments(), 4);
  client_.optimize(2);
  EXPECT_EQ(segments(), 2);
  client_.optimize();
  EXPECT_EQ(segments(), 1);
  EXPECT_EQ(found(Query()), 14);
}

TEST_F(SolrUpdateTest, CommitFreesWhatWasDeletedWhereItIsAskedTo) {
  const auto deleted = [&] { return client_.luke()["index"]["deletedDocs"].integer(); };
  client_.remove(std::vector<std::string>{"doc_1", "doc_2"}, {.commit = true});
  client_.commit();
  EXPECT_EQ(deleted(), 2);
  client_.commit({.expunge_deletes = true});
  EXPECT_EQ(deleted(), 0);
  EXPECT_EQ(found(Query()), 9);
}

TEST_F(SolrUpdateTest, RollbackTakesBackWhatIsNotCommitted) {
  client_.add(document("doc_6", "gone doc"));
  client_.rollback();
  client_.commit();
  EXPECT_EQ(found("doc"), 3);
}

TEST_F(SolrUpdateTest, RemovesByIdAndByQuery) {
  client_.remove("doc_1", {.commit = true});
  EXPECT_EQ(found("doc"), 2);
  client_.remove_where(between("price", "0", "15"), {.commit = true});
  EXPECT_EQ(found("title:*"), 1);
  const std::vector<std::string> ids{"doc_4", "doc_5"};
  client_.remove(ids, {.commit = true});
  EXPECT_EQ(found("title:*"), 0);
  EXPECT_THROW(client_.remove(""), UsageError);
  EXPECT_THROW(client_.remove(std::span<const std::string>{}), UsageError);
}

TEST_F(SolrUpdateTest, RemovingAParentTakesItsChildrenAlong) {
  client_.remove("parentdoc_1", {.commit = true});
  EXPECT_EQ(found("id:childdoc_1"), 0);
  EXPECT_EQ(found("id:childdoc_3"), 1);
}

TEST_F(SolrUpdateTest, MarkupInAnIdIsOnlyAnId) {
  for (const char* id :
       {"<hello>", "doc_1</id><id>doc_2", "</query>", "\"},\"delete\":{\"query\":\"*:*\"}", "*", "a\\b'c"}) {
    client_.add(document(id, "markup"), {.commit = true});
    EXPECT_EQ(client_.get_by_id(id).size(), 1U) << id;
    EXPECT_EQ(found(Query(term("id", id))), 1) << id;
    client_.remove(id, {.commit = true});
    EXPECT_EQ(client_.get_by_id(id).size(), 0U) << id;
    EXPECT_EQ(found(Query()), 11) << id;
    client_.remove_where(term("id", id), {.commit = true});
    EXPECT_EQ(found(Query()), 11) << id;
  }
}

TEST_F(SolrUpdateTest, NumbersAreIdsToo) {
  client_.add(Document().set("id", 1).set("title", "one"), {.commit = true});
  EXPECT_EQ(found(Query(term("id", 1))), 1);
  client_.remove(std::to_string(1), {.commit = true});
  EXPECT_EQ(found(Query(term("id", 1))), 0);
}

TEST_F(SolrUpdateTest, AtomicUpdatesLeaveOtherFieldsAlone) {
  client_.add(
      document("doc_6", "atomic").set("popularity", 5).set("word_ss", std::vector<std::string>{"alpha", "beta"}));
  client_.update(AtomicUpdate("doc_6").increment("popularity", 3));
  EXPECT_EQ(field("doc_6", "popularity").integer(), 8);
  EXPECT_EQ(field("doc_6", "title")[0].text(), "atomic");
  client_.update(AtomicUpdate("doc_6").increment("popularity", -10).add("word_ss", "gamma"));
  EXPECT_EQ(field("doc_6", "popularity").integer(), -2);
  EXPECT_EQ(field("doc_6", "word_ss").json(), R"(["alpha","beta","gamma"])");
  client_.update(AtomicUpdate("doc_6").add_distinct("word_ss", std::vector<std::string>{"alpha", "delta"}));
  EXPECT_EQ(field("doc_6", "word_ss").json(), R"(["alpha","beta","gamma","delta"])");
  client_.update(AtomicUpdate("doc_6").remove("word_ss", "beta").set("popularity", 1));
  EXPECT_EQ(field("doc_6", "word_ss").json(), R"(["alpha","gamma","delta"])");
  client_.update(AtomicUpdate("doc_6").remove_regex("word_ss", "g.*"));
  EXPECT_EQ(field("doc_6", "word_ss").json(), R"(["alpha","delta"])");
  client_.update(AtomicUpdate("doc_6").remove_field("word_ss"));
  EXPECT_FALSE(field("doc_6", "word_ss").exists());
  EXPECT_EQ(field("doc_6", "popularity").integer(), 1);
  EXPECT_THROW(AtomicUpdate("x").set("a", 1).set("a", 2), UsageError);
}

TEST_F(SolrUpdateTest, RemovesADocumentOnlyInTheVersionThatIsKnown) {
  const std::int64_t first = client_.add(document("doc_6", "first"), {.versions = true}).version_of("doc_6").value();
  const std::int64_t second = client_.add(document("doc_6", "second"), {.versions = true}).version_of("doc_6").value();
  EXPECT_THROW(client_.remove_version("doc_6", first), VersionConflict);
  EXPECT_EQ(field("doc_6", "title")[0].text(), "second");
  EXPECT_NO_THROW(client_.remove_version("doc_6", second));
  EXPECT_TRUE(client_.get_by_id("doc_6").empty());
  EXPECT_THROW(client_.remove_version("doc_6", second), VersionConflict);
  EXPECT_THROW(client_.remove_version("", second), UsageError);
  EXPECT_THROW(client_.remove_version("doc_6", 0), UsageError);
}

TEST_F(SolrUpdateTest, VersionsGuardAgainstOthers) {
  const UpdateReply added = client_.add(document("doc_6", "first").version(-1), {.versions = true});
  const auto version = added.version_of("doc_6");
  ASSERT_TRUE(version);
  EXPECT_EQ(field("doc_6", "_version_").integer(), *version);
  EXPECT_THROW(client_.add(document("doc_6", "again").version(-1)), VersionConflict);
  EXPECT_THROW(client_.add(document("none", "none").version(1)), VersionConflict);
  EXPECT_NO_THROW(client_.add(document("doc_6", "second").version(*version)));
  try {
    client_.update(AtomicUpdate("doc_6").set("title", "third").version(*version));
    FAIL() << "nothing was thrown";
  } catch (const VersionConflict& error) {
    EXPECT_EQ(error.status_code(), 409);
    EXPECT_EQ(error.native_code(), "409");
    EXPECT_THAT(error.what(), HasSubstr("version conflict"));
    EXPECT_FALSE(error.is_retryable());
  }
  EXPECT_EQ(field("doc_6", "title")[0].text(), "second");
}

TEST_F(SolrUpdateTest, NestedDocumentsAreStoredAndRead) {
  Document parent = document("p", "a parent");
  parent.set("colors", std::vector<Document>{Document().set("id", "p/1").set("name_s", "red"),
                                             Document().set("id", "p/2").set("name_s", "blue")});
  parent.set("cover", Document().set("id", "p/3").set("pages_i", 2));
  client_.add(parent, {.commit = true});
  const Results results = client_.search(Query(term("id", "p")).fields({"*", "[child]"}));
  EXPECT_THAT(ids_of(results.documents()[0]["colors"]), ElementsAre("p/1", "p/2"));
  EXPECT_EQ(results.documents()[0]["cover"]["pages_i"].integer(), 2);
  client_.update(AtomicUpdate("p/1").set("name_s", "green").root("p"), {.commit = true});
  EXPECT_EQ(found("name_s:green"), 1);
}

TEST_F(SolrUpdateTest, ObjectsCannotBecomeCommands) {
  EXPECT_THROW(Document().set("popularity", Document().set("inc", 5)), UsageError);
  EXPECT_THROW(Document().add_child(Document().set("set", "x")), UsageError);
  client_.add(Document().set("id", "doc_6").set("text_s", R"({"set":"x"})"), {.commit = true});
  EXPECT_EQ(field("doc_6", "text_s").text(), R"({"set":"x"})");
}

TEST_F(SolrUpdateTest, RefusedDocumentsTellWhyWithoutTheirValues) {
  const std::pair<Document, const char*> documents[] = {
      {document("doc_6", "x").set("price", "my-secret"), "Error adding field 'price'"},
      {document("doc_6", "x").set("nofield", "my-secret"), "unknown field 'nofield'"},
      {Document().set("title", "my-secret"), "missing mandatory uniqueKey field: id"},
      {document("doc_6", "x").set("created", "my-secret"), "Error adding field 'created'"},
      {document("doc_6", "x").set("price", std::vector<double>{1.2345, 2}), "multiple values"},
  };
  for (const auto& [bad, expected] : documents) {
    try {
      client_.add(bad);
      ADD_FAILURE() << "accepted: " << bad.json();
    } catch (const ConstraintViolation& error) {
      EXPECT_THAT(error.what(), HasSubstr(expected));
      EXPECT_THAT(error.what(), Not(HasSubstr("my-secret")));
      EXPECT_THAT(error.what(), Not(HasSubstr("1.2345")));
      EXPECT_EQ(error.native_code(), "400");
    }
  }
}

TEST_F(SolrUpdateTest, TolerantChainStoresTheRestAndNamesTheRefused) {
  std::vector<Document> documents;
  for (int i = 0; i < 10; ++i) documents.push_back(document(("t" + std::to_string(i)).c_str(), "tolerant"));
  documents[3].set("price", "cheap");
  documents[7].set("popularity", "high");
  const UpdateReply reply = client_.add(documents, {.commit = true, .chain = "tolerant"});
  const auto errors = reply.errors();
  ASSERT_EQ(errors.size(), 2U);
  EXPECT_EQ(errors[0].id, "t3");
  EXPECT_EQ(errors[1].id, "t7");
  EXPECT_THAT(errors[0].message, HasSubstr("price"));
  EXPECT_THAT(errors[0].message, Not(HasSubstr("cheap")));
  EXPECT_EQ(found("title:tolerant"), 8);
}

struct Item {
  std::string id;
  std::int32_t popularity{};
  std::optional<std::string> name_s{};
  double rate_d{};
  bool active_b = false;
};

TEST_F(SolrUpdateTest, StructsAreStoredAndRead) {
  const std::vector<Item> items{{"i1", 5, "Ann \"quoted\"\n☃", 0.1, true}, {"i2", -1, std::nullopt, -2.5e10, false}};
  client_.add(items, {.commit = true});
  const auto back = client_.search(Query("id:i*").sort("id").fields_of<Item>()).as<Item>();
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[0].id, "i1");
  EXPECT_EQ(back[0].popularity, 5);
  EXPECT_EQ(back[0].name_s, items[0].name_s);
  EXPECT_EQ(back[0].rate_d, 0.1);
  EXPECT_TRUE(back[0].active_b);
  EXPECT_EQ(back[1].name_s, std::nullopt);
  EXPECT_EQ(back[1].rate_d, -2.5e10);
  client_.add(Item{.id = "i3"});
  EXPECT_EQ(client_.get<Item>("i3")->popularity, 0);
  EXPECT_EQ(client_.get<Item>("none"), std::nullopt);
}

TEST_F(SolrUpdateTest, FieldsOfManyValuesAreLists) {
  struct Tagged {
    std::string id;
    std::vector<std::string> tags;
    std::vector<std::int64_t> sizes_is;
  };
  client_.add(std::vector<Tagged>{{"m1", {"a", "b \"c\""}, {1, 2}}, {"m2", {"a"}, {}}}, {.commit = true});
  const auto read = client_.search(Query(term("tags", "a")).sort("id")).as<Tagged>();
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].tags, (std::vector<std::string>{"a", "b \"c\""}));
  EXPECT_EQ(read[0].sizes_is, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(read[1].tags, std::vector<std::string>{"a"});
  EXPECT_TRUE(read[1].sizes_is.empty());
  client_.update(AtomicUpdate("m2").add("tags", std::vector<std::string>{"d"}));
  EXPECT_EQ(client_.get<Tagged>("m2")->tags, (std::vector<std::string>{"a", "d"}));
}

TEST_F(SolrUpdateTest, InstantsAreStoredInUtc) {
  using namespace std::chrono;
  const auto instant = sys_days(year(2024) / 2 / 29) + hours(13) + milliseconds(1500);
  client_.add(Document().set("id", "d").set("created", time_point_cast<system_clock::duration>(instant)),
              {.commit = true});
  EXPECT_EQ(field("d", "created").text(), "2024-02-29T13:00:01.500Z");
}

TEST_F(SolrUpdateTest, FilesAreReadByTika) {
  const std::string html =
      "<html><head><meta name=\"haystack-test\" content=\"test 1234\"/><meta charset=\"utf-8\"/><title>Test Title "
      "☃&#x2603;</title></head>"
      "<body>foobar</body></html>";
  const std::string name = "test ☃ \"x\"\r\n.html";
  const Reply reply = client_.extract({.content = html, .file_name = name});
  EXPECT_THAT(std::string(reply["file"].text()), HasSubstr("foobar"));
  EXPECT_EQ(reply["file_metadata"]["haystack-test"][0].text(), "test 1234");
  EXPECT_EQ(reply["file_metadata"]["dc:title"][0].text(), "Test Title ☃☃");
  EXPECT_EQ(reply["file_metadata"]["resourceName"][0].text(), name);
  EXPECT_EQ(found(Query()), 11);
}

TEST_F(SolrUpdateTest, NameOfAFileTellsTikaWhatItIs) {
  const auto text_as = [&](const char* name) {
    return std::string(client_.extract({.content = "some <b>bold</b> text", .file_name = name})["file"].text());
  };
  EXPECT_THAT(text_as("plain.txt"), HasSubstr("some <b>bold</b> text"));
  EXPECT_THAT(text_as("page.html"), HasSubstr("some bold text"));
  EXPECT_THAT(text_as("\"quoted\"\r\n☃.html"), HasSubstr("some bold text"));
}

TEST_F(SolrUpdateTest, ExtractedTextIsStored) {
  Extraction extraction{.content = "some plain content", .file_name = "plain.txt", .only = false};
  extraction.parameters.add("literal.id", "file_1").add("fmap.content", "title");
  (void)client_.extract(extraction, {.commit = true});
  EXPECT_EQ(found("title:plain"), 1);
}

TEST_F(SolrUpdateTest, ParametersOfAFileMayBeLongAndHoldAnything) {
  std::string text;
  while (text.size() < 65'536) text += "☃ \"snow\"\r\n--core_lib-0123456789abcdef01234567\r\n\r\n";
  Extraction extraction{.content = "some plain content", .file_name = "plain.txt", .only = false};
  extraction.parameters.add("literal.id", "file_1").add("literal.größe_t", text).add("fmap.content", "title");
  extraction.parameters.add("literal.tags", "a&tags=b").add("literal.tags", "");
  // Solr makes the names of fields of all of it, and nothing else.
  extraction.parameters.add("literal.a\"\r\n\r\nb\r\nContent-Disposition: form-data; name=\"literal.c_s", "1");
  (void)client_.extract(extraction, {.commit = true});
  EXPECT_EQ(field("file_1", "größe_t").text(), text);
  EXPECT_EQ(field("file_1", "tags").json(), R"(["a&tags=b",""])");
  EXPECT_FALSE(field("file_1", "c_s").exists());
  EXPECT_EQ(field("file_1", "a_____b__content_disposition__form_data__name__literal_c_s").text(), "1");
}

}  // namespace
}  // namespace core_lib::solr
