// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_address.hpp"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::mariadb {
namespace {

struct Lookup {
  std::mutex mutex;
  std::condition_variable done_changed;
  bool done = false;
  int code = 0;
  std::vector<std::string> addresses;
};

bool is_address(const std::string& host) {
  in6_addr ignored{};
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 || inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

std::vector<std::string> addresses_of(const addrinfo* list) {
  std::vector<std::string> addresses;
  for (; list != nullptr; list = list->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(list->ai_addr, list->ai_addrlen, text, sizeof(text), nullptr, 0, NI_NUMERICHOST) != 0) continue;
    if (std::find(addresses.begin(), addresses.end(), text) == addresses.end()) addresses.emplace_back(text);
  }
  return addresses;
}

void look_up(const std::string& host, Lookup& lookup) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  std::vector<std::string> addresses;
  if (code == 0) {
    addresses = addresses_of(found);
    freeaddrinfo(found);
  }
  const std::scoped_lock lock(lookup.mutex);
  lookup.code = code;
  lookup.addresses = std::move(addresses);
  lookup.done = true;
  lookup.done_changed.notify_all();
}

}  // namespace

std::vector<std::string> resolve(const std::string& host, Deadline deadline) {
  if (is_address(host)) return {host};
  const auto lookup = std::make_shared<Lookup>();
  std::thread([host, lookup] { look_up(host, *lookup); }).detach();
  std::unique_lock lock(lookup->mutex);
  const auto done = [&] { return lookup->done; };
  if (deadline.is_never()) {
    lookup->done_changed.wait(lock, done);
  } else if (!lookup->done_changed.wait_until(lock, deadline.at(), done)) {
    throw DeadlineExceeded("the address of '" + host + "' was not found in time");
  }
  if (lookup->code != 0) {
    throw ConnectionLost("the host '" + host + "' is unknown (" + gai_strerror(lookup->code) + "); correct its name",
                         {.retryable = lookup->code == EAI_AGAIN});
  }
  return lookup->addresses;
}

}  // namespace core_lib::sql::mariadb
