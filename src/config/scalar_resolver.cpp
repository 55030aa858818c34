// SPDX-License-Identifier: Apache-2.0
#include "config/scalar_resolver.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string>

#include "config/ascii.hpp"

namespace core_lib::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

// YAML 1.1 knows a word in exactly these three spellings.
bool is_word(std::string_view text, std::string_view word) {
  if (text.size() != word.size() || lowered(text) != word) return false;
  const auto is_lower = [](char c) { return c == lower(c); };
  const auto is_upper = [](char c) { return c != lower(c); };
  return std::all_of(text.begin(), text.end(), is_lower) || std::all_of(text.begin(), text.end(), is_upper) ||
         (is_upper(text[0]) && std::all_of(text.begin() + 1, text.end(), is_lower));
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text;
}

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  const char letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 16;
}

// Digits of a base and underscores, at least one digit.
bool is_digits(std::string_view text, int base) {
  const bool all = std::all_of(text.begin(), text.end(), [&](char c) { return c == '_' || digit_value(c) < base; });
  return all && std::any_of(text.begin(), text.end(), [](char c) { return c != '_'; });
}

bool starts_number(std::string_view text) { return !text.empty() && is_digit(text[0]) && is_digits(text, 10); }

// The ":mm:ss" of a sexagesimal number.
bool is_base_60_tail(std::string_view text) {
  while (!text.empty()) {
    if (text[0] != ':') return false;
    text.remove_prefix(1);
    const std::size_t length = std::min(text.find(':'), text.size());
    const std::string_view part = text.substr(0, length);
    if (part.empty() || part.size() > 2 || !std::all_of(part.begin(), part.end(), is_digit)) return false;
    if (part.size() == 2 && part[0] > '5') return false;
    text.remove_prefix(length);
  }
  return true;
}

struct Digits {
  std::string_view text;
  unsigned base;
};

Digits split_base(std::string_view text) {
  if (text.size() > 1 && text[0] == '0') {
    if (text[1] == 'x') return {text.substr(2), 16};
    if (text[1] == 'b') return {text.substr(2), 2};
    return {text.substr(1), 8};
  }
  return {text, text.find(':') == std::string_view::npos ? 10U : 60U};
}

bool is_integer(std::string_view text) {
  text = without_sign(text);
  if (text.empty() || !is_digit(text[0])) return false;
  if (text == "0") return true;
  const Digits digits = split_base(text);
  if (digits.base == 8) return digits.text.find_first_not_of("01234567_") == std::string_view::npos;
  if (digits.base < 60) return is_digits(digits.text, static_cast<int>(digits.base));
  const std::size_t colon = text.find(':');
  return text[0] != '0' && starts_number(text.substr(0, colon)) && is_base_60_tail(text.substr(colon));
}

// Digits in groups that single underscores join.
bool is_grouped(std::string_view text) {
  return starts_number(text) && text.back() != '_' && text.find("__") == std::string_view::npos;
}

enum class Sign { optional, required };

bool is_exponent(std::string_view text, Sign sign) {
  if (text.empty()) return true;
  if (lower(text[0]) != 'e') return false;
  const std::string_view digits = without_sign(text.substr(1));
  if (sign == Sign::required && digits.size() + 1 == text.size()) return false;
  return !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
}

bool is_fraction(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == '_' || is_digit(c); });
}

// OmegaConf's rules for real numbers: a dot at the head takes neither a sign before it nor an exponent without one.
bool is_real(std::string_view text) {
  const std::string_view number = without_sign(text);
  if (number == ".inf" || number == ".Inf" || number == ".INF") return true;
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  const std::size_t dot = number.find('.');
  const std::size_t end = std::min(number.find_first_of("eE"), number.size());
  const std::string_view exponent = number.substr(end);
  if (dot == std::string_view::npos) {
    return !exponent.empty() && is_grouped(number.substr(0, end)) && is_exponent(exponent, Sign::optional);
  }
  if (dot > end) return false;
  const std::string_view whole = number.substr(0, dot);
  const std::string_view fraction = number.substr(dot + 1, end - dot - 1);
  if (whole.empty()) {
    return number.size() == text.size() && starts_number(fraction) && is_exponent(exponent, Sign::required);
  }
  if (!is_fraction(fraction)) return false;
  const std::size_t colon = whole.find(':');
  if (colon == std::string_view::npos) return starts_number(whole) && is_exponent(exponent, Sign::optional);
  return exponent.empty() && starts_number(whole.substr(0, colon)) && is_base_60_tail(whole.substr(colon));
}

// A decimal number as the grammar of overrides knows it: no leading zeros, single underscores between digits.
bool is_decimal_word(std::string_view text) { return is_grouped(text) && (text.size() == 1 || text[0] != '0'); }

