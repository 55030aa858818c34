// SPDX-License-Identifier: Apache-2.0
#include "config/scalar_resolver.hpp"

#include <cmath>
#include <cstdint>

#include <gtest/gtest.h>

namespace core_lib::config {
namespace {

TEST(ScalarResolverTest, PlainWordsOfYaml) {
  for (const char* text : {"", "~", "null", "Null", "NULL"}) EXPECT_EQ(resolve_plain(text), Kind::null) << text;
  for (const char* text : {"yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE"}) {
    EXPECT_EQ(resolve_plain(text), Kind::boolean) << text;
    EXPECT_EQ(parse_bool(text), true) << text;
  }
  for (const char* text : {"no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE"}) {
    EXPECT_EQ(resolve_plain(text), Kind::boolean) << text;
    EXPECT_EQ(parse_bool(text), false) << text;
  }
  for (const char* text : {"y", "n", "Y", "N", "tRue", "nULL", "yEs", "oN", "none", "nil", "True "}) {
    EXPECT_EQ(resolve_plain(text), Kind::text) << text;
    EXPECT_EQ(parse_bool(text), std::nullopt) << text;
  }
}

TEST(ScalarResolverTest, PlainIntegers) {
  struct Case {
    const char* text;
    std::uint64_t magnitude;
    bool negative = false;
  };
  const Case cases[] = {
      {"0", 0},
      {"7", 7},
      {"+7", 7},
      {"-7", 7, true},
      {"1_000", 1000},
      {"1__0_", 10},
      {"012", 10},
      {"0_", 0},
      {"00", 0},
      {"-017", 15, true},
      {"0b101", 5},
      {"0x1F", 31},
      {"0x_f", 15},
      {"-0x10", 16, true},
      {"16:00", 960},
      {"22:22", 1342},
      {"1:2:3", 3723},
      {"-1:30", 90, true},
      {"190:20:30", 685230},
      {"18446744073709551615", UINT64_MAX},
      {"000000000000000000101010101010110", 01010101'01010110},
  };
  for (const auto& [text, magnitude, negative] : cases) {
    EXPECT_EQ(resolve_plain(text), Kind::integer) << text;
    const Integer number = parse_integer(text);
    EXPECT_EQ(number.magnitude, magnitude) << text;
    EXPECT_EQ(number.negative, negative) << text;
    EXPECT_FALSE(number.overflow) << text;
  }
}

TEST(ScalarResolverTest, IntegersThatDoNotFitAreToldApart) {
  for (const char* text : {"18446744073709551616", "99999999999999999999999", "0x10000000000000000",
                           "02000000000000000000000", "18446744073709551615:00", "99999999999999999999:30"}) {
    EXPECT_EQ(resolve_plain(text), Kind::integer) << text;
    EXPECT_TRUE(parse_integer(text).overflow) << text;
  }
}

TEST(ScalarResolverTest, PlainReals) {
  struct Case {
    const char* text;
    double value;
  };
  const Case cases[] = {
      {"1.5", 1.5},         {"1.", 1.0},           {".5", 0.5},        {"-1.5", -1.5},      {"+1.5", 1.5},
      {"1e3", 1000.0},      {"1E-3", 0.001},       {"1.5e+3", 1500.0}, {"1_000.5", 1000.5}, {"012.5", 12.5},
      {".5e+1", 5.0},       {"20:30.15", 1230.15}, {"-1:0.5", -60.5},  {"1e-999", 0.0},     {".inf", INFINITY},
      {"-.Inf", -INFINITY}, {"+.INF", INFINITY},
  };
  for (const auto& [text, value] : cases) {
    EXPECT_EQ(resolve_plain(text), Kind::real) << text;
    EXPECT_EQ(parse_real(text), value) << text;
  }
  for (const char* text : {".nan", ".NaN", ".NAN"}) {
    EXPECT_EQ(resolve_plain(text), Kind::real) << text;
    EXPECT_TRUE(std::isnan(*parse_real(text))) << text;
  }
  for (const char* text : {"1e999", "-1e999"}) EXPECT_EQ(parse_real(text), std::nullopt) << text;
}

TEST(ScalarResolverTest, TextThatLooksLikeANumber) {
  for (const char* text : {"089",     "0o17",      "0b102",   "0xg",        "0b",
                           "0x",      "1.2.3",     "0.0.0.1", "2022-01-01", "2022-01-01T10:00:00Z",
                           "8080:80", "3306:3306", "1:60",    "01:05",      "1e",
                           "1e+",     "e3",        "1,000",   "-",          "+",
                           ".",       "-.5",       "._5",     ".5e3",       "--1",
                           "1:",      "inf",       "nan",     "-.nan",      "1_e3",
                           "_1",      "12abc",     "1 2",     "5432x"}) {
    EXPECT_EQ(resolve_plain(text), Kind::text) << text;
  }
}

TEST(ScalarResolverTest, WordsOfOverrides) {
  struct Case {
    const char* text;
    Kind kind;
  };
  const Case cases[] = {
      {"null", Kind::null},     {"NULL", Kind::null},    {"nUll", Kind::null},     {"~", Kind::text},
      {"", Kind::text},         {"true", Kind::boolean}, {"FALSE", Kind::boolean}, {"tRue", Kind::boolean},
      {"yes", Kind::text},      {"on", Kind::text},      {"0", Kind::integer},     {"-12", Kind::integer},
      {"1_000", Kind::integer}, {"1__0", Kind::text},    {"1_", Kind::text},       {"010", Kind::text},
      {"0x10", Kind::text},     {"16:00", Kind::text},   {"1.5", Kind::real},      {".5", Kind::real},
      {"-.5", Kind::real},      {"1.", Kind::real},      {"1e3", Kind::real},      {"1e05", Kind::real},
      {"1e", Kind::text},       {"inf", Kind::real},     {"-INF", Kind::real},     {"nan", Kind::real},
      {".inf", Kind::text},     {"1.2.3", Kind::text},   {"01.5", Kind::text},     {".", Kind::text},
      {"-", Kind::text},        {"1.5.", Kind::text},
  };
  for (const auto& [text, kind] : cases) EXPECT_EQ(resolve_word(text), kind) << text;
  EXPECT_EQ(parse_real("inf"), INFINITY);
  EXPECT_EQ(parse_real("-.5"), -0.5);
}

TEST(ScalarResolverTest, TextConvertsToNumbersOnlyAsAWhole) {
  EXPECT_EQ(parse_decimal("0012")->magnitude, 12U);
  EXPECT_TRUE(parse_decimal("-5")->negative);
  EXPECT_TRUE(parse_decimal("18446744073709551616")->overflow);
  for (const char* text : {"", "-", "+", "1_0", "0x1", "1.0", " 1", "1 ", "--1"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_real_text("-1.5e3"), -1500.0);
  EXPECT_EQ(parse_real_text("-.5"), -0.5);
  EXPECT_EQ(parse_real_text("inf"), INFINITY);
  for (const char* text : {"", "1_0.5", "x", "1.5x", "0x1p3", "1:30.5", " 1", "infinity", "--inf"}) {
    EXPECT_EQ(parse_real_text(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace core_lib::config
