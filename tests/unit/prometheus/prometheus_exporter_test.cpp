// SPDX-License-Identifier: Apache-2.0
#include "core_lib/prometheus/prometheus_exporter.hpp"

#include <array>
#include <string>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

/// What a server on this machine answers to a GET.
std::string get(int port, const std::string& path) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    EXPECT_EQ(::send(socket, request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::recv(socket, part.data(), part.size(), 0)) > 0;) {
      answer.append(part.data(), static_cast<std::size_t>(got));
    }
  }
  ::close(socket);
  return answer;
}

TEST(PrometheusTextTest, EveryKindIsSpelled) {
  MetricsRegistry metrics;
  metrics.counter("orders_total", "Orders that were placed.", {{"shop", "a \"quoted\" one"}}).add(3);
  metrics.gauge("users", "Users that are here.").set(-2);
  constexpr double ends[] = {0.5, 1};
  Histogram& times = metrics.histogram("times", "Times.", {{"user", "ada"}}, ends);
  for (const double value : {0.25, 0.75, 4.0}) times.add(value);
  EXPECT_EQ(prometheus_text(metrics.snapshot()),
            "# HELP orders_total Orders that were placed.\n"
            "# TYPE orders_total counter\n"
            "orders_total{shop=\"a \\\"quoted\\\" one\"} 3\n"
            "# HELP times Times.\n"
            "# TYPE times histogram\n"
            "times_count{user=\"ada\"} 3\n"
            "times_sum{user=\"ada\"} 5\n"
            "times_bucket{user=\"ada\",le=\"0.5\"} 1\n"
            "times_bucket{user=\"ada\",le=\"1\"} 2\n"
            "times_bucket{user=\"ada\",le=\"+Inf\"} 3\n"
            "# HELP users Users that are here.\n"
            "# TYPE users gauge\n"
            "users -2\n");
}

TEST(PrometheusExporterTest, AnswersWithTheFiguresOfTheMoment) {
  // [quote exporter]
  const auto metrics = std::make_shared<core_lib::MetricsRegistry>();
  const core_lib::PrometheusExporter exporter(metrics, {.address = "127.0.0.1:0"});  // 0 takes a free port
  // [/quote]
  Counter& orders = metrics->counter("orders_total", "Orders.");
  EXPECT_THAT(get(exporter.port(), "/metrics"), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("\norders_total 0\n")));
  orders.add(5);
  EXPECT_THAT(get(exporter.port(), "/metrics"), HasSubstr("\norders_total 5\n"));
  EXPECT_THAT(get(exporter.port(), "/elsewhere"), StartsWith("HTTP/1.1 404"));
}

TEST(PrometheusExporterTest, SaysWhereItCannotListen) {
  const auto metrics = std::make_shared<MetricsRegistry>();
  const PrometheusExporter first(metrics, {.address = "127.0.0.1:0"});
  const std::string taken = "127.0.0.1:" + std::to_string(first.port());
  try {
    const PrometheusExporter second(metrics, {.address = taken});
    FAIL() << "two listen on one port";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr(taken + "/metrics"));
  }
  EXPECT_THROW(PrometheusExporter(nullptr), UsageError);
}

TEST(PrometheusExporterTest, StopsListeningWithItsEnd) {
  int port = 0;
  {
    const PrometheusExporter exporter(std::make_shared<MetricsRegistry>(), {.address = "127.0.0.1:0"});
    port = exporter.port();
  }
  EXPECT_EQ(get(port, "/metrics"), "");
}

}  // namespace
}  // namespace core_lib
