// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/resolve.hpp"

#include <algorithm>
#include <memory>

#include <arpa/inet.h>
#include <netdb.h>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/bounded_call.hpp"

namespace core_lib::sql::postgresql {
namespace {

struct Lookup {
  int status = 0;
  std::vector<std::string> addresses;
};

bool needs_lookup(const std::string& host) {
  in6_addr ignored{};
  return !host.empty() && host[0] != '/' && host[0] != '@' && inet_pton(AF_INET, host.c_str(), &ignored) != 1 &&
         inet_pton(AF_INET6, host.c_str(), &ignored) != 1;
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

}  // namespace

std::vector<std::string> resolve(const std::string& host, std::string_view attempt, Deadline deadline) {
  if (!needs_lookup(host)) return {std::string()};
  const auto lookup = std::make_shared<Lookup>();
  const BoundedCall call([host, lookup] { look_up(host, *lookup); });
  if (!call.wait(deadline)) throw ConnectionLost(std::string(attempt) + ": the look-up of the host takes too long");
  if (lookup->status != 0) {
    throw ConnectionLost(std::string(attempt) + ": the host " + host +
                         " is not known: " + gai_strerror(lookup->status));
  }
  return lookup->addresses;
}

}  // namespace core_lib::sql::postgresql
