// SPDX-License-Identifier: Apache-2.0
#include "memcached_client.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core_lib/error/error.hpp"

#include "memcached_server.hpp"

namespace {

using core_lib::Deadline;
using ::testing::HasSubstr;

TEST(MemcachedClientTest, ValueThatWasSetIsGot) {
  const MemcachedServer server;
  MemcachedClient client(server.socket_path(), {});
  client.set("key", "line\r\nEND\r\n");
  client.set("empty", "");
  client.set("long", std::string(100'000, 'x'));
  EXPECT_EQ(client.get("key"), "line\r\nEND\r\n");
  EXPECT_EQ(client.get("empty"), "");
  EXPECT_EQ(client.get("long"), std::string(100'000, 'x'));
  EXPECT_EQ(client.get("other"), std::nullopt);
  EXPECT_FALSE(client.version({}).empty());
}

TEST(MemcachedClientTest, RefusedValueIsAnErrorAndTheClientGoesOn) {
  const MemcachedServer server;
  MemcachedClient client(server.socket_path(), {});
  EXPECT_THROW(client.set("key", std::string(2U << 20U, 'x')), core_lib::Error);
  EXPECT_FALSE(client.is_broken());
  client.set("key", "value");
  EXPECT_EQ(client.get("key"), "value");
}

TEST(MemcachedClientTest, KeyThatWouldBreakTheProtocolIsRefused) {
  const MemcachedServer server;
  MemcachedClient client(server.socket_path(), {});
  for (const std::string& key :
       {std::string(), std::string("a b"), std::string("a\r\nflush_all"), std::string(251, 'x')}) {
    EXPECT_THROW(client.set(key, "value"), core_lib::UsageError) << key;
    EXPECT_THROW((void)client.get(key), core_lib::UsageError) << key;
  }
  client.set(std::string(250, 'x'), "value");
  EXPECT_FALSE(client.is_broken());
}

TEST(MemcachedClientTest, NobodyAtTheSocketIsAConnectionLost) {
  EXPECT_THROW(MemcachedClient("/nonexistent/socket", {}), core_lib::ConnectionLost);
  EXPECT_THROW(MemcachedClient(std::string(200, 'x'), {}), core_lib::ConnectionLost);
}

/// Answers the first client with some bytes and hangs up.
class FakeServer {
 public:
  explicit FakeServer(std::string answer) : listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_path().copy(address.sun_path, sizeof(address.sun_path) - 1);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        ::listen(listener_, 1) != 0) {
      throw std::runtime_error("cannot listen at " + socket_path());
    }
    thread_ = std::jthread([this, answer = std::move(answer)] {
      const int client = ::accept(listener_, nullptr, nullptr);
      char request[256];
      if (::recv(client, request, sizeof(request), 0) > 0) ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(client);
    });
  }
  FakeServer(const FakeServer&) = delete;
  FakeServer& operator=(const FakeServer&) = delete;
  ~FakeServer() {
    thread_.join();
    ::close(listener_);
    std::filesystem::remove_all(folder_);
  }
  [[nodiscard]] std::string socket_path() const { return folder_ + "/socket"; }

 private:
  std::string folder_ = MemcachedServer::make_folder();
  int listener_;
  std::jthread thread_;
};

struct BrokenAnswer {
  const char* answer;
  const char* error;
};

TEST(MemcachedClientTest, BrokenAnswerIsAConnectionLostAndBreaksTheClient) {
  const BrokenAnswer cases[] = {
      {"", "the server closed the connection"},
      {"END", "the server closed the connection"},
      {"ERROR\r\n", "the server said ERROR"},
      {"VALUE key 0 many\r\n", "the server said VALUE key 0 many"},
      {"VALUE key 0 5\r\nab", "the server closed the connection"},
      {"VALUE key 0 2\r\nabcd\r\nEND\r\n", "longer than the server said"},
      {"VALUE key 0 2\r\nab\r\nVALUE\r\n", "longer than the server said"},
  };
  for (const BrokenAnswer& each : cases) {
    const FakeServer server(each.answer);
    MemcachedClient client(server.socket_path(), {});
    try {
      (void)client.get("key");
      ADD_FAILURE() << "nothing was thrown for " << each.answer;
    } catch (const core_lib::ConnectionLost& error) {
      EXPECT_THAT(error.what(), HasSubstr(each.error)) << each.answer;
      EXPECT_TRUE(error.breaks_connection());
    }
    EXPECT_TRUE(client.is_broken()) << each.answer;
  }
}

TEST(MemcachedClientTest, LineWithoutAnEndIsNotReadForEver) {
  const FakeServer server(std::string(10'000, 'x'));
  MemcachedClient client(server.socket_path(), {});
  EXPECT_THROW((void)client.get("key"), core_lib::ConnectionLost);
}

TEST(MemcachedClientTest, PassedDeadlineEndsTheWaitAndBreaksTheClient) {
  const MemcachedServer server;
  MemcachedClient client(server.socket_path(), {});
  EXPECT_THROW((void)client.version(Deadline(Deadline::clock::now())), core_lib::DeadlineExceeded);
  EXPECT_TRUE(client.is_broken());
}

}  // namespace
