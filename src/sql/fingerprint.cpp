// SPDX-License-Identifier: Apache-2.0
#include "sql/fingerprint.hpp"

#include <algorithm>
#include <cstddef>

namespace core_lib::sql::detail {
namespace {

constexpr std::size_t longest_fingerprint = 4096;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
// Bytes beyond ASCII are letters to every engine.
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

class Fingerprint {
 public:
  Fingerprint(const Dialect& dialect, std::string_view sql) : sql_(sql) {
    std::string quoted;
    dialect.quote(quoted, "x");
    // An engine that quotes names by other means takes double quotes for text, and a backslash in it for an escape.
    texts_in_double_quotes_ = !quoted.starts_with('"');
  }

  std::string run() && {
    while (at_ < sql_.size() && out_.size() < longest_fingerprint) step();
    while (!out_.empty() && (out_.back() == ' ' || out_.back() == ';')) out_.pop_back();
    if (at_ < sql_.size()) out_ += " ...";
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0'; }
  [[nodiscard]] bool starts(std::string_view text) const { return sql_.substr(at_).starts_with(text); }

  void step() {
    const char c = peek();
    if (is_space(c) || starts("--") || starts("/*") || (c == '#' && texts_in_double_quotes_)) {
      skip_blank();
    } else if (c == '\'' || (c == '"' && texts_in_double_quotes_)) {
      skip_text(c, texts_in_double_quotes_);
      value();
    } else if (c == '"' || c == '`') {
      name(c);
    } else if (c == '$' && skip_dollar()) {
      value();
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      skip_number();
      value();
    } else if (is_word(c)) {
      word();
    } else if (c == '?') {
      ++at_;
      while (is_digit(peek())) ++at_;
      value();
    } else {
      symbol(c);
      ++at_;
    }
  }

  void skip_blank() {
    if (starts("/*")) {
      const std::size_t end = sql_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? sql_.size() : end + 2;
    } else if (is_space(peek())) {
      ++at_;
    } else {
      at_ = std::min(sql_.find('\n', at_), sql_.size());
    }
    if (!out_.empty() && out_.back() != ' ') out_ += ' ';
  }
  /// Behind a text in quotes, or the end where it is not closed.
  void skip_text(char quote, bool backslash_escapes) {
    for (++at_; at_ < sql_.size(); ++at_) {
      if (backslash_escapes && sql_[at_] == '\\') {
        ++at_;
      } else if (sql_[at_] == quote) {
        if (peek(1) != quote) break;
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, sql_.size());
  }
  void name(char quote) {
    const std::size_t start = at_;
    skip_text(quote, false);
    out_ += sql_.substr(start, at_ - start);
  }
  /// A placeholder such as $1, or a text such as $tag$it's$tag$.
  bool skip_dollar() {
    std::size_t end = at_ + 1;
    while (end < sql_.size() && is_word(sql_[end])) ++end;
    if (end < sql_.size() && sql_[end] == '$' && !is_digit(peek(1))) {
      const std::string_view tag = sql_.substr(at_, end + 1 - at_);
      const std::size_t closing = sql_.find(tag, end + 1);
      at_ = closing == std::string_view::npos ? sql_.size() : closing + tag.size();
      return true;
    }
    if (!is_digit(peek(1))) return false;
    at_ = end;
    return true;
  }
  void skip_number() {
    while (is_word(peek()) || peek() == '.') {
      const bool exponent = peek() == 'e' || peek() == 'E';
      ++at_;
      if (exponent && (peek() == '+' || peek() == '-') && is_digit(peek(1))) ++at_;
    }
  }
  void word() {
    const std::size_t start = at_;
    while (is_word(peek()) || peek() == '$') ++at_;
    const std::string_view found = sql_.substr(start, at_ - start);
    // x'6162', E'a\'b', N'text', _utf8mb4'text': the prefix is part of the value.
    if (peek() == '\'' && (found.size() == 1 || found.starts_with('_'))) {
      const bool escapes = found == "E" || found == "e";
      skip_text('\'', escapes || texts_in_double_quotes_);
      value();
      return;
    }
    out_ += found;
  }
  void value() {
    std::string_view out(out_);
    while (out.ends_with(' ')) out.remove_suffix(1);
    if (out.ends_with(',')) {
      out.remove_suffix(1);
      while (out.ends_with(' ')) out.remove_suffix(1);
      if (out.ends_with('?')) {  // a list: once is enough
        out_.resize(out.size());
        return;
      }
    }
    out_ += '?';
  }
  void symbol(char c) {
    out_ += c;
    if (c != ')') return;
    // Several rows of values are shown as one.
    for (const std::string_view rows : {"(?), (?)", "(?),(?)"}) {
      if (out_.ends_with(rows)) out_.resize(out_.size() - rows.size() + 3);
    }
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  std::string out_;
  bool texts_in_double_quotes_ = false;
};

}  // namespace

std::string fingerprint(const Dialect& dialect, std::string_view sql) { return Fingerprint(dialect, sql).run(); }

}  // namespace core_lib::sql::detail
