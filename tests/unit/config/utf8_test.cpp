// SPDX-License-Identifier: Apache-2.0
#include "config/utf8.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib::config {
namespace {

std::string failure(const std::string& text) {
  return config_error([&] {
    check_text(text, "f");
    return 0;
  });
}

TEST(Utf8Test, TextOfEveryLengthPasses) {
  for (const char* text :
       {"", "a\tb\r\nc", "\xC2\x85", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF",
        "\xEF\xBB\xBF"
        "a"}) {
    EXPECT_NO_THROW(check_text(text, "f")) << text;
  }
}

TEST(Utf8Test, BytesThatAreNoTextAreToldWithTheirPlace) {
  struct Case {
    const char* bytes;
    const char* kind;
  };
  const Case cases[] = {
      {"\x80", "lone continuation"},
      {"\xC3", "cut after 1 of 2"},
      {"\xE2\x82", "cut after 2 of 3"},
      {"\xF0\x9F\x98", "cut after 3 of 4"},
      {"\xC0\x80", "two bytes for one"},
      {"\xE0\x80\x80", "three bytes for one"},
      {"\xF0\x80\x80\x80", "four bytes for one"},
      {"\xED\xA0\x80", "surrogate"},
      {"\xF4\x90\x80\x80", "beyond Unicode"},
      {"\xFF", "never a byte of UTF-8"},
      {"\xC3\x41", "no continuation"},
  };
  for (const auto& [bytes, kind] : cases) {
    EXPECT_EQ(failure(std::string("a\n\xC3\xA9") + bytes + "z"), "f:2:2: not valid UTF-8") << kind;
  }
}

TEST(Utf8Test, ControlCharactersAreRefused) {
  for (const char* text : {"\x01", "\x1B", "\x7F", "\xC2\x80", "\xEF\xBF\xBE", "x\xEF\xBB\xBF"}) {
    EXPECT_THAT(failure(text), testing::HasSubstr("this control character is not allowed in YAML")) << text;
  }
  EXPECT_EQ(failure(std::string("ab\0", 3)), "f:1:3: NUL is not allowed in YAML");
}

}  // namespace
}  // namespace core_lib::config
