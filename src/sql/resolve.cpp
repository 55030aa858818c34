// SPDX-License-Identifier: Apache-2.0
#include "sql/resolve.hpp"

#include <algorithm>
#include <memory>

#include <arpa/inet.h>
#include <netdb.h>

#include "core_lib/error/error.hpp"

#include "sql/bounded_call.hpp"

namespace core_lib::sql {
namespace {

struct Lookup {
  int status = 0;
  std::vector<std::string> addresses;
};

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

}  // namespace

bool is_address(const std::string& host) noexcept {
  in6_addr ignored{};
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 || inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::vector<std::string> resolve(const std::string& host, std::string_view attempt, Deadline deadline) {
  if (is_address(host)) return {host};
  const auto lookup = std::make_shared<Lookup>();
  const BoundedCall call([host, lookup] { look_up(host, *lookup); });
  if (!call.wait(deadline)) {
    throw DeadlineExceeded(std::string(attempt) + ": the address of '" + host + "' was not found in time");
  }
  if (lookup->status != 0) {
    throw ConnectionLost(std::string(attempt) + ": the host '" + host + "' is unknown (" +
                             gai_strerror(lookup->status) + "); correct its name",
                         {.retryable = lookup->status == EAI_AGAIN});
  }
  return lookup->addresses;
}

}  // namespace core_lib::sql
