// SPDX-License-Identifier: Apache-2.0
// The grammars of interpolations, of override values and of scalars: parses them, and applies what is an override.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core_lib/error/error.hpp"

#include "config/access.hpp"
#include "config/interpolation.hpp"
#include "config/override.hpp"
#include "config/scalar_resolver.hpp"
#include "config/yaml_composer.hpp"

namespace {

using namespace core_lib::config;
using core_lib::Config;
using core_lib::ConfigError;

template <class Parse>
void parse(Parse parse_text, std::string_view text) {
  try {
    static_cast<void>(parse_text(text));
  } catch (const GrammarError& error) {
    if (error.offset > text.size()) std::abort();
  }
}

// Without an interpolation, text stays as it is.
void check_text(std::string_view text) {
  if (has_interpolation(text)) return parse(parse_interpolated, text);
  if (parse_interpolated(text).literal() != text) std::abort();
}

// A number is read where the text was said to be one.
void check_scalar(std::string_view text) {
  const Kind kind = resolve_plain(text);
  if (kind == Kind::boolean && !parse_bool(text)) std::abort();
  if (kind == Kind::integer) {
    const Integer integer = parse_integer(text);
    const auto real = parse_real(text);
    if (!integer.overflow && (!real || std::fabs(std::fabs(*real) - static_cast<double>(integer.magnitude)) >
                                           1e-9 * static_cast<double>(integer.magnitude))) {
      std::abort();
    }
  }
  static_cast<void>(parse_real(text));
  static_cast<void>(parse_real_text(text));
  static_cast<void>(parse_decimal(text));
  if (resolve_word(text) == Kind::integer && !parse_integer(text).overflow && !parse_real(text)) std::abort();
}

void read_all(const Config& node, int depth) {
  if (depth > 10) return;
  try {
    if (node.is_map() || node.is_list()) {
      for (const Config& child : node) read_all(child, depth + 1);
    } else if (node.is_scalar()) {
      static_cast<void>(node.as<std::string>());
    }
  } catch (const ConfigError&) {
  }
}

void apply(std::string_view text) {
  try {
    static const Tree base = compose_yaml("{a: {b: 1, c: [x, {d: ~}]}, e: \"${a.b}\", f: '\?\?\?'}", "fuzz");
    Tree tree;
    tree.set_root(tree.copy(base.root()));
    apply_override(tree, parse_override(text, 1));
    const Config root = Access::handle(std::move(tree));
    static_cast<void>(root.to_string());
    read_all(root, 0);
  } catch (const ConfigError&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  check_text(text);
  check_scalar(text);
  parse(size % 2 == 0 ? parse_override_literal : parse_decoded_literal, text);
  apply(text);
  return 0;
}
