// SPDX-License-Identifier: Apache-2.0
// Creates, reads and updates users, and shows what a caller gets for one that is missing and one that is there twice.
// usage: your_core_lib [CONFIG_DIRECTORY]
#include <cstdio>

#include "your_core_lib.hpp"

namespace {

void print(const char* what, const User& user) {
  std::printf("%-9s id=%lld email=%s name=%s\n", what, static_cast<long long>(user.id), user.email.c_str(),
              user.name.value_or("(none)").c_str());
}

void show_errors(const UserService& user) {
  // [quote errors]
  try {
    user.get(1'000'000);
  } catch (const core_lib::Error& error) {
    std::printf("%-9d %s\n", error.status_code(), error.what());  // 404
  }
  try {
    user.sign_up("ada@example.org");
  } catch (const core_lib::Error& error) {
    std::printf("%-9d %s\n", error.status_code(), error.what());  // 409
  }
  // [/quote]
}

void show_health(const YourCoreLib& your) {
  // [quote health]
  for (const auto& [name, health] : your.health(core_lib::Deadline::in(std::chrono::seconds(2)))) {
    std::printf("%-9s %s, %s\n", health.healthy ? "healthy" : "ill", name.c_str(),
                health.healthy ? health.server_version.c_str() : health.error.c_str());
  }
  // [/quote]
}

void run(const char* config_directory) {
  // [quote compose]
  const YourCoreLib your(core_lib::compose({.search_path = {config_directory}, .name = "config"}));
  // [/quote]
  show_health(your);
  const std::vector<User> before = your.user.all();
  std::printf("%zu users were here before this run\n", before.size());
  if (before.empty()) print("created", your.user.sign_up("ada@example.org"));
  print("created", your.user.sign_up("guest-" + std::to_string(before.size() + 1) + "@example.org"));

  const User first = your.user.all().front();
  print("read", your.user.get(first.id));
  your.user.rename(first.id, "Ada, renamed with " + std::to_string(before.size()) + " users here");
  print("updated", your.user.get(first.id));
  show_errors(your.user);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc > 1 ? argv[1] : YOUR_CORE_LIB_CONFIG);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "your_core_lib: %s\n", error.what());
    return 1;
  }
}
