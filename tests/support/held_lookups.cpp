// SPDX-License-Identifier: Apache-2.0
#include "support/held_lookups.hpp"

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include <dlfcn.h>
#include <netdb.h>

namespace core_lib::support {
namespace {

struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  bool holds = false;
  int passing = 0;
  int count = 0;
};

// Never destroyed: threads with look-ups of theirs may outlive main().
Gate& gate() {
  static auto& gate = *new Gate;
  return gate;
}

std::atomic<const char*> moved_to = nullptr;

void pass() {
  std::unique_lock lock(gate().mutex);
  if (!gate().holds || gate().passing-- > 0) return;
  ++gate().count;
  gate().changed.wait(lock, [] { return !gate().holds; });
  --gate().count;
  gate().changed.notify_all();
}

}  // namespace

HeldLookups::HeldLookups(int passing) {
  const std::scoped_lock lock(gate().mutex);
  gate().passing = passing;
  gate().holds = true;
}

HeldLookups::~HeldLookups() {
  std::unique_lock lock(gate().mutex);
  gate().holds = false;
  gate().changed.notify_all();
  gate().changed.wait(lock, [] { return gate().count == 0; });
}

int HeldLookups::count() const {
  const std::scoped_lock lock(gate().mutex);
  return gate().count;
}

MovedLocalhost::MovedLocalhost(const char* address) { moved_to = address; }
MovedLocalhost::~MovedLocalhost() { moved_to = nullptr; }

}  // namespace core_lib::support

/// In the place of the C library's, for the libraries of the program too.
extern "C" int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  static const auto look_up = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  if (host != nullptr && std::strcmp(host, "localhost") == 0) {
    core_lib::support::pass();
    if (const char* const address = core_lib::support::moved_to) host = address;
  }
  return look_up(host, service, hints, found);
}
