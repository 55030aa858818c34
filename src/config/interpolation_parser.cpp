// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core_lib/error/error.hpp"

#include "config/interpolation.hpp"
#include "config/scalar_resolver.hpp"

namespace core_lib::config {
namespace {

constexpr std::size_t max_nesting = 50;

bool is_space(char c) { return c == ' ' || c == '\t'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; }
bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

// Where a text stands decides what ends it and what a backslash may protect.
enum class Mode { whole, quoted, argument, list_element, map_value, map_key, override_value };

std::string_view terminators(Mode mode) {
  switch (mode) {
    case Mode::whole:
    case Mode::quoted:
    case Mode::override_value:
      return "";
    case Mode::argument:
    case Mode::map_value:
      return ",}";
    case Mode::list_element:
      return ",]";
    case Mode::map_key:
      return ":";
  }
  return "";
}

class Parser {
 public:
  Parser(std::string_view text, bool interpolations) : text_(text), interpolations_(interpolations) {}

  Text whole() { return text(Mode::whole); }

  Literal only_literal(Mode mode) {
    Literal result = literal(mode);
    skip_spaces();
    if (!at_end()) fail("text follows the value; quote the whole");
    return result;
  }

 private:
  struct Nested {
    explicit Nested(Parser& parser) : depth(parser.depth_) {
      if (++depth > max_nesting) parser.fail("nested deeper than 50 levels");
    }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
    ~Nested() { --depth; }
    std::size_t& depth;
  };

  [[noreturn]] void fail(std::string what) const { throw GrammarError{std::move(what), position_}; }
  [[nodiscard]] bool at_end() const { return position_ >= text_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : text_[position_]; }
  [[nodiscard]] bool at(std::string_view expected) const { return text_.substr(position_).starts_with(expected); }
  void skip_spaces() {
    while (!at_end() && is_space(peek())) ++position_;
  }
  void expect(char c) {
    if (at_end() || peek() != c) fail(std::string("'") + c + "' is missing");
    ++position_;
  }

  Text text(Mode mode, char quote = '\0');
  bool backslashes(Mode mode, char quote, std::string& literal);
  void word_character(Mode mode, std::string& literal);
  std::shared_ptr<const Interpolation> interpolation();
  bool call(Interpolation& result);
  Reference reference();
  Text step_name(bool in_brackets);
  Literal literal(Mode mode);
  Literal list();
  Literal map();

