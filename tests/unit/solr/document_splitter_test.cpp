// SPDX-License-Identifier: Apache-2.0
#include "solr/document_splitter.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/list_codec.hpp"

namespace core_lib::solr {
namespace {

struct Offer {
  std::string id;
  std::optional<std::chrono::sys_seconds> when;
  std::vector<std::string> tags;
  std::optional<double> price;
  std::optional<std::int32_t> n;

  friend bool operator==(const Offer&, const Offer&) = default;
};
struct Fault {
  std::string EXCEPTION;
};

using namespace std::string_literals;

// As Solr 9.10 writes them: texts after e0 are met again by their number.
const std::string of_export =
    "\x02\x11\xe0\x2eresponseHeader\x0a\x01\xe0\x26status\x06\0\0\0\0\xe0\x28response\x11"
    "\xe0\x28numFound\x43\xe0\x24"
    "docs\x0e"s;
const std::string exported = of_export +
                             "\x11\xe0\x22id\x21"
                             "1\xe0\x24when\x09\0\0\x01\x8c\xc2\x51\xf4\0\xe0\x24tags\x82\x21x\x24\xe2\x98\x83z\x0f"
                             "\x11\xe6\x21"
                             "2\xe0\x25price\x08\x41\x49\x70\xa4\x0f"
                             "\x11\x0f"
                             "\x0f\x0f\x0f"s;
const std::string of_select =
    "\x02\xa3\xe0\x2eresponseHeader\xa2\xe0\x26status\x06\0\0\0\0\xe0\x25QTime\x42"
    "\xe0\x28response\x0c\x84\x62\x60\0\x01"s;
const std::string selected = of_select +
                             "\x82\x0b\xa2\xe0\x22id\x21"
                             "1\xe0\x21n\x06\xff\xff\xff\xf9"
                             "\x0b\xa3\xe5\x21"
                             "2\xe6\x43\x0b\xa1\xe5\x22"
                             "2c"s;
constexpr std::string_view exported_json = R"({"id":"1","when":"2024-01-01T00:00:00Z","tags":["x","☃z"]}
{"id":"2","price":12.59}
{}
)";
constexpr std::string_view selected_json = R"({"id":"1","n":-7}
{"id":"2","n":3,"_childDocuments_":[{"id":"2c"}]}
)";

/// Of parts of that size, or two parts where the first has another.
std::string documents_of(std::string_view answer, std::size_t first, std::size_t part, bool exports = true) {
  std::string all;
  const std::function<void(Value)> receive = [&](Value document) { all += document.json() + "\n"; };
  detail::DocumentSplitter splitter(receive, exports);
  for (std::size_t size = first; !answer.empty(); size = part) {
    // A copy of its own, so that reading behind it shows.
    splitter.take(std::string(answer.substr(0, size)));
    answer.remove_prefix(std::min(size, answer.size()));
  }
  splitter.finish();
  return all;
}

std::string documents_of(std::string_view answer, bool exports = true) {
  return documents_of(answer, answer.size(), answer.size(), exports);
}

