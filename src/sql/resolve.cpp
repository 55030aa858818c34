// SPDX-License-Identifier: Apache-2.0
#include "sql/resolve.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include <arpa/inet.h>
#include <netdb.h>
#include <unistd.h>

#include "core_lib/error/error.hpp"

#include "sql/bounded_call.hpp"

namespace core_lib::sql {
namespace {

struct Lookup {
  int status = 0;
  std::vector<std::string> addresses;
  std::optional<BoundedCall> call;
};

/// Those under way, by host: while a name server is silent, all who ask for a name wait for one thread.
struct Lookups {
  std::mutex mutex;
  std::unordered_map<std::string, std::shared_ptr<Lookup>> under_way;
  pid_t process = getpid();  // after fork() nobody works on those of the parent
};

// Never destroyed: threads that are left behind may outlive main().
Lookups& lookups() {
  static auto& all = *new Lookups;
  return all;
}

void look_up(const std::string& host, Lookup& lookup) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  lookup.status = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (lookup.status != 0) return;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (std::find(lookup.addresses.begin(), lookup.addresses.end(), text) == lookup.addresses.end()) {
      lookup.addresses.emplace_back(text);
    }
  }
}

std::shared_ptr<Lookup> lookup_of(const std::string& host) {
  const std::scoped_lock lock(lookups().mutex);
  if (std::exchange(lookups().process, getpid()) != getpid()) lookups().under_way.clear();
  if (const auto found = lookups().under_way.find(host); found != lookups().under_way.end()) return found->second;
  const auto lookup = std::make_shared<Lookup>();
  lookup->call.emplace([host, result = lookup] {
    const auto forget = [&] {
      const std::scoped_lock again(lookups().mutex);
      lookups().under_way.erase(host);
    };
    try {
      look_up(host, *result);
    } catch (...) {
      forget();
      throw;
    }
    forget();
  });
  if (lookup->call->has_started()) lookups().under_way.emplace(host, lookup);
  return lookup;
}

}  // namespace

bool is_address(const std::string& host) noexcept {
  in6_addr ignored{};
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 || inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::vector<std::string> resolve(const std::string& host, std::string_view attempt, Deadline deadline) {
  if (is_address(host)) return {host};
  const std::shared_ptr<Lookup> lookup = lookup_of(host);
  if (!lookup->call->wait(deadline)) {
    throw DeadlineExceeded(std::string(attempt) + ": the address of '" + host + "' was not found in time");
  }
  if (lookup->status != 0) {
    throw ConnectionLost(std::string(attempt) + ": the host '" + host + "' is unknown (" +
                             gai_strerror(lookup->status) + "); correct its name",
                         {.retryable = lookup->status == EAI_AGAIN});
  }
  if (lookup->addresses.empty())
    throw ConnectionLost(std::string(attempt) + ": the host '" + host + "' has no address");
  return lookup->addresses;
}

}  // namespace core_lib::sql
