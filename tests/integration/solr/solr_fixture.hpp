// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/client.hpp"
#include "core_lib/solr/core_admin.hpp"

#include "support/service.hpp"

namespace core_lib::solr {

/// Each test has a core of its own, so that tests run beside each other.
class SolrTest : public testing::Test {
 protected:
  SolrTest() { (void)CoreAdmin(shared_).create(core_, {.config_set = "_default"}); }
  ~SolrTest() override {
    try {
      (void)CoreAdmin(shared_).unload(core_,
                                      {.delete_index = true, .delete_data_dir = true, .delete_instance_dir = true});
    } catch (const Error& error) {
      ADD_FAILURE() << error.what();
    }
  }

  [[nodiscard]] ClientOptions options() const { return {.urls = {url_}}; }

  const support::Service service_{"solr"};
  const std::string core_ = "test_" + std::to_string(getpid());
  const std::string node_ = service_["url"].substr(0, service_["url"].rfind('/'));
  const std::string url_ = node_ + "/" + core_;
  const Client shared_{ClientOptions{.urls = {service_["url"]}}};
  const Client client_{options()};
};

/// The documents that most tests ask for.
class SolrSearchTest : public SolrTest {
 protected:
  SolrSearchTest() {
    const auto make = [](const char* id, const char* title, double price, int popularity) {
      Document document;
      document.set("id", id).set("title", title).set("price", price).set("popularity", popularity);
      return document;
    };
    const auto child = [](const char* id, const char* type, const char* name, int pages) {
      Document document;
      document.set("id", id).set("type_s", type).set("name_t", name).set("pages_i", pages);
      return document;
    };
    std::vector<Document> documents{make("doc_1", "Example doc 1", 12.59, 10),
                                    make("doc_2", "Another example ☃ doc 2", 13.69, 7),
                                    make("doc_3", "Another thing", 2.35, 8), make("doc_4", "doc rock", 99.99, 10),
                                    make("doc_5", "Boring", 1.12, 2)};
    Document parent_1;
    parent_1.set("id", "parentdoc_1").set("type_s", "parent").set("name_t", "parent no. 1");
    parent_1.add_child(child("childdoc_1", "child", "a small child", 1));
    parent_1.add_child(child("childdoc_2", "child", "another small child", 2));
    Document parent_2;
    parent_2.set("id", "parentdoc_2").set("type_s", "parent").set("name_t", "parent no. 2");
    Document child_3 = child("childdoc_3", "child", "a child with a child", 3);
    child_3.add_child(child("grandchilddoc_1", "grandchild", "a grandchild", 4));
    parent_2.add_child(child_3);
    documents.push_back(std::move(parent_1));
    documents.push_back(std::move(parent_2));
    client_.add(documents, {.commit = true});
  }

  [[nodiscard]] std::int64_t found(const Query& query) const { return client_.search(query).found(); }
  [[nodiscard]] std::int64_t found(const char* query) const { return found(Query(query)); }
};

inline std::vector<std::string> ids_of(Value documents) {
  std::vector<std::string> ids;
  for (const Value document : documents) ids.emplace_back(document["id"].text());
  return ids;
}

}  // namespace core_lib::solr
