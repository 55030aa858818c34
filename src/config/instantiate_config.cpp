// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/instantiate_config.hpp"

#include <algorithm>
#include <exception>

#include "config/access.hpp"
#include "config/build.hpp"
#include "config/evaluator.hpp"
#include "config/near_names.hpp"
#include "config/type_name.hpp"

namespace core_lib::config {
namespace {

constexpr std::size_t max_nested_builds = 50;

// Counts builds inside of builds on this thread, since a constructor may call instantiate_config() itself.
class NestedBuild {
 public:
  explicit NestedBuild(const Config& node) {
    if (depth_ >= max_nested_builds) {
      node.fail("objects nest deeper than " + std::to_string(max_nested_builds) + " levels; does it contain itself?");
    }
    ++depth_;
  }
  NestedBuild(const NestedBuild&) = delete;
  NestedBuild& operator=(const NestedBuild&) = delete;
  ~NestedBuild() { --depth_; }

 private:
  static thread_local std::size_t depth_;
};

thread_local std::size_t NestedBuild::depth_ = 0;

struct Chosen {
  const Target* target;  // null: the type's own constructor
  const TargetFactory* factory;
  std::string name;
};

std::string quoted_names(const std::vector<const Target*>& targets) {
  std::string text;
  for (const Target* target : targets) {
    text += (text.empty() ? "'" : ", '") + (target->names.empty() ? type_name(target->type) : target->names[0]) + "'";
  }
  return text;
}

void reject_unsupported_keys(const Config& node) {
  for (const std::string_view key : {"_args_", "_partial_", "_convert_"}) {
    if (const Node* found = Access::node(node).find(key)) {
      throw ConfigError(describe_key(*found) + ": '" + std::string(key) +
                        "' is not supported; name every argument and build whole objects");
    }
  }
}

Chosen by_name(const Config& node, const TargetRegistry& targets, std::type_index type) {
  const Config declared = node["_target_"];
  const Config value = Evaluator().resolve(declared);
  const Node& scalar = Access::node(value);
  if (scalar.kind == Kind::missing) declared.fail("the value is missing: ???; set it to the name of a target");
  if (scalar.kind != Kind::text || scalar.text.empty()) {
    declared.fail("expected the name of a target, found " +
                  std::string(scalar.kind == Kind::text ? "empty text" : name_of(scalar.kind)));
  }
  const Target* target = targets.find(scalar.text);
  if (target == nullptr) {
    declared.fail("unknown target '" + scalar.text + "'" + suggest(scalar.text, targets.names()));
  }
  const auto fitting = targets.find_convertible(type);
  if (std::find(fitting.begin(), fitting.end(), target) == fitting.end()) {
    declared.fail("the target '" + scalar.text + "' builds " + type_name(target->type) + ", but " + type_name(type) +
                  " is needed");
  }
  return {target, target->factory.get(), scalar.text};
}

Chosen by_type(const Config& node, const TargetRegistry& targets, std::type_index type, const TargetFactory* fallback) {
  const auto own = targets.find(type);
  const std::string name = type_name(type);
  if (own.size() == 1) return {own[0], own[0]->factory.get(), name};
  if (own.size() > 1) {
    node.fail("several targets build " + name + "; choose one with _target_: " + quoted_names(own));
  }
  if (fallback != nullptr) return {nullptr, fallback, name};
  const auto fitting = targets.find_convertible(type);
  node.fail(name + " cannot be built without a _target_" +
            (fitting.empty() ? ", and no target gives one" : ": " + quoted_names(fitting)));
}

std::shared_ptr<void> converted(std::shared_ptr<void> object, const Target* target, std::type_index type) {
  if (target == nullptr || target->type == type) return object;
  const auto base = std::find_if(target->bases.begin(), target->bases.end(),
                                 [&](const Target::Base& candidate) { return candidate.type == type; });
  return base->cast(object);
}

template <class Kind = ConfigError>
[[noreturn]] void fail_to_build(const Config& node, const std::string& what, const char* reason, ErrorDetails details) {
  details.cause = std::current_exception();
  throw Kind(describe(Access::node(node)) + ": cannot build '" + what + "': " + reason, std::move(details));
}

ErrorDetails details_of(const Error& error) {
  return {.status_code = error.status_code(),
          .retryable = error.is_retryable(),
          .breaks_connection = error.breaks_connection(),
          .native_code = error.native_code()};
}

void reject_unknown_arguments(const Config& node, const Build::State& state) {
  if (state.takes_whole_node) return;
  constexpr std::string_view own[] = {"_target_", "_recursive_", "_instance_key_"};
  for (const Node* child : Access::node(node).children) {
    const auto is_child = [&](std::string_view name) { return name == child->key; };
    if (std::any_of(std::begin(own), std::end(own), is_child)) continue;
    if (std::any_of(state.known.begin(), state.known.end(), is_child)) continue;
    throw ConfigError(describe_key(*child) + ": unknown argument '" + child->key + "'" +
                      suggest(child->key, state.known));
  }
}

std::shared_ptr<void> build(const Config& node, const Chosen& chosen, const TargetRegistry& targets,
                            const InstantiateOptions& options) {
  const NestedBuild nested(node);
  try {
    Build::State state{.targets = targets, .options = options, .recursive = node.get<bool>("_recursive_", true)};
    std::shared_ptr<void> object = Build::run(node, *chosen.factory, state);
    if (object == nullptr) node.fail("the factory returned nothing");
    reject_unknown_arguments(node, state);
    return object;
  } catch (const ConnectionLost& error) {
    // A data source that does not answer is no mistake of the configuration: the same program may start later.
    fail_to_build<ConnectionLost>(node, chosen.name, error.what(), details_of(error));
  } catch (const DeadlineExceeded& error) {
    fail_to_build<DeadlineExceeded>(node, chosen.name, error.what(), details_of(error));
  } catch (const Error& error) {
    fail_to_build(node, chosen.name, error.what(), details_of(error));
  } catch (const std::exception& error) {
    fail_to_build(node, chosen.name, error.what(), {});
  } catch (...) {
    fail_to_build(node, chosen.name, "an exception that is no std::exception", {});
  }
}

std::shared_ptr<void> build_or_share(const Config& node, const Chosen& chosen, const TargetRegistry& targets,
                                     const InstantiateOptions& options) {
  const auto build_one = [&] { return build(node, chosen, targets, options); };
  if (options.instances == nullptr || !node.contains("_instance_key_")) return build_one();
  const std::string key = node["_instance_key_"].as<std::string>();
  return Build::shared(*options.instances, key, node, *chosen.factory, build_one);
}

}  // namespace

std::shared_ptr<void> instantiate(const Config& declared, std::type_index type, const TargetFactory* fallback,
                                  const TargetRegistry& targets, const InstantiateOptions& options) {
  const Config node = Evaluator().resolve(declared);
  const Node& value = Access::node(node);
  const bool is_empty = value.kind == Kind::null || (value.kind == Kind::map && value.children.empty());
  if (is_empty && !options.required) return nullptr;
  if (value.kind != Kind::map || is_empty) {
    declared.fail("expected a map that describes " + type_name(type) + ", found " +
                  std::string(is_empty && value.kind == Kind::map ? "an empty map" : name_of(value.kind)));
  }
  reject_unsupported_keys(node);
  const Chosen chosen =
      value.find("_target_") != nullptr ? by_name(node, targets, type) : by_type(node, targets, type, fallback);
  return converted(build_or_share(node, chosen, targets, options), chosen.target, type);
}

}  // namespace core_lib::config
