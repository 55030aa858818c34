// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "config/access.hpp"
#include "config/evaluator.hpp"
#include "config/scalar_resolver.hpp"

namespace core_lib {

using config::Access;
using config::Integer;
using config::Kind;
using config::Node;

namespace {

[[noreturn]] void fail_type(const Node& node, const std::string& expected) {
  const std::string found = node.kind == Kind::text ? "text that is none" : std::string(config::name_of(node.kind));
  throw ConfigError(config::describe(node) + ": expected " + expected + ", found " + found);
}

// A handle that owns what it points at, since an interpolation makes a node of its own.
Config scalar(const Config& declared, const std::string& expected) {
  Config value = config::Evaluator().resolve(declared);
  const Node& node = Access::node(value);
  if (node.kind == Kind::missing) {
    throw ConfigError(config::describe(node) + ": the value is missing: ???; set it to " + expected);
  }
  if (node.kind == Kind::null || node.is_container()) fail_type(node, expected);
  return value;
}

Integer integer(const Node& node, const std::string& expected) {
  if (node.kind == Kind::integer) return config::parse_integer(node.text);
  if (node.kind == Kind::text) {
    if (const auto number = config::parse_decimal(node.text)) return *number;
  }
  fail_type(node, expected);
}

[[noreturn]] void fail_range(const Node& node, const std::string& expected) {
  throw ConfigError(config::describe(node) + ": the number is out of range for " + expected);
}

}  // namespace

bool Config::read_bool() const {
  const std::string expected = "a bool (true, false, yes, no, on, off)";
  const Config value = scalar(*this, expected);
  const Node& node = Access::node(value);
  const bool may_be = node.kind == Kind::boolean || node.kind == Kind::text;
  const auto result = may_be ? config::parse_bool(node.text) : std::nullopt;
  if (!result) fail_type(node, expected);
  return *result;
}

std::int64_t Config::read_signed(std::int64_t min, std::int64_t max, std::size_t bits) const {
  const std::string expected = "an integer of " + std::to_string(bits) + " bits";
  const Config value = scalar(*this, expected);
  const Integer number = integer(Access::node(value), expected);
  const auto limit = static_cast<std::uint64_t>(max) + (number.negative ? 1U : 0U);
  if (number.overflow || number.magnitude > limit) fail_range(Access::node(value), expected);
  if (!number.negative) return static_cast<std::int64_t>(number.magnitude);
  return number.magnitude == limit ? min : -static_cast<std::int64_t>(number.magnitude);
}

std::uint64_t Config::read_unsigned(std::uint64_t max, std::size_t bits) const {
  const std::string expected = "an integer of " + std::to_string(bits) + " bits, not negative";
  const Config value = scalar(*this, expected);
  const Integer number = integer(Access::node(value), expected);
  const bool negative = number.negative && number.magnitude != 0;
  if (number.overflow || negative || number.magnitude > max) fail_range(Access::node(value), expected);
  return number.magnitude;
}

double Config::read_double(double max) const {
  const std::string expected = "a number";
  const Config value = scalar(*this, expected);
  const Node& node = Access::node(value);
  const bool may_be = node.kind == Kind::integer || node.kind == Kind::real || node.kind == Kind::text;
  if (!may_be) fail_type(node, expected);
  const auto number = node.kind == Kind::text ? config::parse_real_text(node.text) : config::parse_real(node.text);
  if (!number && node.kind != Kind::text) fail_range(node, expected);
  if (!number) fail_type(node, expected);
  if (std::isfinite(*number) && std::fabs(*number) > max) fail_range(node, expected);
  return *number;
}

std::string Config::read_text() const {
  const Config value = scalar(*this, "text");
  return Access::node(value).text;
}

std::vector<Config> Config::read_list() const {
  const Config container = config::Evaluator().resolve(*this);
  const Node& node = Access::node(container);
  if (node.kind != Kind::list) fail_type(node, "a list");
  std::vector<Config> elements;
  for (const Node* child : node.children) elements.push_back(Access::handle(Access::tree(container), child));
  return elements;
}

}  // namespace core_lib
