// SPDX-License-Identifier: Apache-2.0
// Paths and addresses: keys put together to a path come apart again, and encoded parts stay within their places.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/config/url.hpp"
#include "core_lib/error/error.hpp"

#include "config/near_names.hpp"
#include "config/path.hpp"

namespace {

using namespace core_lib::config;

void check_path(std::string_view path) {
  std::vector<std::string> steps;
  try {
    steps = split_path(path);
  } catch (const core_lib::ConfigError&) {
    return;
  }
  if (steps.empty() || std::find(steps.begin(), steps.end(), "") != steps.end()) std::abort();
  std::string joined;
  for (const std::string& step : steps) append_key(joined, step);
  if (split_path(joined) != steps) std::abort();
  static_cast<void>(suggest(path, steps));
}

void check_url(std::string_view text) {
  std::array<std::string, 7> parts;
  for (std::string& part : parts) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const core_lib::Url url{.protocol = "p",
                          .username = parts[1],
                          .password = parts[2],
                          .host = "h",
                          .port = "1",
                          .path = parts[5],
                          .file = parts[6]};
  static_cast<void>(core_lib::build_url({parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]}));
  const std::string encoded = core_lib::build_encoded_url(url);
  const bool has_login = !url.username.empty() || !url.password.empty();
  if (std::count(encoded.begin(), encoded.end(), '@') != (has_login ? 1 : 0)) std::abort();
  if (encoded.find_first_of("?# \"<>\\") != std::string::npos) std::abort();
  const std::size_t host = encoded.find("h:1", has_login ? encoded.find('@') : 0);
  if (encoded.rfind("p://", 0) != 0 || host == std::string::npos) std::abort();
  if (encoded.substr(4, host - 4).find('/') != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  check_path(text);
  check_url(text);
  return 0;
}
