// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace core_lib::support {

/// A way through Toxiproxy to a server on this machine: a port that passes all on, until a fault is asked for.
/// The service is tests/services/toxiproxy. Thread safety: all functions.
class FaultProxy {
 public:
  /// As the client sees it: upstream is what it sends, downstream what it is answered.
  enum class Stream { upstream, downstream };

  /// @param service   the port of Toxiproxy itself
  /// @param upstream  the port of the server
  /// @param listen    the port of its own; 0 takes one that is free
  FaultProxy(std::string service, const std::string& upstream, const std::string& listen = "0")
      : service_(std::move(service)), name_(next_name()), path_("/proxies/" + name_) {
    const std::string answer = ask("POST", "/proxies",
                                   R"({"enabled":true,"name":")" + name_ + R"(","listen":)" + address_of(listen) +
                                       R"(,"upstream":)" + address_of(upstream) + "}");
    const std::string before = R"("listen":"127.0.0.1:)";
    const std::size_t at = answer.find(before);
    if (at == std::string::npos) throw std::runtime_error("Toxiproxy tells no port: " + answer);
    port_ = answer.substr(at + before.size(), answer.find('"', at + before.size()) - at - before.size());
  }
  FaultProxy(const FaultProxy&) = delete;
  FaultProxy& operator=(const FaultProxy&) = delete;
  ~FaultProxy() {
    try {
      ask("DELETE", path_, "");
    } catch (const std::exception&) {
      // Toxiproxy was stopped before, and the proxy with it.
    }
  }

  /// Where clients connect.
  [[nodiscard]] const std::string& port() const noexcept { return port_; }

  /// Closes all connections, and refuses new ones until heal().
  void cut() { ask("POST", path_, R"({"enabled":false})"); }
  /// Swallows what is sent, both ways, and keeps the connections open: a peer that has vanished.
  void black_hole() {
    black_hole(Stream::upstream);
    black_hole(Stream::downstream);
  }
  /// The same in one direction.
  void black_hole(Stream stream) { add("timeout", stream, R"({"timeout":0})"); }
  /// Passes each answer on later.
  void delay(std::chrono::milliseconds by) {
    add("latency", Stream::downstream, R"({"latency":)" + std::to_string(by.count()) + "}");
  }
  /// Ends connections with RST: at once those that carry something, and those that are opened from now on.
  void reset() { add("reset_peer", Stream::downstream, R"({"timeout":0})"); }
  /// Lets that many bytes more pass on each connection, and then closes it.
  void limit(Stream stream, std::size_t bytes) {
    add("limit_data", stream, R"({"bytes":)" + std::to_string(bytes) + "}");
  }
  /// Ends all of these. A connection that was in a black hole closes with it.
  void heal() {
    for (const std::string& toxic : toxics()) ask("DELETE", path_ + "/toxics/" + toxic, "");
    ask("POST", path_, R"({"enabled":true})");
  }
  /// Passes connections on to another server from now on; open ones are closed.
  void lead_to(const std::string& upstream) { ask("POST", path_, R"({"upstream":)" + address_of(upstream) + "}"); }

 private:
  static std::string next_name() {
    static std::atomic<int> number{0};
    return "core_lib_" + std::to_string(getpid()) + "_" + std::to_string(++number);
  }
  static std::string address_of(const std::string& port) { return "\"127.0.0.1:" + port + "\""; }
  static const char* name_of(Stream stream) { return stream == Stream::upstream ? "upstream" : "downstream"; }

  void add(const std::string& type, Stream stream, const std::string& attributes) {
    const std::string side = name_of(stream);
    ask("POST", path_ + "/toxics",
        R"({"name":")" + type + "_" + side + R"(","type":")" + type + R"(","stream":")" + side + R"(","attributes":)" +
            attributes + "}");
  }

  [[nodiscard]] std::vector<std::string> toxics() const {
    const std::string answer = ask("GET", path_ + "/toxics", "");
    const std::string before = R"("name":")";
    std::vector<std::string> names;
    for (std::size_t at = answer.find(before); at != std::string::npos; at = answer.find(before, at)) {
      at += before.size();
      names.push_back(answer.substr(at, answer.find('"', at) - at));
    }
    return names;
  }

  /// One request of its interface; the body of the answer.
  std::string ask(const std::string& method, const std::string& path, const std::string& body) const {
    const std::string request =
        method + " " + path +
        " HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    const std::string answer = exchange(request);
    if (answer.size() < 12 || answer[9] != '2') {
      throw std::runtime_error("Toxiproxy refuses " + method + " " + path + " " + body + ": " + answer);
    }
    return answer.substr(answer.find("\r\n\r\n") + 4);
  }

  [[nodiscard]] std::string exchange(const std::string& request) const {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(service_)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
        ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
      std::array<char, 4096> part;
      for (ssize_t got; (got = ::recv(socket, part.data(), part.size(), 0)) > 0;) {
        answer.append(part.data(), static_cast<std::size_t>(got));
      }
    }
    ::close(socket);
    return answer;
  }

  std::string service_;
  std::string name_;
  std::string path_;
  std::string port_;
};

}  // namespace core_lib::support
