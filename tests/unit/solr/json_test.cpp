// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/uuid.hpp"
#include "core_lib/solr/json_writer.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/json/tree.hpp"

namespace core_lib::solr {
namespace {

using detail::Tree;

Reply parse(std::string json) { return Reply(Tree::parse_json(std::move(json), "the answer")); }

TEST(JsonWriterTest, SetsCommasAndLetsKeysRepeat) {
  std::string out;
  JsonWriter writer(out);
  writer.begin_object()
      .key("add")
      .begin_object()
      .key("doc")
      .begin_object()
      .key("id")
      .text("1")
      .end_object()
      .end_object();
  writer.key("add").begin_array().integer(-7).real(1.5).boolean(true).null().end_array();
  writer.key("e").begin_object().end_object().written_key("\"k\":").written("[]").end_object();
  EXPECT_EQ(out, R"({"add":{"doc":{"id":"1"}},"add":[-7,1.5,true,null],"e":{},"k":[]})");
}

TEST(JsonWriterTest, EscapesWhatJsonAsksFor) {
  const std::pair<std::string, std::string> texts[] = {
      {"", R"("")"},
      {"plain text of some length", R"("plain text of some length")"},
      {"a\"b\\c", R"("a\"b\\c")"},
      {std::string("\0\x01\x1f", 3), R"("\u0000\u0001\u001f")"},
      {"line\r\n\ttab", R"("line\r\n\ttab")"},
      {"snow ☃ and \x7f", "\"snow ☃ and \x7f\""},
      {"</script>", R"("</script>")"},
  };
  for (const auto& [text, expected] : texts) {
    std::string out;
    JsonWriter(out).text(text);
    EXPECT_EQ(out, expected);
  }
}

TEST(JsonWriterTest, EveryByteAtEveryPlaceIsReadBackAsItWas) {
  for (int byte = 0; byte < 0x80; ++byte) {
    for (std::size_t at = 0; at < 18; ++at) {
      std::string text(18, 'x');
      text[at] = static_cast<char>(byte);
      std::string out;
      JsonWriter(out).begin_array().text(text).end_array();
      EXPECT_EQ(parse(out).root()[0].text(), text);
    }
  }
}

TEST(JsonWriterTest, ARealIsNeverWrittenAsAWholeNumber) {
  const std::pair<double, std::string> reals[] = {
      {5, "5.0"}, {0, "0.0"}, {-0.0, "-0.0"}, {-1.25, "-1.25"}, {1e22, "1e+22"}, {0.1, "0.1"}, {5e-324, "5e-324"},
  };
  for (const auto& [real, expected] : reals) {
    std::string out;
    JsonWriter(out).begin_array().real(real).end_array();
    EXPECT_EQ(out, "[" + expected + "]");
    const double back = parse(out).root()[0].real();
    EXPECT_EQ(back, real);
    EXPECT_EQ(std::signbit(back), std::signbit(real));
  }
}

std::string written(double real) {
  std::string out;
  JsonWriter(out).real(real);
  return out;
}

TEST(JsonWriterTest, ARealHasItsDigitsAndNoOthers) {
  EXPECT_EQ(written(-0.125), "-0.125");
  EXPECT_EQ(written(0.05), "0.05");
  EXPECT_EQ(written(100'000), "100000.0");
  EXPECT_EQ(written(999'999'999'999.999), "999999999999.999");
  EXPECT_EQ(written(std::nextafter(0.3, 1)), "0.30000000000000004");
  EXPECT_EQ(written(1e12), "1e+12");
  EXPECT_EQ(written(-123'456.7891), "-123456.7891");
  for (int i = -3'000; i < 3'000'000; i += 7) {
    const double real = i / 1000.0;
    char digits[32];
    const std::string shortest(digits, std::to_chars(std::begin(digits), std::end(digits), real).ptr);
    if (shortest.find('e') != std::string::npos) continue;  // 1e-03 for 0.001
    ASSERT_EQ(written(real), shortest + (shortest.find('.') == std::string::npos ? ".0" : ""));
  }
}

TEST(JsonWriterTest, RefusesWhatJsonCannotHold) {
  std::string out;
  JsonWriter writer(out);
  EXPECT_THROW(writer.text("\xff"), ConversionError);
  EXPECT_THROW(writer.text("12345678\xc3"), ConversionError);
  EXPECT_THROW(writer.key("\xed\xa0\x80"), ConversionError);
  EXPECT_THROW(writer.real(std::numeric_limits<double>::quiet_NaN()), ConversionError);
  EXPECT_THROW(writer.real(std::numeric_limits<double>::infinity()), ConversionError);
}

TEST(JsonReaderTest, ReadsEveryKind) {
  const Reply reply = parse(
      R"({"i":-9223372036854775808,"u":18446744073709551615,"d":1.5e3,"t":true,"n":null,"s":"a\u00e9\n","a":[1,[2],{}],"o":{"x":{"y":"z"}}})");
  EXPECT_EQ(reply["i"].integer(), std::numeric_limits<std::int64_t>::min());
  EXPECT_DOUBLE_EQ(reply["u"].real(), 18446744073709551615.0);
  EXPECT_DOUBLE_EQ(reply["d"].real(), 1500);
  EXPECT_TRUE(reply["t"].boolean());
  EXPECT_TRUE(reply["n"].is_null());
  EXPECT_TRUE(reply["n"].exists());
  EXPECT_EQ(reply["s"].text(), "aé\n");
  EXPECT_EQ(reply["a"].size(), 3U);
  EXPECT_EQ(reply["a"][1][0].integer(), 2);
  EXPECT_EQ(reply["o"]["x"]["y"].text(), "z");
  EXPECT_FALSE(reply["o"]["no"]["such"][7].exists());
}

TEST(JsonReaderTest, KeysRepeatAndKeepTheirOrder) {
  const Reply reply = parse(R"({"b":1,"a":2,"b":3})");
  std::string seen;
  for (const Value value : reply.root()) seen += std::string(value.key()) + std::to_string(value.integer());
  EXPECT_EQ(seen, "b1a2b3");
  EXPECT_EQ(reply["b"].integer(), 1);
}

TEST(JsonReaderTest, CopiesKeepTheTextAlive) {
  Reply reply = parse(R"(["short"])");
  const Reply copy = reply;
  reply = parse("[]");
  EXPECT_EQ(copy.root()[0].text(), "short");
}

TEST(JsonReaderTest, WrongKindsAreNamedWithoutTheValue) {
  const Reply reply = parse(R"({"name":"secret"})");
  try {
    (void)reply["name"].integer();
    FAIL() << "nothing was thrown";
  } catch (const ConversionError& error) {
    EXPECT_STREQ(error.what(), "'name' of the answer is text, not integer");
  }
  EXPECT_THROW((void)reply["none"].text(), ConversionError);
  EXPECT_EQ(reply["none"].text_or("x"), "x");
  EXPECT_DOUBLE_EQ(parse(R"(["-Infinity"])").root()[0].real(), -std::numeric_limits<double>::infinity());
}

TEST(JsonReaderTest, RefusesWhatIsNoJsonInOneSentence) {
  const std::pair<std::string, std::string> inputs[] = {
      {"", "it is no valid JSON, or was cut short"},
      {"<html>", "it is no valid JSON, or was cut short"},
      {R"({"a":1)", "it is no valid JSON, or was cut short"},
      {R"({"a":"b)", "it is no valid JSON, or was cut short"},
      {R"({"a":[1,2)", "it is no valid JSON, or was cut short"},
      {R"({"a":1}})", "it is no valid JSON, or was cut short"},
      {R"({"a":1} x)", "it is no valid JSON, or was cut short"},
      {R"({"a":truth})", "it is no valid JSON, or was cut short"},
      {R"({"a":01})", "it holds a number that is none, or an integer of more than 64 bits"},
      {R"({"a":18446744073709551616})", "it holds a number that is none, or an integer of more than 64 bits"},
      {R"({"a":"\x"})", "it is no valid JSON, or was cut short"},
      {"\"text\"", "it is no valid JSON, or was cut short"},
      {"{\"a\":\"\xff\"}", "it is no valid UTF-8"},
      {std::string(1000, '[') + std::string(1000, ']'), "it is nested too deeply"},
  };
  for (const auto& [json, why] : inputs) {
    try {
      (void)parse(json);
      ADD_FAILURE() << "accepted: " << json;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), "cannot read the answer: " + why) << json;
      EXPECT_EQ(error.status_code(), 502);
    }
  }
}

TEST(JsonReaderTest, EveryCutOfAnAnswerIsRefused) {
  const std::string whole = R"({"responseHeader":{"status":0},"response":{"docs":[{"id":"1","n":[1.5,true,null]}]}})";
  EXPECT_EQ(parse(whole)["response"]["docs"][0]["id"].text(), "1");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_THROW((void)parse(whole.substr(0, size)), Error) << size;
  }
}

TEST(JsonReaderTest, JsonOfAValueReadsTheSameAgain) {
  const std::string json = R"({"a":[1,2.5,"x\"y",null,true],"b":{"c":{}},"a":[]})";
  EXPECT_EQ(parse(json).root().json(), json);
}

struct Account {
  std::int64_t id{};
  std::string name{};
  std::optional<double> balance{};
  bool active = true;
};

TEST(JsonReaderTest, StructsAreReadByName) {
  const Reply reply = parse(R"([{"active":false,"name":["Ann"],"extra":{"x":1},"id":7,"balance":2},{"id":8}])");
  const auto first = reply.root()[0].as<Account>();
  EXPECT_EQ(first.id, 7);
  EXPECT_EQ(first.name, "Ann");
  EXPECT_EQ(first.balance, 2.0);
  EXPECT_FALSE(first.active);
  const auto second = reply.root()[1].as<Account>();
  EXPECT_EQ(second.id, 8);
  EXPECT_EQ(second.balance, std::nullopt);
  EXPECT_TRUE(second.active);
}

struct SimilarNames {
  std::int64_t a1{};
  std::int64_t a2{};
  std::int64_t a_one_b{};
  std::int64_t a_two_b{};
  std::int64_t number_of_ones{};
  std::int64_t number_in_ones{};
  std::int64_t a_name_of_some_length_1{};
  std::int64_t a_name_of_some_length_2{};
};

TEST(JsonReaderTest, StructsTellSimilarNamesApart) {
  std::string json = "{";
  for (const mapping::Field& field : mapping::fields_of<SimilarNames>() | std::views::reverse) {
    json += "\"" + std::string(field.name) + "\":" + std::to_string(field.offset) + ",";
  }
  const auto read = parse(json + R"("a3":1,"a_ons_b":1,"number_on_ones":1})").root().as<SimilarNames>();
  const std::int64_t values[] = {read.a1,
                                 read.a2,
                                 read.a_one_b,
                                 read.a_two_b,
                                 read.number_of_ones,
                                 read.number_in_ones,
                                 read.a_name_of_some_length_1,
                                 read.a_name_of_some_length_2};
  std::int64_t offset = 0;
  for (const std::int64_t value : values) EXPECT_EQ(value, std::exchange(offset, offset + 8));
}

struct TaggedDocument {
  std::vector<std::string> tags;
  std::vector<Uuid> uuids;
  std::vector<std::chrono::sys_days> days;
};

TEST(JsonReaderTest, FieldsOfManyValuesAreLists) {
  const std::string uuid = "ffffffff-89ab-cdef-0123-456789abcdef";
  const Reply reply = parse(R"([{"tags":["a",""],"uuids":[")" + uuid + R"("],"days":["2024-02-29T00:00:00Z"]},)" +
                            R"({"tags":"alone","uuids":null},{}])");
  const auto first = reply.root()[0].as<TaggedDocument>();
  EXPECT_EQ(first.tags, (std::vector<std::string>{"a", ""}));
  EXPECT_EQ(first.uuids, std::vector<Uuid>{Uuid::parse(uuid)});
  EXPECT_EQ(first.days, std::vector<std::chrono::sys_days>{std::chrono::year(2024) / 2 / 29});
  EXPECT_EQ(reply.root()[1].as<TaggedDocument>().tags, std::vector<std::string>{"alone"});
  EXPECT_TRUE(reply.root()[1].as<TaggedDocument>().uuids.empty());
  EXPECT_TRUE(reply.root()[2].as<TaggedDocument>().tags.empty());
  for (const char* bad : {R"({"tags":[1]})", R"({"uuids":["x"]})", R"({"days":[{}]})"}) {
    EXPECT_THROW((void)parse(bad).root().as<TaggedDocument>(), ConversionError) << bad;
  }
}

TEST(JsonReaderTest, FieldThatDoesNotFitIsNamed) {
  for (const char* json : {R"({"id":"7"})", R"({"id":[1,2]})", R"({"id":{}})", R"({"id":1.5})", R"({"id":null})"}) {
    try {
      (void)parse(json).root().as<Account>();
      ADD_FAILURE() << "accepted: " << json;
    } catch (const ConversionError& error) {
      EXPECT_THAT(error.what(), testing::StartsWith("field 'id': ")) << json;
    }
  }
}

}  // namespace
}  // namespace core_lib::solr