std::string failure_of(std::string_view answer, bool exports = true) {
  try {
    (void)documents_of(answer, exports);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

/// An export of two documents, each with an id and a field of that name and value.
std::string of_value(std::string_view name, std::string_view value) {
  std::string answer = of_export;
  for (int document = 0; document < 2; ++document) {
    answer += "\x11\x22id\x21";
    answer += static_cast<char>('1' + document);
    answer += static_cast<char>(0x20 + name.size());
    answer.append(name).append(value) += '\x0f';
  }
  return answer + "\x0f\x0f\x0f";
}

TEST(DocumentSplitterTest, JavabinGivesTheSameDocumentsWhereverItIsCut) {
  const std::string rest =
      "\xe0\x2c"
      "facet_counts\xa0"s;
  const std::pair<std::string, std::string_view> answers[] = {
      {exported, exported_json}, {selected, selected_json}, {selected + rest, selected_json}};
  for (const auto& [answer, expected] : answers) {
    for (std::size_t cut = 1; cut <= answer.size(); ++cut) {
      SCOPED_TRACE(cut);
      ASSERT_EQ(documents_of(answer, cut, answer.size()), expected);
      ASSERT_EQ(documents_of(answer, cut, cut), expected);
    }
  }
}

TEST(DocumentSplitterTest, TruncatedJavabinIsAnErrorAtEveryByte) {
  const std::size_t end = exported.size() - 2;  // the documents are all there then
  for (std::size_t size = 0; size < end; ++size) {
    EXPECT_THROW((void)documents_of(exported.substr(0, size)), Error) << size;
    EXPECT_THROW((void)documents_of(exported.substr(0, size), 1, 1), Error) << size;
  }
  for (std::size_t size = 0; size < selected.size(); ++size) {
    EXPECT_THROW((void)documents_of(selected.substr(0, size)), Error) << size;
  }
  EXPECT_EQ(failure_of(exported.substr(0, end - 1)), "Solr's answer ended early");
}

TEST(DocumentSplitterTest, JavabinOfManyPartsKeepsItsNames) {
  std::string answer = of_export +
                       "\x11\xe0\x22id\x21"
                       "1\xe0\x24text\x21x\x0f"s;
  std::string expected = "{\"id\":\"1\",\"text\":\"x\"}\n";
  const std::string text(300, 'y');
  for (int row = 0; row < 2'000; ++row) {
    answer +=
        "\x11\xe6\x21"
        "2\xe7\x3f\x8d\x02"s +
        text + "\x0f";
    expected += R"({"id":"2","text":")" + text + "\"}\n";
  }
  answer += "\x0f\x0f\x0f";
  for (const std::size_t part : {1'000U, 16'384U, 70'001U}) {
    EXPECT_TRUE(documents_of(answer, part, part) == expected) << part;
  }
}

TEST(DocumentSplitterTest, ADocumentMayBeLongButNotTooLong) {
  const std::string begin = of_export + "\x11\xe0\x21t"s;
  const std::string document = begin + "\x3f\xe1\xff\x3f"s + std::string((1U << 20U), 'x') + "\x0f\x0f\x0f\x0f";
  EXPECT_EQ(documents_of(document, 16'384, 16'384).size(), (1U << 20U) + sizeof("{\"t\":\"\"}"));
  const std::string text = "\x3f\xe1\xff\x3f" + std::string(1U << 20U, 'x');
  const std::function<void(Value)> receive = [](Value) {};
  detail::DocumentSplitter splitter(receive, true);
  const auto take_all = [&] {
    splitter.take(begin + "\x0e");
    for (int i = 0; i < 70; ++i) splitter.take(text);
  };
  EXPECT_THROW(take_all(), Error);
  EXPECT_THROW((void)documents_of(begin + "\x3f\xe1\xff\xff\x7f"s), Error);
}

TEST(DocumentSplitterTest, JavabinThatIsMalformedIsAnError) {
  const std::string malformed = "cannot read an answer of Solr: it is no javabin of version 2";
  const std::string unlike[] = {
      "\x02\x41",                       // a number
      of_export + "\x0b\xa1\xef\x41"s,  // a text that was not there before
      of_export + "\x14",
      of_export + "\x11\xe0\x22" + "id\x21\xff\x0f",  // no UTF-8
      of_export + "\x9f\xff\xff\xff\xff\x7f"s,        // more than there may be
      of_export + std::string(1'000, '\x0e'),         // too deep
      of_export + std::string(1'000, '\x81'),
      of_export + std::string(1'000'000, '\x12'),
      "\x02\xa1\xe0\x28response\x0c\x41\x80"s,
  };
  for (const std::string& answer : unlike) EXPECT_EQ(failure_of(answer), malformed) << testing::PrintToString(answer);
}

TEST(DocumentSplitterTest, JavabinWithoutDocumentsIsAnError) {
  const std::string stranger = "the answer has no documents; is it Solr's?";
  for (const std::string& answer : {"\x02\xa0"s, "\x02"s, "\x02\xa1\xe0\x28response\xa0"s,
                                    "\x02\xa1\x3f\xe1\x1f"s + std::string(4096, 'x') + "\x41"}) {
    EXPECT_EQ(failure_of(answer), stranger) << testing::PrintToString(answer.substr(0, 30));
  }
  EXPECT_EQ(failure_of("\x02\xa1\xe0\x27grouped\xa1\xe0\x22id\xa0"s),
            "Solr's answer has no documents, or has them in groups");
  EXPECT_EQ(failure_of("<html>"), stranger);
  EXPECT_EQ(failure_of(""), stranger);
}

TEST(DocumentSplitterTest, PartialJavabinIsDeadlineExceeded) {
  for (const std::string& mark : {"\x01"s, "\x27omitted"s, "\xe0\x27omitted"s}) {
    const std::string header = "\x02\xa1\xe0\x2eresponseHeader\xa1\xe0\x2epartialResults"s;
    EXPECT_THROW((void)documents_of(header + mark), DeadlineExceeded);
    EXPECT_THROW((void)documents_of(header + mark, 1, 1), DeadlineExceeded);
  }
}

TEST(DocumentSplitterTest, FailureInADocumentOfAnExportIsAnError) {
  const std::string failed =
      "\x11\xe0\x29"
      "EXCEPTION\x24"
      "oops\x0f"s;
  const std::string one =
      "\x11\xe0\x22id\x21"
      "1\x0f";
  EXPECT_EQ(failure_of(of_export + failed + "\x0f\x0f\x0f"), "Solr refuses the export: oops");
  EXPECT_THROW((void)documents_of(of_export + failed + "\x0f\x0f\x0f"), SyntaxError);
  EXPECT_EQ(failure_of(of_export + one + failed + "\x0f\x0f\x0f"), "Solr broke off the export: oops");
  EXPECT_EQ(documents_of(of_export + failed + "\x0f\x0f\x0f", false), "{\"EXCEPTION\":\"oops\"}\n");
  EXPECT_EQ(documents_of(of_value("EXCEPTION", "\x41")),
            "{\"id\":\"1\",\"EXCEPTION\":1}\n{\"id\":\"2\",\"EXCEPTION\":1}\n");
  const std::string number = "\x11\x29"s + "EXCEPTION\x41\x0f";
  EXPECT_EQ(documents_of(of_export + number + "\x0f\x0f\x0f"), "{\"EXCEPTION\":1}\n");
}

/// Of parts of that size, the documents read straight into structs, or by way of Values.
template <class T>
std::vector<T> structs_of(std::string_view answer, std::size_t part, bool straight) {
  std::vector<T> all;
  T entity{};
  const detail::EntitySink sink{mapping::fields_of<T>(),
                                [&] {
                                  entity = {};
                                  return &entity;
                                },
                                [&] { all.push_back(entity); }};
  std::size_t hint = 0;
  const std::function<void(Value)> receive = [&](Value document) {
    document.decode(sink.fields, sink.begin(), hint);
    sink.end();
  };
  detail::DocumentSplitter splitter(receive, true, straight ? &sink : nullptr);
  for (; !answer.empty(); answer.remove_prefix(std::min(part, answer.size()))) {
    splitter.take(std::string(answer.substr(0, part)));
  }
  splitter.finish();
  EXPECT_EQ(splitter.count(), all.size());
  return all;
}

TEST(DocumentSplitterTest, DocumentsReadStraightIntoStructsAreThoseReadAsValues) {
  const std::string strange = of_export +
                              "\x11\xe0\x25other\x82\x21x\x41\xe0\x22id\x21"
                              "1\xe0\x21n\x41\x0f"
                              "\x11\xe7\x21"
                              "2\xe8\x06\xff\xff\xff\xf9\xe6\x41\xe0\x24tags\x21x\xe0\x25price\x41\x0f"
                              "\xa2\xe7\xe0\x21t\xe8\x00"
                              "\x0a\x01\xe7\x81\x21y"
                              "\x11\xe7\x21"
                              "5\xea\x05\x3f\xf0\0\0\0\0\0\0\xea\x23NaN\x0f"
                              "\x0f\x0f\x0f"s;
  for (const std::string& answer : {exported, strange}) {
    const std::vector<Offer> expected = structs_of<Offer>(answer, answer.size(), false);
    EXPECT_GE(expected.size(), 3U);
    for (std::size_t part = 1; part <= answer.size(); ++part) {
      const std::vector<Offer> straight = structs_of<Offer>(answer, part, true);
      ASSERT_EQ(straight.size(), expected.size()) << part;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(straight[i].id, expected[i].id) << part;
        EXPECT_EQ(straight[i].when, expected[i].when) << part;
        EXPECT_EQ(straight[i].tags, expected[i].tags) << part;
        EXPECT_EQ(straight[i].n, expected[i].n) << part;
        // NaN is not even itself.
        const bool is_nan = std::isnan(expected[i].price.value_or(0));
        EXPECT_EQ(std::isnan(straight[i].price.value_or(0)), is_nan) << part;
        EXPECT_TRUE(is_nan || straight[i].price == expected[i].price) << part;
      }
    }
  }
  const std::vector<Offer> offers = structs_of<Offer>(exported, 7, true);
  EXPECT_EQ(offers.at(0).tags, (std::vector<std::string>{"x", "☃z"}));
  EXPECT_EQ(offers.at(1).price, 12.59);
  EXPECT_EQ(offers.at(2), Offer{});
}

TEST(DocumentSplitterTest, AValueThatDoesNotFitTheStructIsAnErrorThatNamesTheField) {
  const std::pair<std::string_view, std::string> values[] = {
      {"n", "\x07\0\0\x01\0\0\0\0\0"s}, {"n", "\x21x"}, {"tags", "\xa0"}, {"price", "\x82\x41\x42"}, {"id", "\x41"}};
  for (const auto& [name, value] : values) {
    for (const bool straight : {false, true}) {
      try {
        (void)structs_of<Offer>(of_value(name, value), 1'000, straight);
        ADD_FAILURE() << name;
      } catch (const ConversionError& error) {
        EXPECT_NE(std::string_view(error.what()).find("field '" + std::string(name) + "'"), std::string_view::npos)
            << error.what();
      }
    }
  }
}

TEST(DocumentSplitterTest, AFailureIsNoStruct) {
  const std::string failed =
      "\x11\xe0\x29"
      "EXCEPTION\x24"
      "oops\x0f"s;
  EXPECT_THROW((void)structs_of<Offer>(of_export + failed + "\x0f\x0f\x0f", 1, true), SyntaxError);
  EXPECT_THROW((void)structs_of<Fault>(of_export + failed + "\x0f\x0f\x0f", 1, true), SyntaxError);
}

TEST(DocumentSplitterTest, WhatTheReceiverThrowsReachesTheCaller) {
  for (const std::string& answer : {exported, R"({"response":{"docs":[{"id":"1"}]}})"s}) {
    const std::function<void(Value)> receive = [](Value) { throw NotFoundError("enough"); };
    detail::DocumentSplitter splitter(receive, true);
    const auto read = [&] {
      splitter.take(answer);
      splitter.finish();
    };
    EXPECT_THROW(read(), NotFoundError);
  }
}

}  // namespace
}  // namespace core_lib::solr
