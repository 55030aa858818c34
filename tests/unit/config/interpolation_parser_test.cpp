// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/access.hpp"
#include "config/interpolation.hpp"
#include "config/scalar_resolver.hpp"

namespace core_lib::config {
namespace {

using testing::HasSubstr;

std::string shown(const Text& text);

std::string shown(const Literal& literal) {
  switch (literal.shape) {
    case Literal::Shape::word:
      return shown(literal.text);
    case Literal::Shape::quoted:
      return '"' + shown(literal.text) + '"';
    case Literal::Shape::list:
    case Literal::Shape::map:
      break;
  }
  const bool is_list = literal.shape == Literal::Shape::list;
  std::string result(1, is_list ? '[' : '{');
  for (std::size_t i = 0; i < literal.elements.size(); ++i) {
    if (i > 0) result += ',';
    if (!is_list) result += literal.keys[i] + ':';
    result += shown(literal.elements[i]);
  }
  return result + (is_list ? ']' : '}');
}

std::string shown(const Interpolation& interpolation) {
  if (const auto* call = std::get_if<Call>(&interpolation.what)) {
    std::string result = "<" + call->name;
    for (const Literal& argument : call->arguments) result += "|" + shown(argument);
    return result + ">";
  }
  const auto& reference = std::get<Reference>(interpolation.what);
  std::string result = "<" + std::string(reference.dots, '.');
  for (const ReferenceStep& step : reference.steps) {
    result += (step.in_brackets ? "[" : "/") + shown(step.name) + (step.in_brackets ? "]" : "");
  }
  return result + ">";
}

// Pieces with '+' between them, interpolations in angle brackets.
std::string shown(const Text& text) {
  std::string result;
  for (const Piece& piece : text.pieces) {
    if (!result.empty()) result += '+';
    result += piece.interpolation ? shown(*piece.interpolation) : piece.literal;
  }
  return result;
}

template <class Parse>
std::string grammar_error(Parse parse, std::string_view text) {
  try {
    static_cast<void>(parse(text));
  } catch (const GrammarError& error) {
    return std::to_string(error.offset) + ": " + error.what;
  }
  return "no error";
}

TEST(InterpolationParserTest, TextSplitsIntoLiteralsAndInterpolations) {
  struct Case {
    const char* text;
    const char* pieces;
  };
  const Case cases[] = {
      {"", ""},
      {"plain", "plain"},
      {"${a}", "</a>"},
      {"${a.b.c}", "</a/b/c>"},
      {"x${a}y${b}", "x+</a>+y+</b>"},
      {"${ a.b }", "</a/b>"},
      {"${.a}", "<./a>"},
      {"${...a.b}", "<.../a/b>"},
      {"${a[0]}", "</a[0]>"},
      {"${a[0].b[c.d]}", "</a[0]/b[c.d]>"},
      {"${[0]}", "<[0]>"},
      {"${a.0}", "</a/0>"},
      {"${a.${b}}", "</a/</b>>"},
      {"${a[x${b.c}]}", "</a[x+</b/c>]>"},
      {"${a.x${b}y}", "</a/x+</b>+y>"},
      {"${a-b.c_d}", "</a-b/c_d>"},
      {"${a/b@c}", "</a/b@c>"},
      {"$x $ {a} $$", "$x $ {a} $$"},
      {"\\${a}", "${a}"},
      {"\\\\${a}", "\\+</a>"},
      {"\\\\\\${a}", "\\${a}"},
      {"a\\b\\\\c", "a\\b\\\\c"},
      {"it's \"q\" [x] {y}", "it's \"q\" [x] {y}"},
  };
  for (const auto& [text, pieces] : cases) {
    EXPECT_EQ(shown(parse_interpolated(text)), pieces) << text;
  }
}

TEST(InterpolationParserTest, ResolversTakeArguments) {
  struct Case {
    const char* text;
    const char* pieces;
  };
  const Case cases[] = {
      {"${oc.env:HOME}", "<oc.env|HOME>"},
      {"${oc.env: HOME , x y }", "<oc.env|HOME|x y>"},
      {"${oc.env:A,}", "<oc.env|A|>"},
      {"${f:}", "<f>"},
      {"${f: }", "<f>"},
      {"${f:a,'b,c',\"d}\"}", "<f|a|\"b,c\"|\"d}\">"},
      {"${f:'it\\'s'}", "<f|\"it's\">"},
      {"${f:[1, [2], {a: b}],{}}", "<f|[1,[2],{a:b}]|{}>"},
      {"${oc.env:${name},${oc.env:B,c}}", "<oc.env|</name>|<oc.env|B|c>>"},
      {"${f:a${b}c}", "<f|a+</b>+c>"},
      {"${f:'x${b}'}", "<f|\"x+</b>\">"},
      {"${f:a\\,b}", "<f|a,b>"},
      {"${f:a\\}b}", "<f|a}b>"},
      {"${f:\\ a\\ }", "<f| a >"},
      {"${f:http://x:1/y}", "<f|http://x:1/y>"},
      {"${my-app.x_1:a}", "<my-app.x_1|a>"},
  };
  for (const auto& [text, pieces] : cases) EXPECT_EQ(shown(parse_interpolated(text)), pieces) << text;
}

TEST(InterpolationParserTest, MalformedInterpolationIsToldWithItsPlace) {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"x${", "3: a key is missing in an interpolation"},
      {"${}", "2: a key is missing in an interpolation"},
      {"${a", "3: an interpolation has no '}'"},
      {"${a.}", "4: a key is missing in an interpolation"},
      {"${a..b}", "4: a key is missing in an interpolation"},
      {"${a[}", "4: a key is missing in an interpolation"},
      {"${a[0}", "5: ']' is missing"},
      {"${a.[0]}", "4: a key is missing after '.'"},
      {"${a b}", "4: an interpolation has no '}'"},
      {"${a'b}", "3: an interpolation has no '}'"},
      {"${1f:x}", "4: an interpolation has no '}'"},
      {"${f:x", "5: the resolver 'f' has no '}'"},
      {"${f:'x}", "7: a quote is not closed"},
      {"${f:[1}", "6: quote the value"},
      {"${f:{a}}", "6: quote the value"},
      {"${f:{a:1,a:2}}", "duplicate key"},
      {"${f:{[a]:1}}", "a key is a word or quoted text"},
      {"${f:{${a}:1}}", "a key is a word or quoted text"},
      {"${f:'a'b}", "7: text follows the value"},
      {"${f:a'b}", "5: quote the value"},
  };
  for (const auto& [text, error] : cases)
    EXPECT_THAT(grammar_error(parse_interpolated, text), HasSubstr(error)) << text;
}