bool is_real_word(std::string_view digits) {
  const std::string word = lowered(digits);
  if (word == "inf" || word == "nan") return true;
  const std::size_t dot = digits.find('.');
  const std::size_t end = std::min(digits.find_first_of("eE"), digits.size());
  if (end < digits.size() && !is_grouped(without_sign(digits.substr(end + 1)))) return false;
  if (dot == std::string_view::npos) return end < digits.size() && is_decimal_word(digits.substr(0, end));
  if (dot > end) return false;
  const std::string_view whole = digits.substr(0, dot);
  const std::string_view fraction = digits.substr(dot + 1, end - dot - 1);
  if (!whole.empty() && !is_decimal_word(whole)) return false;
  return fraction.empty() ? !whole.empty() : is_grouped(fraction);
}

void append_digit(Integer& number, unsigned base, unsigned digit) {
  std::uint64_t product = 0;
  number.overflow |= __builtin_mul_overflow(number.magnitude, std::uint64_t{base}, &product);
  number.overflow |= __builtin_add_overflow(product, std::uint64_t{digit}, &number.magnitude);
}

std::optional<double> parse_decimal_real(std::string_view text) {
  std::string digits;
  std::copy_if(text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c != '_'; });
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (stop != end) return std::nullopt;
  if (error == std::errc{}) return value;
  long double wide = 0;  // what is too small for a double is zero, what is too large is refused
  const bool fits = std::from_chars(digits.data(), end, wide).ec == std::errc{};
  return fits && wide < 1 ? std::optional(static_cast<double>(wide)) : std::nullopt;
}

std::optional<double> parse_unsigned_real(std::string_view digits) {
  std::string word = lowered(digits);
  if (word.starts_with('.')) word.erase(0, 1);
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (digits.empty() || !(is_digit(digits[0]) || digits[0] == '.')) return std::nullopt;
  return parse_decimal_real(digits);
}

std::optional<double> parse_base_60_real(std::string_view text) {
  double value = 0;
  while (true) {
    const std::size_t length = std::min(text.find(':'), text.size());
    const auto part = parse_decimal_real(text.substr(0, length));
    if (!part) return std::nullopt;
    value = value * 60 + *part;
    if (length == text.size()) return value;
    text.remove_prefix(length + 1);
  }
}

}  // namespace

Kind resolve_plain(std::string_view text) {
  if (text.empty() || text == "~" || is_word(text, "null")) return Kind::null;
  if (parse_bool(text)) return Kind::boolean;
  const char first = without_sign(text).empty() ? text[0] : without_sign(text)[0];
  if (!is_digit(first) && first != '.') return Kind::text;
  if (is_integer(text)) return Kind::integer;
  return is_real(text) ? Kind::real : Kind::text;
}

Kind resolve_word(std::string_view text) {
  const std::string word = lowered(text);
  if (word == "null") return Kind::null;
  if (word == "true" || word == "false") return Kind::boolean;
  const std::string_view digits = without_sign(text);
  if (is_decimal_word(digits)) return Kind::integer;
  return is_real_word(digits) ? Kind::real : Kind::text;
}

Integer parse_integer(std::string_view text) {
  Integer number{.negative = !text.empty() && text[0] == '-'};
  text = without_sign(text);
  if (text == "0") return number;
  const Digits digits = split_base(text);
  if (digits.base < 60) {
    for (const char c : digits.text) {
      if (c != '_') append_digit(number, digits.base, static_cast<unsigned>(digit_value(c)));
    }
    return number;
  }
  Integer part;
  for (const char c : digits.text) {
    if (is_digit(c)) append_digit(part, 10, static_cast<unsigned>(c - '0'));
    if (c != ':') continue;
    append_digit(number, 60, 0);
    number.overflow |= part.overflow || __builtin_add_overflow(number.magnitude, part.magnitude, &number.magnitude);
    part = {};
  }
  append_digit(number, 60, static_cast<unsigned>(part.magnitude));
  return number;
}

std::optional<Integer> parse_decimal(std::string_view text) {
  Integer number{.negative = !text.empty() && text[0] == '-'};
  text = without_sign(text);
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  for (const char c : text) append_digit(number, 10, static_cast<unsigned>(c - '0'));
  return number;
}

std::optional<double> parse_real(std::string_view text) {
  const std::string_view digits = without_sign(text);
  const bool negative = digits.size() != text.size() && text[0] == '-';
  std::optional<double> value;
  if (is_integer(digits) && digits.size() > 1 && digits[0] == '0') {
    if (const Integer number = parse_integer(digits); !number.overflow) value = static_cast<double>(number.magnitude);
  } else if (digits.find(':') != std::string_view::npos) {
    value = parse_base_60_real(digits);
  } else {
    value = parse_unsigned_real(digits);
  }
  return value && negative ? -*value : value;
}

std::optional<double> parse_real_text(std::string_view text) {
  const std::string_view digits = without_sign(text);
  const bool negative = digits.size() != text.size() && text[0] == '-';
  if (digits.find('_') != std::string_view::npos) return std::nullopt;
  const auto value = parse_unsigned_real(digits);
  return value && negative ? -*value : value;
}

std::optional<bool> parse_bool(std::string_view text) {
  for (const std::string_view word : {"true", "yes", "on"}) {
    if (is_word(text, word)) return true;
  }
  for (const std::string_view word : {"false", "no", "off"}) {
    if (is_word(text, word)) return false;
  }
  return std::nullopt;
}

}  // namespace core_lib::config
