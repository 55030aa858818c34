// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>

namespace core_lib {

/// The text of a message as it stands in the code, and that place. Made from any text; the text is borrowed.
struct MessageTemplate {
  template <class T>
    requires std::is_convertible_v<const T&, std::string_view>
  constexpr MessageTemplate(const T& value, std::source_location where = std::source_location::current()) noexcept
      : text(value), location(where) {}

  std::string_view text;
  std::source_location location;
};

/// One argument of an ErrorMessage, captured without a copy: text is borrowed.
class MessageArgument {
 public:
  constexpr MessageArgument() noexcept : natural_(0), kind_(Kind::natural) {}

  template <class T>
  constexpr explicit MessageArgument(const T& value) noexcept : MessageArgument() {
    if constexpr (std::is_same_v<T, bool>) {
      natural_ = value ? 1 : 0;
      kind_ = Kind::boolean;
    } else if constexpr (std::is_same_v<T, char>) {
      set_text({&value, 1});
    } else if constexpr (std::is_enum_v<T>) {
      *this = MessageArgument(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_integral_v<T>) {
      natural_ = static_cast<std::uint64_t>(value);
      kind_ = std::is_signed_v<T> ? Kind::integer : Kind::natural;
    } else if constexpr (std::is_floating_point_v<T>) {
      number_ = static_cast<double>(value);
      kind_ = Kind::number;
    } else if constexpr (std::is_pointer_v<T> && std::is_convertible_v<T, std::string_view>) {
      set_text(value == nullptr ? std::string_view("null") : std::string_view(value));
    } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      set_text(value);
    } else {
      static_assert(sizeof(T) == 0, "an argument of an error message must be a number, a bool, an enum or text");
    }
  }

  /// Writes it as it stands in a message: text without control characters, which could forge a line of a log, and cut
  /// at 200 bytes.
  void append_to(std::string& message) const;

 private:
  enum class Kind : unsigned char { boolean, integer, natural, number, text };
  struct Text {
    const char* data;
    std::size_t size;
  };

  constexpr void set_text(std::string_view text) noexcept {
    text_ = Text{text.data(), text.size()};
    kind_ = Kind::text;
  }

  union {
    std::uint64_t natural_;
    double number_;
    Text text_;
  };
  Kind kind_;
};

/// A message with arguments that costs next to nothing until text() makes it.
/// Lifetime: template and arguments are borrowed, so use it within the expression that makes it.
class ErrorMessage {
 public:
  static constexpr std::size_t max_arguments = 6;

  template <class... Args>
  constexpr explicit ErrorMessage(MessageTemplate message, const Args&... arguments) noexcept
      : template_(message), arguments_{MessageArgument(arguments)...}, count_(sizeof...(Args)) {
    static_assert(sizeof...(Args) <= max_arguments, "an error message takes up to 6 arguments");
  }

  /// Puts the arguments in place of each "{}" in turn. Where there are too few, "{}" stays; what is too many is
  /// appended in brackets. Other braces are plain text.
  [[nodiscard]] std::string text() const;
  /// Where it was written.
  [[nodiscard]] constexpr const std::source_location& location() const noexcept { return template_.location; }

 private:
  MessageTemplate template_;
  MessageArgument arguments_[max_arguments];
  std::size_t count_;
};

}  // namespace core_lib
