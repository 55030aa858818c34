// SPDX-License-Identifier: Apache-2.0
// Where the parameters of an extraction stand, and that none ends its part or its header.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/client.hpp"

#include "unit/solr/scripted_transport.hpp"

namespace core_lib::solr {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class SolrExtractionTest : public testing::Test {
 protected:
  using Parts = std::vector<std::pair<std::string, std::string>>;

  /// Sends it, and gives the headers and the content of each part, as Jetty finds them: a line that begins with the
  /// boundary ends a part.
  Parts parts_of(const Extraction& extraction, const UpdateOptions& options = {}) {
    (void)client_.extract(extraction, options);
    const std::string type = last().content_type;
    const std::string end = "\r\n--" + type.substr(type.find("boundary=") + 9);
    const std::string body = "\r\n" + last().body;
    Parts parts;
    for (std::size_t at = body.find(end); body.substr(at + end.size(), 4) != "--\r\n";) {
      const std::size_t start = at + end.size() + 2;
      at = body.find(end, start);
      const std::size_t content = body.find("\r\n\r\n", start);
      parts.emplace_back(body.substr(start, content - start), body.substr(content + 4, at - content - 4));
    }
    return parts;
  }
  [[nodiscard]] Request last() const { return transport_->requests().back(); }
  static std::string field(const std::string& name) { return "Content-Disposition: form-data; name=\"" + name + "\""; }
  static std::string file(const std::string& name) {
    return field("file") + "; filename=\"" + name + "\"\r\nContent-Type: application/octet-stream";
  }
  /// The names of parameters in the address.
  [[nodiscard]] std::vector<std::string> in_address() const {
    const Request request = last();
    std::vector<std::string> names;
    for (const auto& [name, value] : request.parameters.entries()) names.push_back(name);
    return names;
  }

  const std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>(
      [](std::size_t, const Request&) { return json_response(R"({"responseHeader":{"status":0}})"); });
  const Client client_{transport_};
};

TEST_F(SolrExtractionTest, ParametersStandInTheBodyAndOptionsInTheAddress) {
  Extraction extraction{.content = "some\r\ntext", .file_name = "a.txt", .only = false};
  extraction.parameters.add("literal.id", "☃ 1").add("literal.tags", "a").add("literal.tags", "").add("wt", "json");
  EXPECT_THAT(
      parts_of(extraction, {.commit = true}),
      ElementsAre(Pair(field("literal.id"), "☃ 1"), Pair(field("literal.tags"), "a"), Pair(field("literal.tags"), ""),
                  Pair(field("resource.name"), "a.txt"), Pair(file("a.txt"), "some\r\ntext")));
  EXPECT_EQ(last().path, "update/extract");
  EXPECT_EQ(last().effect, Effect::write);
  EXPECT_THAT(in_address(), ElementsAre("wt", "commit", "indent", "json.nl", "expandMacros", "echoParams"));
}

TEST_F(SolrExtractionTest, TextAloneIsARead) {
  EXPECT_THAT(parts_of({.content = "x"}),
              ElementsAre(Pair(field("extractOnly"), "true"), Pair(field("extractFormat"), "text"),
                          Pair(field("resource.name"), "file"), Pair(file("file"), "x")));
  EXPECT_EQ(last().effect, Effect::read);
}

TEST_F(SolrExtractionTest, NameOfAFileIsWhatTikaIsTold) {
  const std::string name = "\"quoted\"\r\n☃.html";
  EXPECT_THAT(parts_of({.content = "x", .file_name = name, .only = false}),
              ElementsAre(Pair(field("resource.name"), name), Pair(file("%22quoted%22%0D%0A%E2%98%83.html"), "x")));
  Extraction told{.content = "x", .file_name = name, .only = false};
  told.parameters.add("resource.name", "own");
  EXPECT_THAT(parts_of(told), ElementsAre(Pair(field("resource.name"), "own"), testing::_));
}

TEST_F(SolrExtractionTest, NameThatCouldEndItsHeaderStandsInTheAddress) {
  for (const char* name : {"literal.a\"; filename=\"x", "literal.a\r\nContent-Type: x", "literal.a\n", "literal.a\\",
                           "literal.a\x7F", "literal.\xFF"}) {
    Extraction extraction{.content = "x", .only = false};
    extraction.parameters.add(name, "1");
    EXPECT_EQ(parts_of(extraction).size(), 2U) << name;
    EXPECT_EQ(last().parameters.get(name), "1") << name;
  }
  Extraction extraction{.content = "x", .only = false};
  extraction.parameters.add("literal.größe; x='1'", "1");
  EXPECT_EQ(parts_of(extraction)[0], Parts::value_type(field("literal.größe; x='1'"), "1"));
}

TEST_F(SolrExtractionTest, ValueWithABoundaryInItIsAValue) {
  (void)parts_of({.content = "x"});
  const std::string before = last().content_type;
  const std::string value = "1\r\n--" + before.substr(before.find('=') + 1) +
                            "\r\nContent-Disposition: form-data; name=\"literal.b\"\r\n\r\n2\r\n--core_lib-\r\n";
  Extraction extraction{.content = value, .file_name = "x", .only = false};
  extraction.parameters.add("literal.a", value);
  EXPECT_THAT(parts_of(extraction),
              ElementsAre(Pair(field("literal.a"), value), Pair(field("resource.name"), "x"), Pair(file("x"), value)));
  EXPECT_NE(last().content_type, before);
}

TEST_F(SolrExtractionTest, ValueThatIsNoUtf8IsRefused) {
  Extraction extraction{.content = "\xFF"};
  EXPECT_NO_THROW((void)client_.extract(extraction));
  extraction.parameters.add("literal.a", "secret \xFF");
  const auto sent = transport_->requests().size();
  try {
    (void)client_.extract(extraction);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const ConversionError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'literal.a' is no valid UTF-8"));
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("secret")));
  }
  EXPECT_EQ(transport_->requests().size(), sent);
}

}  // namespace
}  // namespace core_lib::solr
