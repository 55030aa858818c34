// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/instance_cache.hpp"

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core_lib/config/instantiate_config.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::HasSubstr;

struct Part {
  virtual ~Part() = default;
};
struct Thing : Part {
  std::shared_ptr<Thing> inner;
};

using Factory = std::function<std::shared_ptr<Thing>(const TargetArguments&)>;

TargetRegistry targets(Factory factory) {
  TargetRegistry registry;
  registry.add<Thing>({"thing", "old.thing"}, std::move(factory)).as<Part>();
  registry.add<Thing>({"other"}, [](const TargetArguments& arguments) {
    static_cast<void>(arguments.get<int>("a", 0));
    return std::make_shared<Thing>();
  });
  return registry;
}

TargetRegistry plain() {
  return targets([](const TargetArguments& arguments) {
    static_cast<void>(arguments.contains("a"));
    static_cast<void>(arguments.contains("b"));
    return std::make_shared<Thing>();
  });
}

std::shared_ptr<Thing> built(const Config& node, const TargetRegistry& registry, InstanceCache& cache) {
  return instantiate_config<Thing>(node, registry, {.instances = &cache});
}

TEST(InstanceCacheTest, NodesWithOneKeyShareTheInstance) {
  const Config config = Config::parse(
      "x: {_target_: thing, _instance_key_: k, a: 1}\n"
      "y: {_target_: thing, _instance_key_: k, a: 1}\n"
      "z: {_target_: thing, _instance_key_: j, a: 1}\n"
      "none: {_target_: thing, a: 1}\n");
  InstanceCache cache;
  const auto x = built(config["x"], plain(), cache);
  EXPECT_NE(built(config["z"], plain(), cache), x);
  EXPECT_NE(built(config["none"], plain(), cache), built(config["none"], plain(), cache));
}

TEST(InstanceCacheTest, KeyIsSharedWithinOneRegistry) {
  const Config config = Config::parse(
      "x: {_target_: thing, _instance_key_: k, a: 1}\n"
      "y: {_target_: old.thing, _instance_key_: k, a: 1}\n");
  const TargetRegistry registry = plain();
  InstanceCache cache;
  const auto x = built(config["x"], registry, cache);
  EXPECT_EQ(built(config["y"], registry, cache), x);
  EXPECT_EQ(built(config["x"], registry, cache), x);
  EXPECT_EQ(instantiate_config<Part>(config["y"], registry, {.instances = &cache}), x);
  InstanceCache other;
  EXPECT_NE(built(config["x"], registry, other), x);
}

TEST(InstanceCacheTest, WithoutACacheEachNodeBuildsItsOwn) {
  const Config config = Config::parse("x: {_target_: thing, _instance_key_: k}");
  const TargetRegistry registry = plain();
  EXPECT_NE(instantiate_config<Thing>(config["x"], registry), instantiate_config<Thing>(config["x"], registry));
}

TEST(InstanceCacheTest, NodesThatSayTheSameInOtherWordsAreEqual) {
  const Config config = Config::parse(
      "v: 1\nm: {p: 1, q: [2]}\n"
      "x: {_target_: thing, _instance_key_: k, a: 1, b: {p: 1, q: [2]}}\n"
      "y: {b: \"${m}\", a: \"${v}\", _instance_key_: k, _target_: thing}\n");
  const TargetRegistry registry = plain();
  InstanceCache cache;
  const auto x = built(config["x"], registry, cache);
  EXPECT_EQ(built(config["y"], registry, cache), x);
}

TEST(InstanceCacheTest, NodesThatDifferAreAConflict) {
  const TargetRegistry registry = plain();
  for (const char* other :
       {"{_target_: thing, _instance_key_: k, a: hunter2}", "{_target_: thing, _instance_key_: k}",
        "{_target_: thing, _instance_key_: k, a: 1, b: 1}", "{_target_: thing, _instance_key_: k, a: [1]}",
        "{_target_: other, _instance_key_: k, a: 1}"}) {
    const Config config = Config::parse(std::string("x: {_target_: thing, _instance_key_: k, a: 1}\ny: ") + other, "f");
    InstanceCache cache;
    const auto x = built(config["x"], registry, cache);
    const std::string message = config_error([&] { return built(config["y"], registry, cache); });
    EXPECT_EQ(
        message,
        "y (f:2:4): the _instance_key_ 'k' belongs to x (f:1:4), which says something else; nodes that share a key "
        "must be equal")
        << other;
  }
}

