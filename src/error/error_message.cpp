// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/error_message.hpp"

#include <charconv>
#include <iterator>

namespace core_lib {
namespace {

constexpr std::size_t max_argument_bytes = 200;
constexpr std::string_view placeholder = "{}";

constexpr unsigned char byte_at(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// How many bytes at `at` are a character that ends a line or steers a terminal: C0, DEL, C1 and the two separators of
/// Unicode, in UTF-8.
std::size_t control_size(std::string_view text, std::size_t at) noexcept {
  const unsigned char first = byte_at(text, at);
  const unsigned char second = byte_at(text, at + 1);
  const unsigned char third = byte_at(text, at + 2);
  if (first < 0x20 || first == 0x7F) return 1;
  if (first == 0xC2 && second >= 0x80 && second <= 0x9F) return 2;
  if (first == 0xE2 && second == 0x80 && (third == 0xA8 || third == 0xA9)) return 3;
  return 0;
}

/// The longest start of `text` that fits the limit and ends between two characters.
std::string_view shortened(std::string_view text) noexcept {
  std::size_t size = max_argument_bytes;
  while (size > 0 && (byte_at(text, size) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

void append_text(std::string& message, std::string_view text) {
  const bool is_long = text.size() > max_argument_bytes;
  if (is_long) text = shortened(text);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t skip = control_size(text, at);
    if (skip == 0) message += text[at];
    at += skip == 0 ? 1 : skip;
  }
  if (is_long) message += "...";
}

/// As few digits as name the number exactly.
void append_number(std::string& message, double number) {
  char digits[32];
  message.append(digits, std::to_chars(std::begin(digits), std::end(digits), number).ptr);
}

}  // namespace

void MessageArgument::append_to(std::string& message) const {
  switch (kind_) {
    case Kind::boolean:
      message += natural_ != 0 ? "true" : "false";
      return;
    case Kind::integer:
      message += std::to_string(static_cast<std::int64_t>(natural_));
      return;
    case Kind::natural:
      message += std::to_string(natural_);
      return;
    case Kind::number:
      append_number(message, number_);
      return;
    case Kind::text:
      append_text(message, {text_.data, text_.size});
      return;
  }
}

std::string ErrorMessage::text() const {
  std::string message;
  std::string_view rest = template_.text;
  std::size_t used = 0;
  for (; used < count_; ++used) {
    const std::size_t at = rest.find(placeholder);
    if (at == std::string_view::npos) break;
    message += rest.substr(0, at);
    arguments_[used].append_to(message);
    rest.remove_prefix(at + placeholder.size());
  }
  message += rest;
  if (used == count_) return message;
  for (std::size_t surplus = used; surplus < count_; ++surplus) {
    message += surplus == used ? " (" : ", ";
    arguments_[surplus].append_to(message);
  }
  return message + ")";
}

}  // namespace core_lib
