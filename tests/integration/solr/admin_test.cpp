// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core_lib/solr/schema.hpp"

#include "integration/solr/solr_fixture.hpp"

namespace core_lib::solr {
namespace {

using testing::HasSubstr;

class SolrAdminTest : public SolrTest {
 protected:
  CoreAdmin admin_{client_};
  const std::string other_ = core_ + "_other";

  ~SolrAdminTest() override {
    if (admin_.status(other_)["status"][other_].size() > 0) {
      (void)admin_.unload(other_, {.delete_index = true, .delete_data_dir = true, .delete_instance_dir = true});
    }
  }
};

TEST_F(SolrAdminTest, StatusOfOneOfAllAndOfNone) {
  EXPECT_EQ(admin_.status(core_)["status"][core_]["name"].text(), core_);
  EXPECT_TRUE(admin_.status()["status"]["core0"].is_object());
  EXPECT_TRUE(admin_.status()["status"][core_].is_object());
  EXPECT_EQ(admin_.status(other_)["status"][other_].size(), 0U);
}

TEST_F(SolrAdminTest, CoresAreMadeReloadedAndUnloaded) {
  EXPECT_EQ(admin_.create(other_, {.config_set = "_default"})["core"].text(), other_);
  try {
    (void)admin_.create(other_, {.config_set = "_default"});
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("already exists"));
    EXPECT_EQ(error.native_code(), "500");
  }
  EXPECT_EQ(admin_.reload(other_).status(), 0);
  EXPECT_EQ(admin_.unload(other_, {.delete_instance_dir = true}).status(), 0);
  EXPECT_EQ(admin_.status(other_)["status"][other_].size(), 0U);
}

TEST_F(SolrAdminTest, CoresThatAreNotThereAreNamed) {
  const std::function<void()> actions[] = {
      [&] { (void)admin_.reload("none"); }, [&] { (void)admin_.swap(core_, "none"); },
      [&] { (void)admin_.swap("none", core_); }, [&] { (void)admin_.unload("none"); }};
  for (const auto& action : actions) {
    try {
      action();
      ADD_FAILURE() << "nothing was thrown";
    } catch (const SyntaxError& error) {
      EXPECT_THAT(error.what(), HasSubstr("none"));
      EXPECT_EQ(error.native_code(), "400");
    }
  }
  EXPECT_EQ(admin_.rename("none", "another").status(), 0);
}

TEST_F(SolrAdminTest, CoresAreRenamedAndSwapped) {
  (void)admin_.create(other_, {.config_set = "_default"});
  client_.add(Document().set("id", "here"), {.commit = true});
  (void)admin_.swap(core_, other_);
  EXPECT_EQ(client_.search(Query()).found(), 0);
  (void)admin_.swap(core_, other_);
  EXPECT_EQ(client_.search(Query()).found(), 1);
  (void)admin_.rename(other_, other_ + "_renamed");
  EXPECT_EQ(admin_.status(other_)["status"][other_].size(), 0U);
  EXPECT_EQ(admin_.unload(other_ + "_renamed", {.delete_instance_dir = true}).status(), 0);
}

// Of the core that has its configuration for itself: the others have one together, and would meet it half written.
TEST_F(SolrAdminTest, SchemaIsReadAndGetsAField) {
  const Schema schema(shared_);
  const std::string added = "added_by_" + core_;
  EXPECT_EQ(schema.unique_key(), "id");
  const auto find = [](const std::vector<SchemaField>& fields, std::string_view name) {
    return std::ranges::find(fields, name, &SchemaField::name);
  };
  const auto fields = schema.fields();
  const auto title = find(fields, "title");
  ASSERT_NE(title, fields.end());
  EXPECT_EQ(title->type, "text_general");
  EXPECT_TRUE(title->multi_valued);
  const auto dynamic = schema.dynamic_fields();
  EXPECT_NE(find(dynamic, "*_s"), dynamic.end());
  EXPECT_EQ(find(fields, added), fields.end());
  schema.add_field({.name = added, .type = "pint"});
  shared_.add(Document().set("id", core_).set(added, 7), {.commit = true});
  EXPECT_EQ(shared_.search(Query(term(added, 7))).found(), 1);
  EXPECT_THROW(schema.add_field({.name = added, .type = "pint"}), SyntaxError);
  EXPECT_THROW(schema.add_field({.name = "other", .type = "notype"}), SyntaxError);
}

}  // namespace
}  // namespace core_lib::solr