  std::string_view text_;
  bool interpolations_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
};

void flush(Text& text, std::string& literal) {
  if (literal.empty()) return;
  text.pieces.push_back({std::move(literal), nullptr});
  literal.clear();
}

Text Parser::text(Mode mode, char quote) {
  Text result;
  std::string literal;
  std::size_t kept = 0;     // of a word: what is before its trailing spaces
  std::size_t escaped = 0;  // of a word: how many "\${" wait for their '}'
  const bool is_word = mode != Mode::whole && mode != Mode::quoted;
  while (!at_end() && !(quote != '\0' && peek() == quote)) {
    const bool closes_escaped = is_word && escaped > 0 && peek() == '}';
    if (!closes_escaped && is_one_of(peek(), terminators(mode))) break;
    const bool was_space = is_space(peek());
    if (peek() == '\\') {
      if (backslashes(mode, quote, literal)) ++escaped;
    } else if (closes_escaped) {
      --escaped;
      literal += text_[position_++];
    } else if (at("${")) {
      if (!interpolations_) fail("an interpolation is not allowed here");
      flush(result, literal);
      result.pieces.push_back({{}, interpolation()});
    } else if (is_word) {
      word_character(mode, literal);
    } else {
      literal += text_[position_++];
    }
    if (!was_space) kept = literal.size();
  }
  if (is_word) literal.resize(std::min(kept, literal.size()));
  flush(result, literal);
  return result;
}

// A run of backslashes counts in pairs before what it can protect, and anywhere in a word. True for an escaped "${".
bool Parser::backslashes(Mode mode, char quote, std::string& literal) {
  std::size_t count = 0;
  while (peek() == '\\') {
    ++count;
    ++position_;
  }
  const bool is_word = mode != Mode::whole && mode != Mode::quoted;
  const bool protects =
      at("${") || (quote != '\0' && peek() == quote) || (is_word && !at_end() && is_one_of(peek(), "()[]{}:=, \t'\""));
  const std::size_t single = protects ? 0 : count % 2;
  literal.append(protects || is_word ? count / 2 + single : count, '\\');
  if (!protects || count % 2 == 0) return false;
  const bool is_interpolation = at("${");
  const std::size_t length = is_interpolation ? 2 : 1;
  literal += text_.substr(position_, length);
  position_ += length;
  return is_interpolation;
}

void Parser::word_character(Mode mode, std::string& literal) {
  const char c = peek();
  if (is_one_of(c, "{}[]'\"")) fail(std::string("quote the value, or write \\") + c + ", to use this character");
  if (mode == Mode::override_value) {
    if (c == ',') fail("a bare comma is ambiguous: write [a,b] for a list, or quote the value");
    if (c == '=') fail("quote the value to use '='");
    if (is_one_of(c, "()")) fail("quote the value to use parentheses; sweeps and functions are not supported");
  }
  literal += c;
  ++position_;
}

std::shared_ptr<const Interpolation> Parser::interpolation() {
  const Nested nested(*this);
  const std::size_t start = position_;
  position_ += 2;
  skip_spaces();
  auto result = std::make_shared<Interpolation>();
  if (!call(*result)) {
    result->what = reference();
    skip_spaces();
    if (at_end() || peek() != '}') fail("an interpolation has no '}'");
    result->source = text_.substr(start, position_ + 1 - start);
  }
  expect('}');
  return result;
}

// Reads the arguments too where a resolver's name and a colon stand here.
bool Parser::call(Interpolation& result) {
  std::size_t end = position_;
  while (end < text_.size() && (is_name(text_[end]) || (text_[end] == '.' && end > position_))) ++end;
  if (end >= text_.size() || text_[end] != ':' || !is_letter(peek()) || text_[end - 1] == '.') return false;
  Call call{.name = std::string(text_.substr(position_, end - position_)), .arguments = {}};
  position_ = end + 1;
  skip_spaces();
  if (peek() != '}') {
    call.arguments.push_back(literal(Mode::argument));
    while (peek() == ',') {
      ++position_;
      call.arguments.push_back(literal(Mode::argument));
    }
  }
  if (at_end() || peek() != '}') fail("the resolver '" + call.name + "' has no '}'");
  result.what = std::move(call);
  return true;
}

Reference Parser::reference() {
  Reference result;
  for (; peek() == '.'; ++position_) ++result.dots;
  while (true) {
    const bool in_brackets = peek() == '[';
    if (in_brackets) ++position_;
    result.steps.push_back({step_name(in_brackets), in_brackets});
    if (in_brackets) expect(']');
    if (peek() == '.') {
      ++position_;
      if (peek() == '[') fail("a key is missing after '.'");
    } else if (peek() != '[') {
      return result;
    }
  }
}

Text Parser::step_name(bool in_brackets) {
  Text name;
  std::string literal;
  while (!at_end()) {
    if (at("${")) {
      if (!interpolations_) fail("an interpolation is not allowed here");
      flush(name, literal);
      name.pieces.push_back({{}, interpolation()});
    } else if ((in_brackets && peek() == '.') || !is_one_of(peek(), "\\{}()[]:. \t'\"")) {
      literal += text_[position_++];
    } else {
      break;
    }
  }
  flush(name, literal);
  if (name.pieces.empty()) fail("a key is missing in an interpolation");
  return name;
}

Literal Parser::literal(Mode mode) {
  const Nested nested(*this);
  skip_spaces();
  const std::size_t start = position_;
  Literal result;
  if (peek() == '[' || peek() == '{') {
    result = peek() == '[' ? list() : map();
  } else if (peek() == '\'' || peek() == '"') {
    const char quote = text_[position_++];
    result.shape = Literal::Shape::quoted;
    result.text = text(Mode::quoted, quote);
    if (at_end()) fail("a quote is not closed");
    ++position_;
  } else {
    result.text = text(mode);
  }
  result.source = text_.substr(start, position_ - start);
  while (result.shape == Literal::Shape::word && result.source.ends_with(' ')) result.source.pop_back();
  skip_spaces();
  if (!at_end() && !is_one_of(peek(), terminators(mode)) && result.shape != Literal::Shape::word) {
    fail("text follows the value; quote the whole");
  }
  return result;
}

Literal Parser::list() {
  Literal result{.shape = Literal::Shape::list};
  ++position_;
  skip_spaces();
  if (peek() != ']') {
    result.elements.push_back(literal(Mode::list_element));
    while (peek() == ',') {
      ++position_;
      result.elements.push_back(literal(Mode::list_element));
    }
  }
  expect(']');
  return result;
}

Literal Parser::map() {
  Literal result{.shape = Literal::Shape::map};
  ++position_;
  skip_spaces();
  while (peek() != '}') {
    const Literal key = literal(Mode::map_key);
    if (!key.text.is_literal() || key.text.pieces.empty()) fail("a key is a word or quoted text");
    std::string name = key.text.literal();
    if (std::find(result.keys.begin(), result.keys.end(), name) != result.keys.end()) fail("duplicate key");
    result.keys.push_back(std::move(name));
    expect(':');
    result.elements.push_back(literal(Mode::map_value));
    if (peek() != ',') break;
    ++position_;
    skip_spaces();
  }
  expect('}');
  return result;
}

void parse_expression(Node& node) {
  if (node.kind != Kind::text || !has_interpolation(node.text)) return;
  try {
    Text text = parse_interpolated(node.text);
    if (text.is_literal()) {
      node.text = text.literal();
      return;
    }
    node.expression = std::make_shared<const Text>(std::move(text));
    node.kind = Kind::interpolation;
  } catch (const GrammarError& error) {
    const std::string path = node.path();
    throw ConfigError((path.empty() ? "the root" : path) + " (" + node.where() +
                      "): malformed interpolation, at character " + std::to_string(error.offset + 1) + ": " +
                      error.what);
  }
}

Kind kind_of(const Literal& literal) {
  if (literal.shape == Literal::Shape::list) return Kind::list;
  if (literal.shape == Literal::Shape::map) return Kind::map;
  if (!literal.text.is_literal()) return Kind::interpolation;
  const std::string text = literal.text.literal();
  if (text == "???") return Kind::missing;
  const bool escaped = literal.source.find('\\') != std::string::npos;
  return literal.shape == Literal::Shape::quoted || escaped ? Kind::text : resolve_word(text);
}

}  // namespace

bool Text::is_literal() const noexcept {
  return std::all_of(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.interpolation == nullptr; });
}

