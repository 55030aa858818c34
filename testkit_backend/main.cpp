// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iostream>
#include <string_view>
#include <thread>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend.hpp"

namespace {

int usage() {
  std::cerr << "usage: testkit_backend [--port N]     N: 1 to 65535, default 9876\n";
  return 2;
}

int listen_on(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::listen(socket, 16) != 0) {
    return -1;
  }
  return socket;
}

void serve(int socket) {
  core_lib::testkit::Channel channel(socket);
  try {
    core_lib::testkit::Backend(channel).run();
  } catch (const std::exception& error) {
    std::cerr << "testkit_backend: " << error.what() << '\n';
  }
}

}  // namespace

/// TestKit opens a connection for each test, one after another; what a test that gave up has left must not hold up the
/// next.
int main(int count, char** arguments) {
  std::uint16_t port = 9876;
  if (count != 1 && (count != 3 || std::string_view(arguments[1]) != "--port")) return usage();
  if (count == 3) {
    const std::string_view text = arguments[2];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0) return usage();
  }
  const int server = listen_on(port);
  if (server < 0) {
    std::perror("testkit_backend: cannot listen");
    return 1;
  }
  std::cerr << "testkit_backend: listening on port " << port << '\n';
  for (;;) {
    const int socket = ::accept(server, nullptr, nullptr);
    if (socket >= 0) std::thread(serve, socket).detach();
  }
}