TEST(InstanceCacheTest, FailedBuildLeavesNothingBehind) {
  int count = 0;
  const TargetRegistry registry = targets([&](const TargetArguments&) {
    if (++count == 1) throw std::runtime_error("first time");
    return std::make_shared<Thing>();
  });
  const Config config = Config::parse("x: {_target_: thing, _instance_key_: k}");
  InstanceCache cache;
  EXPECT_THAT(config_error([&] { return built(config["x"], registry, cache); }), HasSubstr("first time"));
  EXPECT_EQ(built(config["x"], registry, cache), built(config["x"], registry, cache));
  EXPECT_EQ(count, 2);
}

TEST(InstanceCacheTest, KeyThatNeedsItselfIsRefused) {
  TargetRegistry registry;
  registry.add<Thing>({"thing"}, [](const TargetArguments& arguments) { return arguments.object<Thing>("inner"); });
  const Config config = Config::parse("x: {_target_: thing, _instance_key_: k, inner: \"${x}\"}", "f");
  InstanceCache cache;
  EXPECT_THAT(config_error([&] { return built(config["x"], registry, cache); }),
              HasSubstr("the _instance_key_ 'k' needs itself"));
}

TEST(InstanceCacheTest, NodeTooLargeToCompareIsRefused) {
  const TargetRegistry registry = plain();
  const Config config = Config::parse(
      "x: {_target_: thing, _instance_key_: k, a: 1, b: \"${x}\"}\n"
      "y: {_target_: thing, _instance_key_: k, a: 1, b: \"${y}\"}\n");
  InstanceCache cache;
  const auto x = built(config["x"], registry, cache);
  EXPECT_THAT(config_error([&] { return built(config["y"], registry, cache); }), HasSubstr("does it contain itself?"));
}

TEST(InstanceCacheTest, ThreadsThatAskAtOnceGetOneInstance) {
  constexpr int threads = 8;
  std::atomic<int> count = 0;
  const TargetRegistry registry = targets([&](const TargetArguments&) {
    ++count;
    return std::make_shared<Thing>();
  });
  const Config config = Config::parse("x: {_target_: thing, _instance_key_: k}");
  for (int round = 0; round < 50; ++round) {
    InstanceCache cache;
    std::latch start(threads);
    std::vector<std::shared_ptr<Thing>> objects(threads);
    {
      std::vector<std::jthread> crew;
      for (int i = 0; i < threads; ++i) {
        crew.emplace_back([&, i] {
          start.arrive_and_wait();
          objects[static_cast<std::size_t>(i)] = built(config["x"], registry, cache);
        });
      }
    }
    for (const auto& object : objects) EXPECT_EQ(object, objects[0]);
    EXPECT_EQ(count, round + 1);
  }
}

TEST(InstanceCacheTest, ThreadsThatWaitTryAgainAfterAFailure) {
  constexpr int threads = 4;
  std::atomic<int> count = 0;
  const TargetRegistry registry = targets([&](const TargetArguments&) {
    if (++count % 2 == 1) throw std::runtime_error("odd");
    return std::make_shared<Thing>();
  });
  const Config config = Config::parse("x: {_target_: thing, _instance_key_: k}");
  InstanceCache cache;
  std::latch start(threads);
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> crew;
    for (int i = 0; i < threads; ++i) {
      crew.emplace_back([&] {
        start.arrive_and_wait();
        try {
          EXPECT_NE(built(config["x"], registry, cache), nullptr);
        } catch (const ConfigError&) {
          ++failures;
        }
      });
    }
  }
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(count, 2);
}

TEST(InstanceCacheTest, ThreadsWhoseNodesNeedEachOtherAreTold) {
  std::latch both(2);
  std::atomic<int> arrivals = 0;
  TargetRegistry registry;
  registry.add<Thing>({"thing"}, [&](const TargetArguments& arguments) {
    if (arrivals++ < 2) both.arrive_and_wait();
    return arguments.object<Thing>("inner");
  });
  const Config config = Config::parse(
      "x: {_target_: thing, _instance_key_: kx, inner: \"${y}\"}\n"
      "y: {_target_: thing, _instance_key_: ky, inner: \"${x}\"}\n");
  InstanceCache cache;
  std::atomic<int> refused = 0;
  const auto build = [&](const char* key) {
    try {
      static_cast<void>(built(config[key], registry, cache));
    } catch (const ConfigError& error) {
      if (std::string(error.what()).find("needs itself") != std::string::npos) ++refused;
    }
  };
  {
    const std::jthread first([&] { build("x"); });
    const std::jthread second([&] { build("y"); });
  }
  EXPECT_GE(refused, 1);
}

}  // namespace
}  // namespace core_lib