std::string Text::literal() const {
  std::string text;
  for (const Piece& piece : pieces) text += piece.literal;
  return text;
}

bool is_null(const Literal& literal) {
  return literal.shape == Literal::Shape::word && literal.text.is_literal() &&
         resolve_word(literal.text.literal()) == Kind::null;
}

bool has_interpolation(std::string_view text) noexcept { return text.find("${") != std::string_view::npos; }

Text parse_interpolated(std::string_view text) { return Parser(text, true).whole(); }

Literal parse_override_literal(std::string_view text) { return Parser(text, true).only_literal(Mode::override_value); }

Literal parse_decoded_literal(std::string_view text) { return Parser(text, false).only_literal(Mode::override_value); }

void parse_expressions(Node& node) {
  parse_expression(node);
  for (Node* child : node.children) parse_expressions(*child);
}

Node& make_literal(Tree& tree, const Literal& literal, const std::shared_ptr<const std::string>& file, Mark at) {
  Node& node = tree.make(kind_of(literal), file, at);
  if (node.kind == Kind::interpolation) {
    node.text =
        literal.shape == Literal::Shape::quoted ? literal.source.substr(1, literal.source.size() - 2) : literal.source;
    node.expression = std::make_shared<const Text>(literal.text);
  } else {
    node.text = literal.text.literal();
    if (node.kind == Kind::boolean) node.text = node.text[0] == 't' || node.text[0] == 'T' ? "true" : "false";
  }
  for (std::size_t i = 0; i < literal.elements.size(); ++i) {
    Node& child = make_literal(tree, literal.elements[i], file, at);
    if (node.kind == Kind::map) {
      add_entry(node, literal.keys[i], at, child);
    } else {
      add_element(node, child);
    }
  }
  return node;
}

}  // namespace core_lib::config
