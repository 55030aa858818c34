// SPDX-License-Identifier: Apache-2.0
#include "net/resolver.hpp"

#include <atomic>
#include <cstring>
#include <thread>

#include <netdb.h>

#include "core_lib/error/error.hpp"

#include "net/cancellation.hpp"

namespace core_lib::net {
namespace {

/// What a look-up gives, filled by its thread and read after `done`.
struct Lookup {
  int status = 0;
  std::vector<Endpoint> endpoints;
  std::atomic<bool> done = false;
};

void look_up(const Address& address, int flags, Lookup& lookup) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  lookup.status = getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  for (const addrinfo* info = lookup.status == 0 ? found : nullptr; info != nullptr; info = info->ai_next) {
    Endpoint endpoint;
    std::memcpy(&endpoint.storage, info->ai_addr, info->ai_addrlen);
    endpoint.size = info->ai_addrlen;
    lookup.endpoints.push_back(endpoint);
  }
  if (lookup.status == 0) freeaddrinfo(found);
}

}  // namespace

std::string to_string(const Address& address) {
  const bool is_ipv6 = address.host.find(':') != std::string::npos;
  return (is_ipv6 ? '[' + address.host + ']' : address.host) + ':' + std::to_string(address.port);
}

std::vector<Endpoint> resolve(const Address& address, Deadline deadline,
                              const std::shared_ptr<Cancellation>& cancellation) {
  auto lookup = std::make_shared<Lookup>();
  look_up(address, AI_NUMERICHOST, *lookup);
  if (lookup->status == 0) return std::move(lookup->endpoints);
  std::thread([lookup, address, cancellation] {
    look_up(address, AI_ADDRCONFIG, *lookup);
    lookup->done = true;
    cancellation->wake();
  }).detach();
  cancellation->wait(deadline, [&] { return lookup->done.load(); });
  if (!lookup->done) {
    if (cancellation->is_cancelled()) {
      throw ConnectionLost("the look-up of '" + address.host + "' was cancelled", {.breaks_connection = true});
    }
    throw DeadlineExceeded("no answer in time to the question which address '" + address.host + "' has",
                           {.retryable = true, .breaks_connection = true});
  }
  if (lookup->status != 0 || lookup->endpoints.empty()) {
    throw ConnectionLost("cannot find the host '" + address.host + "': " + gai_strerror(lookup->status),
                         {.retryable = true, .breaks_connection = true});
  }
  return std::move(lookup->endpoints);
}

}  // namespace core_lib::net
