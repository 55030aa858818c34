// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/error_message.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace core_lib {
namespace {

enum class Color : signed char { none = -1, red = 3 };

TEST(ErrorMessageTest, ArgumentsOfEveryKindStandInPlaceOfTheBraces) {
  const std::string text = "b";
  EXPECT_EQ(ErrorMessage("{}-{}-{}-{}-{}-{}", "a", text, std::string_view("c"), 'd', true, false).text(),
            "a-b-c-d-true-false");
  EXPECT_EQ(ErrorMessage("{} {} {} {}", 1, -2L, std::uint8_t{3}, 4.5).text(), "1 -2 3 4.5");
  EXPECT_EQ(ErrorMessage("{} {}", Color::red, Color::none).text(), "3 -1");
  EXPECT_EQ(ErrorMessage("{}", std::numeric_limits<std::int64_t>::min()).text(), "-9223372036854775808");
  EXPECT_EQ(ErrorMessage("{}", std::numeric_limits<std::uint64_t>::max()).text(), "18446744073709551615");
}

TEST(ErrorMessageTest, NullTextIsNamedSo) {
  const char* null = nullptr;
  EXPECT_EQ(ErrorMessage("user {}", null).text(), "user null");
}

TEST(ErrorMessageTest, TemplateThatDoesNotFitItsArgumentsStillSaysAll) {
  EXPECT_EQ(ErrorMessage("user").text(), "user");
  EXPECT_EQ(ErrorMessage("user {} of {}", 7).text(), "user 7 of {}");
  EXPECT_EQ(ErrorMessage("user {}", 7, "x", 8).text(), "user 7 (x, 8)");
  EXPECT_EQ(ErrorMessage("user", 7).text(), "user (7)");
  EXPECT_EQ(ErrorMessage("user {", 7).text(), "user { (7)");
  EXPECT_EQ(ErrorMessage("user } {0} {id} {}", 7).text(), "user } {0} {id} 7");
  EXPECT_EQ(ErrorMessage("{}", "{}").text(), "{}");
  EXPECT_EQ(ErrorMessage("", 7).text(), " (7)");
}

struct StripCase {
  std::string_view argument;
  std::string_view expected;
};

TEST(ErrorMessageTest, ControlCharactersOfArgumentsAreDropped) {
  using namespace std::string_view_literals;
  const StripCase cases[] = {
      {"a\r\nERROR forged"sv, "aERROR forged"sv},
      {"a\x00z\t\x1b[31m\x7f"sv, "az[31m"sv},
      {"a\xC2\x85z\xC2\x9F"sv, "az"sv},              // NEL and the last of C1
      {"\xE2\x80\xA8z\xE2\x80\xA9"sv, "z"sv},        // line and paragraph separator
      {"\xC2\xA0\xC3\x85"sv, "\xC2\xA0\xC3\x85"sv},  // no-break space and a letter stay
      {"\xE2\x80\x94"sv, "\xE2\x80\x94"sv},          // and so does a dash
      {"\xC2"sv, "\xC2"sv},                          // a character cut in half
      {"\xE2\x80"sv, "\xE2\x80"sv},
  };
  for (const StripCase& each : cases) {
    EXPECT_EQ(ErrorMessage("{}", each.argument).text(), each.expected) << each.expected;
  }
}

TEST(ErrorMessageTest, LineEndsOfTheTemplateStay) { EXPECT_EQ(ErrorMessage("a\n{}", 'b').text(), "a\nb"); }

TEST(ErrorMessageTest, LongTextIsCutBetweenCharacters) {
  EXPECT_EQ(ErrorMessage("{}", std::string(200, 'x')).text(), std::string(200, 'x'));
  EXPECT_EQ(ErrorMessage("{}", std::string(201, 'x')).text(), std::string(200, 'x') + "...");
  const std::string cut_in_a_letter = std::string(199, 'x') + "\xC3\x85";
  EXPECT_EQ(ErrorMessage("{}", cut_in_a_letter).text(), std::string(199, 'x') + "...");
}

TEST(ErrorMessageTest, LocationIsWhereItIsWritten) {
  const auto line = static_cast<unsigned>(__LINE__) + 1;
  const ErrorMessage message("user {}", 7);
  EXPECT_EQ(message.location().line(), line);
}

}  // namespace
}  // namespace core_lib
