// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <exception>

#include "config/access.hpp"
#include "config/evaluator.hpp"
#include "config/near_names.hpp"
#include "config/path.hpp"

namespace core_lib::config {
Config Evaluator::call(const Config& declared, const Call& call) {
  const Resolvers& resolvers = Access::tree(declared)->resolvers();
  if (const auto* function = resolvers.find(call.name)) return custom(declared, call, *function);
  if (call.name == "oc.env") return environment(declared, call);
  if (call.name == "oc.decode") return decode(declared, call);
  if (call.name == "oc.select") return select(declared, call);
  std::vector<std::string> known = resolvers.names();
  known.insert(known.end(), {"oc.decode", "oc.env", "oc.select"});
  fail(declared, "unknown resolver '" + call.name + "'" + suggest(call.name, known));
}

void Evaluator::check_arguments(const Config& declared, const Call& call, std::size_t most) const {
  if (!call.arguments.empty() && call.arguments.size() <= most) return;
  fail(declared, "the resolver '" + call.name + "' takes " + (most == 1 ? "1 argument" : "1 or 2 arguments") +
                     ", here are " + std::to_string(call.arguments.size()));
}

std::string Evaluator::argument_text(const Config& declared, const Call& call, std::size_t index) {
  const Literal& literal = call.arguments[index];
  if (literal.shape == Literal::Shape::list || literal.shape == Literal::Shape::map) {
    fail(declared, "the resolver '" + call.name + "' takes text, argument " + std::to_string(index + 1) +
                       " is a list or a map; quote it");
  }
  return text_of(declared, literal.text);
}

Config Evaluator::environment(const Config& declared, const Call& call) {
  check_arguments(declared, call, 2);
  const std::string name = argument_text(declared, call, 0);
  if (const char* value = std::getenv(name.c_str())) return computed(declared, Kind::text, value);
  if (call.arguments.size() < 2) {
    fail(declared, "the environment variable '" + name + "' is not set, and ${oc.env:" + name + "} has no default");
  }
  const Literal& fallback = call.arguments[1];
  if (is_null(fallback)) return computed(declared, Kind::null, {});
  if (fallback.shape == Literal::Shape::word && fallback.text.pieces.size() == 1 && !fallback.text.is_literal()) {
    const Config value = evaluate(declared, *fallback.text.pieces[0].interpolation);
    if (Access::node(value).kind == Kind::null) return computed(declared, Kind::null, {});
  }
  return computed(declared, Kind::text, argument_text(declared, call, 1));
}

Config Evaluator::decode(const Config& declared, const Call& call) {
  check_arguments(declared, call, 1);
  const Literal& argument = call.arguments[0];
  if (is_null(argument)) return computed(declared, Kind::null, {});
  if (argument.text.pieces.size() == 1 && !argument.text.is_literal()) {
    const Config value = evaluate(declared, *argument.text.pieces[0].interpolation);
    if (Access::node(value).kind == Kind::null) return computed(declared, Kind::null, {});
  }
  const std::string text = argument_text(declared, call, 0);
  if (text.empty()) fail(declared, "oc.decode got an empty text");
  if (text.size() > max_text) fail(declared, "oc.decode got more than 1 MiB of text");
  try {
    return computed(declared, parse_decoded_literal(text));
  } catch (const GrammarError& error) {
    fail(declared,
         "oc.decode cannot read its text, at character " + std::to_string(error.offset + 1) + ": " + error.what);
  }
}

Config Evaluator::select(const Config& declared, const Call& call) {
  check_arguments(declared, call, 2);
  const std::string path = argument_text(declared, call, 0);
  Reference reference;
  while (reference.dots < path.size() && path[reference.dots] == '.') ++reference.dots;
  for (std::string& name : split_path(std::string_view(path).substr(reference.dots))) {
    reference.steps.push_back({Text{{Piece{std::move(name), nullptr}}}, true});
  }
  Config target = start_of(declared, reference, "${oc.select:" + path + "}");
  for (const ReferenceStep& step : reference.steps) {
    const Config container = resolve(target);
    target = Access::node(container).is_container() ? child(container, step.name.literal())
                                                    : Access::handle(Access::tree(container), nullptr);
    if (!Access::present(target)) break;
  }
  if (Access::present(target)) {
    target = resolve(target);
    if (Access::node(target).kind != Kind::missing) return target;
  }
  if (call.arguments.size() < 2) return computed(declared, Kind::null, {});
  const Literal& fallback = call.arguments[1];
  if (fallback.text.is_literal()) return computed(declared, fallback);
  return evaluate(declared, fallback.text);
}

Config Evaluator::custom(const Config& declared, const Call& call, const Resolvers::Function& function) {
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) arguments.push_back(argument_text(declared, call, i));
  try {
    return computed(declared, Kind::text, function(arguments));
  } catch (const std::exception& error) {
    throw ConfigError(describe(Access::node(declared)) + ": the resolver '" + call.name + "' failed: " + error.what(),
                      {.cause = std::current_exception()});
  }
}

}  // namespace core_lib::config
