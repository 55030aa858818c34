// SPDX-License-Identifier: Apache-2.0
// What a client sends for what it is told, and for what it is not told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/solr/client.hpp"

#include "unit/solr/scripted_transport.hpp"

namespace core_lib::solr {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

class SolrRequestTest : public testing::Test {
 protected:
  /// The parameters of a request beside those that all have.
  [[nodiscard]] static std::vector<Parameters::Entry> own(Parameters parameters) {
    for (const char* name : {"wt", "expandMacros", "echoParams"}) parameters.remove(name);
    return parameters.entries();
  }
  [[nodiscard]] Request last() const { return transport_->requests().back(); }

  const std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>(
      [](std::size_t, const Request&) { return json_response(R"({"responseHeader":{"status":0}})"); });
  const Client client_{transport_};
};

TEST_F(SolrRequestTest, DefaultsAreAMinuteSelectAndUpdateWithoutACommit) {
  EXPECT_EQ(ClientOptions().http.timeout, std::chrono::minutes(1));
  EXPECT_FALSE(ClientOptions().always_commit);
  const auto before = Deadline::in(std::chrono::minutes(1)).at();
  (void)client_.search(Query());
  EXPECT_EQ(last().path, "select");
  EXPECT_GE(last().deadline.at(), before);
  EXPECT_LE(last().deadline.at(), Deadline::in(std::chrono::minutes(1)).at());
  client_.add(Document().set("id", 1));
  EXPECT_EQ(last().path, "update");
  EXPECT_THAT(own(last().parameters), IsEmpty());
  client_.remove("1");
  EXPECT_EQ(last().path, "update");
  EXPECT_THAT(own(last().parameters), IsEmpty());
}

TEST_F(SolrRequestTest, ATimeoutOfZeroIsNone) {
  (void)Client(transport_, {.http = {.timeout = milliseconds(0)}}).search(Query());
  EXPECT_TRUE(last().deadline.is_never());
}

TEST_F(SolrRequestTest, SuggestionsAreAskedOfAnyHandler) {
  EXPECT_THAT(client_.suggest("titles", "a", 3, true, "places"), IsEmpty());
  EXPECT_EQ(last().path, "places");
  const std::vector<Parameters::Entry> expected{{"suggest", "true"},
                                                {"suggest.dictionary", "titles"},
                                                {"suggest.q", "a"},
                                                {"suggest.count", "3"},
                                                {"suggest.build", "true"}};
  EXPECT_EQ(own(last().parameters), expected);
  (void)client_.suggest("titles", "a");
  EXPECT_EQ(last().path, "suggest");
  EXPECT_FALSE(last().parameters.contains("suggest.build"));
}

TEST_F(SolrRequestTest, EachOptionOfACommitIsSent) {
  const std::pair<CommitOptions, const char*> commits[] = {
      {{}, R"({"commit":{"waitSearcher":true,"expungeDeletes":false}})"},
      {{.wait_searcher = false}, R"({"commit":{"waitSearcher":false,"expungeDeletes":false}})"},
      {{.expunge_deletes = true}, R"({"commit":{"waitSearcher":true,"expungeDeletes":true}})"},
  };
  for (const auto& [options, body] : commits) {
    client_.commit(options);
    EXPECT_EQ(last().path, "update");
    EXPECT_EQ(last().content_type, "application/json");
    EXPECT_EQ(last().effect, Effect::write);
    EXPECT_EQ(last().body, body);
    EXPECT_THAT(own(last().parameters), IsEmpty());
  }
}

TEST_F(SolrRequestTest, CommandsAreOneObjectEach) {
  client_.soft_commit();
  EXPECT_EQ(last().body, R"({"commit":{"softCommit":true}})");
  client_.optimize(3);
  EXPECT_EQ(last().body, R"({"optimize":{"maxSegments":3}})");
  client_.rollback();
  EXPECT_EQ(last().body, R"({"rollback":{}})");
}

TEST_F(SolrRequestTest, EachOptionOfAnUpdateIsAParameter) {
  const std::pair<UpdateOptions, Parameters::Entry> updates[] = {
      {{.commit = true}, {"commit", "true"}},
      {{.soft_commit = true}, {"softCommit", "true"}},
      {{.commit_within = milliseconds(1500)}, {"commitWithin", "1500"}},
      {{.overwrite = false}, {"overwrite", "false"}},
      {{.chain = "tolerant"}, {"update.chain", "tolerant"}},
      {{.versions = true}, {"versions", "true"}},
  };
  for (const auto& [options, parameter] : updates) {
    client_.add(Document().set("id", 1), options);
    EXPECT_THAT(own(last().parameters), ElementsAre(parameter));
    EXPECT_EQ(last().effect, Effect::write);
  }
  client_.add(Document().set("id", 1), {.handler = "update/json", .idempotent = true});
  EXPECT_EQ(last().path, "update/json");
  EXPECT_EQ(last().effect, Effect::idempotent);
}

TEST_F(SolrRequestTest, CommitByPolicyGivesWayToWhatAnUpdateSays) {
  const Client always(transport_, {.always_commit = true});
  const std::pair<UpdateOptions, const char*> updates[] = {
      {{}, "commit"},
      {{.commit = false, .versions = true}, "versions"},
      {{.soft_commit = true}, "softCommit"},
      {{.commit_within = milliseconds(1)}, "commitWithin"},
  };
  for (const auto& [options, name] : updates) {
    always.add(Document().set("id", 1), options);
    ASSERT_EQ(own(last().parameters).size(), 1U) << name;
    EXPECT_TRUE(last().parameters.contains(name)) << name;
  }
}

}  // namespace
}  // namespace core_lib::solr
