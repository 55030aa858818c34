// SPDX-License-Identifier: Apache-2.0
// YAML text: parses it, walks through everything, reads each value as each type, follows its path back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/config/config.hpp"
#include "core_lib/config/resolvers.hpp"
#include "core_lib/error/error.hpp"

namespace {

using core_lib::Config;

template <class T>
void read(const Config& node) {
  try {
    static_cast<void>(node.as<T>());
  } catch (const core_lib::ConfigError&) {
  }
}

// One type for each value, since an error costs more than everything else here.
void read_value(const Config& node, int turn) {
  switch (turn % 6) {
    case 0:
      return read<bool>(node);
    case 1:
      return read<std::int8_t>(node);
    case 2:
      return read<std::uint64_t>(node);
    case 3:
      return read<double>(node);
    case 4:
      return read<std::vector<std::string>>(node);
    default:
      return read<std::string>(node);
  }
}

// A value that is there is found again by its path.
void follow_back(const Config& root, const Config& node) {
  const std::string path = node.path();
  if (path.empty()) return;
  if (root.at(path).path() != path) std::abort();
}

class Walk {
 public:
  explicit Walk(const Config& root) : root_(root) {}

  void visit(const Config& node, int depth) {
    if (++visited_ > 60 || depth > 12) return;  // interpolations may lead back to a parent
    follow_back(root_, node);
    try {
      if (!node.is_map() && !node.is_list()) return read_value(node, visited_);
      for (const Config& child : node) visit(child, depth + 1);
    } catch (const core_lib::ConfigError&) {
    }
  }

 private:
  const Config& root_;
  int visited_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const core_lib::Resolvers resolvers =
      core_lib::Resolvers().add("join", [](const std::vector<std::string>& arguments) {
        std::string text;
        for (const std::string& argument : arguments) text += argument;
        return text;
      });
  try {
    const Config root = Config::parse({reinterpret_cast<const char*>(bytes), size}, "fuzz", resolvers);
    static_cast<void>(root.to_string());
    Walk(root).visit(root, 0);
  } catch (const core_lib::ConfigError&) {
  }
  return 0;
}
