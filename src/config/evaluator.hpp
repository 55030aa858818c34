// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core_lib/config/config.hpp"

#include "config/interpolation.hpp"

namespace core_lib::config {

/// Bounds on what one read may cost.
inline constexpr std::size_t max_references = 100;      ///< Interpolations that lead to interpolations.
inline constexpr std::size_t max_evaluations = 10'000;  ///< Interpolations evaluated for one value.
inline constexpr std::size_t max_text = 1U << 20U;      ///< Length of text that interpolations make.

/// Evaluates interpolations for one read.
class Evaluator {
 public:
  /// The value of a node, which is no interpolation itself.
  [[nodiscard]] Config resolve(const Config& declared);
  /// The child of a node, or a handle that is not present. Throws where the node can have no children.
  [[nodiscard]] Config child(const Config& parent, std::string_view step);

 private:
  [[nodiscard]] Config evaluate(const Config& declared, const Text& text);
  [[nodiscard]] Config evaluate(const Config& declared, const Interpolation& interpolation);
  [[nodiscard]] Config follow(const Config& declared, const Reference& reference, const std::string& source);
  [[nodiscard]] Config start_of(const Config& declared, const Reference& reference, const std::string& source) const;
  [[nodiscard]] std::vector<std::string> steps_of(const Config& declared, const Reference& reference);
  [[nodiscard]] std::string text_of(const Config& declared, const Text& text);
  [[nodiscard]] std::string text_of(const Config& declared, const Piece& piece);

  [[nodiscard]] Config call(const Config& declared, const Call& call);
  [[nodiscard]] Config environment(const Config& declared, const Call& call);
  [[nodiscard]] Config decode(const Config& declared, const Call& call);
  [[nodiscard]] Config select(const Config& declared, const Call& call);
  [[nodiscard]] Config custom(const Config& declared, const Call& call, const Resolvers::Function& function);
  [[nodiscard]] Config computed(const Config& declared, Kind kind, std::string text) const;
  [[nodiscard]] Config computed(const Config& declared, const Literal& literal) const;
  [[nodiscard]] std::string argument_text(const Config& declared, const Call& call, std::size_t index);
  void check_arguments(const Config& declared, const Call& call, std::size_t most) const;

  [[noreturn]] void fail(const Config& declared, const std::string& what) const;

  std::vector<const Node*> chain_;
  std::size_t evaluations_ = 0;
};

}  // namespace core_lib::config
