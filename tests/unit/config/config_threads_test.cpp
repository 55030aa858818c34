// SPDX-License-Identifier: Apache-2.0
#include <latch>
#include <thread>
#include <vector>

#include "core_lib/config/config.hpp"
#include "core_lib/config/resolvers.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

TEST(ConfigThreadsTest, ManyThreadsReadOneConfiguration) {
  constexpr int threads = 8;
  const Config config =
      Config::parse("{a: {b: 1}, link: \"${a}\", sum: \"${a.b}${own:2}\", list: [1, 2], absent: \"${nothing}\"}", "f",
                    Resolvers().add("own", [](const auto& arguments) { return arguments[0]; }));
  std::latch start(threads);
  std::vector<std::jthread> crew;
  for (int i = 0; i < threads; ++i) {
    crew.emplace_back([&] {
      start.arrive_and_wait();
      for (int k = 0; k < 100; ++k) {
        const Config copy = config;
        EXPECT_EQ(copy.at("link.b").as<int>(), 1);
        EXPECT_EQ(copy["sum"].as<int>(), 12);
        EXPECT_EQ(copy["list"].as<std::vector<int>>().size(), 2U);
        EXPECT_FALSE(config_error([&] { return copy["absent"].as<int>(); }).empty());
        EXPECT_EQ(copy.to_string().empty(), false);
      }
    });
  }
}

}  // namespace
}  // namespace core_lib
