// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/sql_text.hpp"

#include <algorithm>
#include <charconv>

namespace core_lib::sql::postgresql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name(char c) { return is_name_start(c) || is_digit(c); }

class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql) {}

  SqlText run() && {
    while (at_ < sql_.size()) step();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool next_is(std::string_view text) const { return sql_.substr(at_).starts_with(text); }
  /// Goes behind the next `text`, or to the end.
  void skip_past(std::string_view text) {
    const std::size_t found = sql_.find(text, at_);
    at_ = found == std::string_view::npos ? sql_.size() : found + text.size();
  }

  void step() {
    const char c = sql_[at_];
    if (next_is("--")) {
      skip_past("\n");
    } else if (next_is("/*")) {
      comment();
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
      ++at_;
    } else if (c == ';') {
      ended_ = true;
      ++at_;
    } else {
      out_.has_second = out_.has_second || ended_;
      token(c);
    }
  }
  void token(char c) {
    if (c == '\'' || c == '"') {
      quoted(c, false);
    } else if (is_name_start(c)) {
      name();
    } else if (c == '$') {
      dollar();
    } else {
      if (c == '?') out_.questions.push_back(at_);
      ++at_;
    }
  }
  void name() {
    const std::size_t start = at_;
    while (at_ < sql_.size() && (is_name(sql_[at_]) || sql_[at_] == '$')) ++at_;
    const std::string_view word = sql_.substr(start, at_ - start);
    if ((word == "E" || word == "e") && next_is("'")) quoted('\'', true);
  }
  void quoted(char quote, bool escapes) {
    for (++at_; at_ < sql_.size(); ++at_) {
      if (sql_[at_] == quote) {
        if (!sql_.substr(at_ + 1).starts_with(quote)) break;
        ++at_;  // doubled, it stands for itself
      } else if (escapes && sql_[at_] == '\\') {
        ++at_;
      }
    }
    at_ = std::min(at_ + 1, sql_.size());
  }
  void comment() {
    int depth = 0;
    do {
      if (next_is("/*")) {
        ++depth;
        at_ += 2;
      } else if (next_is("*/")) {
        --depth;
        at_ += 2;
      } else {
        ++at_;
      }
    } while (depth > 0 && at_ < sql_.size());
  }
  /// A placeholder $1, or a literal $tag$...$tag$.
  void dollar() {
    std::size_t number = 0;
    const char* const first = sql_.data() + at_ + 1;
    const auto [end, error] = std::from_chars(first, sql_.data() + sql_.size(), number);
    if (end != first) {
      if (error == std::errc()) out_.numbered = std::max(out_.numbered, number);
      at_ = static_cast<std::size_t>(end - sql_.data());
      return;
    }
    std::size_t close = at_ + 1;
    while (close < sql_.size() && is_name(sql_[close])) ++close;
    if (close == sql_.size() || sql_[close] != '$') {
      ++at_;
      return;
    }
    const std::string_view tag = sql_.substr(at_, close + 1 - at_);
    at_ = close + 1;
    skip_past(tag);
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  bool ended_ = false;
  SqlText out_{};
};

}  // namespace

SqlText scan(std::string_view sql) { return Scanner(sql).run(); }

std::string number_questions(std::string_view sql, const SqlText& text) {
  std::string numbered;
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.questions.size(); ++i) {
    numbered += sql.substr(from, text.questions[i] - from);
    numbered += '$' + std::to_string(i + 1);
    from = text.questions[i] + 1;
  }
  numbered += sql.substr(from);
  return numbered;
}

}  // namespace core_lib::sql::postgresql
