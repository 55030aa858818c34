// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/node.hpp"

namespace core_lib::config {

struct Interpolation;

/// Literal text, or an interpolation where that is set.
struct Piece {
  std::string literal;
  std::shared_ptr<const Interpolation> interpolation;
};

/// Text with interpolations in it.
struct Text {
  std::vector<Piece> pieces;

  [[nodiscard]] bool is_literal() const noexcept;
  /// Its literal text, where it has no interpolations.
  [[nodiscard]] std::string literal() const;
};

/// One key of a reference. In brackets a dot is part of the key.
struct ReferenceStep {
  Text name;
  bool in_brackets = false;
};

/// `${a.b}`, or `${..a}` from where it stands: one dot is its own container.
struct Reference {
  std::size_t dots = 0;
  std::vector<ReferenceStep> steps;
};

/// A value in an override, in a resolver's argument, or in decoded text.
struct Literal {
  enum class Shape { word, quoted, list, map };
  Shape shape = Shape::word;
  Text text{};                      ///< Of a word or a quoted text.
  std::string source{};             ///< As it was written.
  std::vector<Literal> elements{};  ///< Of a list, or the values of a map.
  std::vector<std::string> keys{};  ///< Of a map.
};

/// True for a bare null, in any case.
[[nodiscard]] bool is_null(const Literal& literal);

/// `${name:argument,...}`.
struct Call {
  std::string name;
  std::vector<Literal> arguments;
};

struct Interpolation {
  std::variant<Reference, Call> what;
  std::string source;  ///< Of a reference, as it was written; for messages.
};

/// What is wrong with a text, and at which byte. Internal: callers say which text it was.
struct GrammarError {
  std::string what;
  std::size_t offset = 0;
};

[[nodiscard]] bool has_interpolation(std::string_view text) noexcept;
/// Parses a whole text with interpolations. Throws GrammarError.
[[nodiscard]] Text parse_interpolated(std::string_view text);
/// Parses a text that is one literal, as in `key=literal`. Throws GrammarError.
[[nodiscard]] Literal parse_override_literal(std::string_view text);
/// The same for `oc.decode`, where interpolations are not allowed. Throws GrammarError.
[[nodiscard]] Literal parse_decoded_literal(std::string_view text);

/// Finds every interpolation in a subtree and checks its grammar. Errors: ConfigError with path and place.
void parse_expressions(Node& node);
/// Adds the nodes of a literal to a tree.
[[nodiscard]] Node& make_literal(Tree& tree, const Literal& literal, const std::shared_ptr<const std::string>& file,
                                 Mark at);

}  // namespace core_lib::config
