// SPDX-License-Identifier: Apache-2.0
// A bare socket at the work of benchmarks/neo4j: it sends the bytes that core_lib would send, finds where the messages
// of the answer end, and reads nothing in them. No driver can take less. See driver_process.hpp.
#include <array>
#include <cstring>
#include <iostream>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "neo4j/bolt/handshake.hpp"
#include "neo4j/bolt/protocol.hpp"
#include "neo4j/work.hpp"
#include "servers/candidate.hpp"

namespace benchmarks {
namespace {

namespace bolt = core_lib::neo4j::bolt;
using core_lib::neo4j::Map;

/// Counts the requests that it was given to, and never hears of an answer.
class Unheard final : public bolt::ResponseHandler {
  void on_success(core_lib::neo4j::packstream::Unpacker) override {}
  void on_failure(const std::shared_ptr<const core_lib::neo4j::ServerFailure>&) override {}
  void on_ignored() override {}
};

class RawBolt {
 public:
  RawBolt(const std::string& port, const std::string& password) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // 5.8, and nothing else.
    constexpr std::array<unsigned char, 20> offer{0x60, 0x60, 0xB0, 0x17, 0, 0, 8, 5};
    require(::send(socket_, offer.data(), offer.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(offer.size()));
    std::array<unsigned char, 4> answer{};
    require(::recv(socket_, answer.data(), answer.size(), MSG_WAITALL) == 4 && answer[3] == 5);
    const auto token = core_lib::neo4j::AuthToken::basic("neo4j", password);
    protocol_.hello({.user_agent = "raw/1", .auth = &token}, unheard_);
    protocol_.logon(token, unheard_);
    exchange(2);
  }
  RawBolt(const RawBolt&) = delete;
  RawBolt& operator=(const RawBolt&) = delete;
  ~RawBolt() { ::close(socket_); }

  void query(const char* text, const Map& parameters, std::int64_t fetch_size) {
    const bolt::TransactionStart start{};
    protocol_.run(text, parameters, &start, unheard_);
    protocol_.pull(fetch_size, bolt::Protocol::last, unheard_);
    for (exchange(2); has_more_;) {
      protocol_.pull(fetch_size, bolt::Protocol::last, unheard_);
      exchange(1);
    }
  }
  void read(const char* text, const Map& parameters) {
    protocol_.begin({.access = core_lib::Access::read_only}, unheard_);
    protocol_.run(text, parameters, nullptr, unheard_);
    protocol_.pull(bolt::Protocol::all, bolt::Protocol::last, unheard_);
    exchange(3);
    protocol_.commit(unheard_);
    exchange(1);
  }

 private:
  /// Sends what has gathered, and reads until so many requests have their last answer.
  void exchange(int requests) {
    const auto bytes = protocol_.outbox().view();
    require(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
    protocol_.outbox().clear();
    while (requests > 0) {
      while (const auto message = inbox_.next()) {
        if ((*message)[1] != std::byte{0x71}) {
          require((*message)[1] == std::byte{0x70});
          --requests;
          // {"has_more": true}, which comes alone
          has_more_ = message->size() == 13 && std::memcmp(message->data() + 4, "has_more", 8) == 0;
        }
      }
      if (requests == 0) break;
      const auto space = inbox_.space();
      const ssize_t count = ::recv(socket_, space.data(), space.size(), 0);
      require(count > 0);
      inbox_.received(static_cast<std::size_t>(count));
    }
  }

  int socket_;
  bool has_more_ = false;
  std::shared_ptr<Unheard> unheard_ = std::make_shared<Unheard>();
  bolt::Protocol protocol_{bolt::Version{5, 8}};
  bolt::Inbox inbox_;
};

void run(const std::string& port, const std::string& password) {
  constexpr std::int64_t fetch_size = 1000;
  RawBolt raw(port, password);
  std::cout << "raw socket, answers not read" << std::endl;
  int times = 0;
  for (std::string work; std::cin >> work >> times;) {
    for (int i = 0; i < times; ++i) {
      if (work == "rows") raw.query(rows_query, {}, fetch_size);
      if (work == "structs") raw.query(structs_query, {}, fetch_size);
      if (work == "query") raw.query(one_query, {{"number", 7}}, fetch_size);
      if (work == "execute_read") raw.read(one_query, {{"number", 7}});
    }
    std::cout << "done" << std::endl;
  }
}

}  // namespace
}  // namespace benchmarks

int main(int, char** argv) { benchmarks::run(argv[1], argv[2]); }