TEST(InterpolationParserTest, NestingIsBounded) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "${a.";
  EXPECT_THAT(grammar_error(parse_interpolated, text), HasSubstr("nested deeper than 50 levels"));
  EXPECT_THAT(grammar_error(parse_override_literal, std::string(100'000, '[')),
              HasSubstr("nested deeper than 50 levels"));
}

TEST(InterpolationParserTest, OverrideValuesAreLiterals) {
  struct Case {
    const char* text;
    const char* literal;
  };
  const Case cases[] = {
      {"", ""},
      {" x y ", "x y"},
      {"'a, b'", "\"a, b\""},
      {"[a,'b',[c d]]", "[a,\"b\",[c d]]"},
      {"{}", "{}"},
      {"{a: 1,'b c': x}", "{a:1,b c:x}"},
      {"{a:}", "{a:}"},
      {"a:b", "a:b"},
      {"${a}x", "</a>+x"},
      {"\\${a}", "${a}"},
      {"\\${f:x}y", "${f:x}y"},
      {"C:\\dir", "C:\\dir"},
      {"C:\\\\dir", "C:\\dir"},
      {"a\\,b", "a,b"},
      {"\\[x\\]", "[x]"},
  };
  for (const auto& [text, literal] : cases) EXPECT_EQ(shown(parse_override_literal(text)), literal) << text;
}

TEST(InterpolationParserTest, LiteralsBecomeTypedNodes) {
  Tree tree;
  const auto file = std::make_shared<const std::string>("f");
  const auto kind_of = [&](std::string_view text) {
    return make_literal(tree, parse_override_literal(text), file, {}).kind;
  };
  EXPECT_EQ(kind_of("5"), Kind::integer);
  EXPECT_EQ(kind_of("'5'"), Kind::text);
  EXPECT_EQ(kind_of("\\ 5"), Kind::text);
  EXPECT_EQ(kind_of("???"), Kind::missing);
  EXPECT_EQ(kind_of("x${a}"), Kind::interpolation);
  EXPECT_EQ(kind_of("[]"), Kind::list);
  EXPECT_EQ(kind_of("{}"), Kind::map);
}

TEST(InterpolationParserTest, InterpolationKeepsItsTextWithoutQuotesAndSpaces) {
  Tree tree;
  const auto file = std::make_shared<const std::string>("f");
  const auto text_of = [&](std::string_view text) {
    return make_literal(tree, parse_override_literal(text), file, {}).text;
  };
  EXPECT_EQ(text_of("'${a} b'"), "${a} b");
  EXPECT_EQ(text_of(" ${a}  "), "${a}");
}

TEST(InterpolationParserTest, DecodedTextTakesNoInterpolations) {
  EXPECT_EQ(shown(parse_decoded_literal("[1,a]")), "[1,a]");
  EXPECT_THAT(grammar_error(parse_decoded_literal, "${a}"), HasSubstr("an interpolation is not allowed here"));
}

}  // namespace
}  // namespace core_lib::config
