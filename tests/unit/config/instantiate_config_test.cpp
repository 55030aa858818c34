// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/instantiate_config.hpp"

#include <stdexcept>
#include <utility>

#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Store {
  virtual ~Store() = default;
  std::string name;
};

struct FileStore : Store {
  explicit FileStore(const Config& config) { name = "file:" + config.get<std::string>("file", "none"); }
};

struct MemoryStore : Store {
  explicit MemoryStore(const Config& config) { name = "memory:" + config.at("size").as<std::string>(); }
};

struct Note {
  std::string text;
};

struct Service {
  std::shared_ptr<Store> store;
  std::string title;
};

struct Failing {
  explicit Failing(const Config&) {
    throw ConnectionLost("the server is away", {.retryable = true, .native_code = "08006"});
  }
};

TargetRegistry targets() {
  TargetRegistry registry;
  registry.add<FileStore>({"app.FileStore", "old.FileStore"}).as<Store>();
  registry.add<MemoryStore>({"app.MemoryStore"}).as<Store>();
  registry.add<Failing>({"app.Failing"});
  registry.add<Note>({"app.Note"}, [](const TargetArguments& arguments) {
    return std::make_shared<Note>(Note{arguments.get<std::string>("text")});
  });
  registry.add<Service>({"app.Service"}, [](const TargetArguments& arguments) {
    return std::make_unique<Service>(
        Service{arguments.object<Store>("store"), arguments.get<std::string>("title", "untitled")});
  });
  return registry;
}

template <class T>
std::shared_ptr<T> built(const std::string& yaml, std::string_view path = "a", const InstantiateOptions& options = {}) {
  return instantiate_config<T>(Config::parse(yaml, "f").at(path), targets(), options);
}

template <class T>
std::string failure(const std::string& yaml, std::string_view path = "a", const InstantiateOptions& options = {}) {
  return config_error([&] { return built<T>(yaml, path, options); });
}

TEST(InstantiateConfigTest, TargetTakesItsConfigFromBothShapesOfNode) {
  EXPECT_EQ(built<FileStore>("a: {_target_: app.FileStore, config: {file: x}}")->name, "file:x");
  EXPECT_EQ(built<FileStore>("a: {_target_: app.FileStore, conf: {file: x}}")->name, "file:x");
  EXPECT_EQ(built<FileStore>("a: {_target_: app.FileStore, file: x}")->name, "file:x");
  EXPECT_EQ(built<FileStore>("a: {file: x}")->name, "file:x");
  EXPECT_EQ(built<FileStore>("a: {config: {file: x}}")->name, "file:x");
}

TEST(InstantiateConfigTest, TargetMayHaveSeveralNames) {
  EXPECT_EQ(built<FileStore>("a: {_target_: old.FileStore, file: x}")->name, "file:x");
}

TEST(InstantiateConfigTest, TargetStandsForItsBase) {
  EXPECT_EQ(built<Store>("a: {_target_: app.FileStore, file: x}")->name, "file:x");
  EXPECT_EQ(built<Store>("a: {_target_: app.MemoryStore, size: 3}")->name, "memory:3");
}

TEST(InstantiateConfigTest, TargetOfAnotherTypeIsRefused) {
  EXPECT_THAT(failure<Store>("a: {_target_: app.Note, text: x}"),
              AllOf(HasSubstr("a._target_ (f:1:15): the target 'app.Note' builds "), HasSubstr("Note, but "),
                    HasSubstr("Store is needed")));
}

TEST(InstantiateConfigTest, NodeWithoutTargetNeedsATypeThatTellsWhatToBuild) {
  EXPECT_THAT(failure<Store>("a: {file: x}"),
              AllOf(HasSubstr("a (f:1:4): "),
                    HasSubstr("Store cannot be built without a _target_: 'app.FileStore', 'app.MemoryStore'")));
  EXPECT_THAT(config_error([] { return instantiate_config<Store>(Config::parse("a: 1"), TargetRegistry()); }),
              HasSubstr("cannot be built without a _target_, and no target gives one"));
  TargetRegistry several;
  several.add<Note>({"one"}, [](const TargetArguments&) { return std::make_shared<Note>(); });
  several.add<Note>({"two"}, [](const TargetArguments&) { return std::make_shared<Note>(); });
  EXPECT_THAT(config_error([&] { return instantiate_config<Note>(Config::parse("a: 1"), several); }),
              HasSubstr("choose one with _target_: 'one', 'two'"));
}

TEST(InstantiateConfigTest, NothingIsNullOnlyWhereNothingIsRequired) {
  for (const char* yaml : {"a: ~", "a: {}", "{b: ~, a: \"${b}\"}"}) {
    EXPECT_EQ(built<FileStore>(yaml, "a", {.required = false}), nullptr) << yaml;
    EXPECT_THAT(failure<FileStore>(yaml), HasSubstr("expected a map that describes ")) << yaml;
  }
  EXPECT_THAT(failure<FileStore>("a: {}"), HasSubstr("found an empty map"));
  EXPECT_THAT(failure<FileStore>("a: ~"), HasSubstr("found null"));
  EXPECT_THAT(failure<FileStore>("a: hunter2"), AllOf(HasSubstr("found text"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(failure<FileStore>("a: [1]", "a", {.required = false}), HasSubstr("found a list"));
  EXPECT_THAT(failure<FileStore>("a: ???"), HasSubstr("found missing: ???"));
}

TEST(InstantiateConfigTest, InterpolationsReachOutsideOfTheNode) {
  EXPECT_EQ(built<FileStore>("{dir: home, a: {_target_: app.FileStore, config: {file: \"${dir}/x\"}}}")->name,
            "file:home/x");
  EXPECT_EQ(built<FileStore>("{shared: {file: y}, a: \"${shared}\"}")->name, "file:y");
  EXPECT_EQ(built<FileStore>("{kind: FileStore, a: {_target_: \"app.${kind}\", file: x}}")->name, "file:x");
  EXPECT_EQ(built<FileStore>("core_lib: {data: {db: {file: x}}}", "core_lib.data.db")->name, "file:x");
}

TEST(InstantiateConfigTest, NameOfATargetMustBeText) {
  EXPECT_EQ(failure<FileStore>("a: {_target_: 5}"),
            "a._target_ (f:1:15): expected the name of a target, found an integer");
  EXPECT_EQ(failure<FileStore>("a: {_target_: ~}"), "a._target_ (f:1:15): expected the name of a target, found null");
  EXPECT_EQ(failure<FileStore>("a: {_target_: ''}"),
            "a._target_ (f:1:15): expected the name of a target, found empty text");
  EXPECT_EQ(failure<FileStore>("a: {_target_: [x]}"),
            "a._target_ (f:1:15): expected the name of a target, found a list");
  EXPECT_EQ(failure<FileStore>("a:\n  _target_: ???"),
            "a._target_ (f:2:13): the value is missing: ???; set it to the name of a target");
}

TEST(InstantiateConfigTest, UnknownTargetSuggestsNearNames) {
  EXPECT_EQ(failure<FileStore>("a: {_target_: app.FileStor}"),
            "a._target_ (f:1:15): unknown target 'app.FileStor'; did you mean 'app.FileStore' or 'old.FileStore'?");
  EXPECT_THAT(failure<FileStore>("a: {_target_: os.system}"),
              HasSubstr("unknown target 'os.system'; known: app.FileStore, old.FileStore, app.MemoryStore"));
}

TEST(InstantiateConfigTest, UnsupportedKeysOfHydraAreRefused) {
  for (const char* key : {"_args_", "_partial_", "_convert_"}) {
    EXPECT_THAT(failure<FileStore>(std::string("a: {_target_: app.FileStore, ") + key + ": x}"),
                HasSubstr(std::string("a.") + key + " (f:1:30): '" + key + "' is not supported"));
  }
}

TEST(InstantiateConfigTest, NestedObjectsAreBuiltAndPassed) {
  const auto service =
      built<Service>("a: {_target_: app.Service, title: t, store: {_target_: app.FileStore, file: x}}");
  EXPECT_EQ(service->store->name, "file:x");
  EXPECT_EQ(service->title, "t");
  EXPECT_EQ(built<Service>("a: {_target_: app.Service, store: {_target_: app.MemoryStore, size: 2}}")->title,
            "untitled");
}

TEST(InstantiateConfigTest, ArgumentMustBeKnown) {
  EXPECT_EQ(failure<Note>("a: {_target_: app.Note, text: x, txet: hunter2}"),
            "a (f:1:4): cannot build 'app.Note': a.txet (f:1:34): unknown argument 'txet'; did you mean 'text'?");
  EXPECT_THAT(failure<Service>("a: {_target_: app.Service, stor: {_target_: app.FileStore}}"),
              HasSubstr("a.store: no key 'store' in a (f:1:1); did you mean 'stor'?"));
}

TEST(InstantiateConfigTest, MissingArgumentNamesItsPath) {
  EXPECT_EQ(failure<Note>("a: {_target_: app.Note, other: x}"),
            "a (f:1:4): cannot build 'app.Note': a.text: no key 'text' in a (f:1:1); known: _target_, other");
  EXPECT_THAT(failure<MemoryStore>("a: {_target_: app.MemoryStore, config: {sise: 1}}"),
              HasSubstr("a.config.size: no key 'size' in a.config (f:1:32); did you mean 'sise'?"));
}

TEST(InstantiateConfigTest, ErrorOfANestedObjectNamesBoth) {
  EXPECT_EQ(
      failure<Service>("a: {_target_: app.Service, store: {_target_: app.MemoryStore}}"),
      "a (f:1:4): cannot build 'app.Service': a.store (f:1:35): cannot build 'app.MemoryStore': a.store.size: no key "
      "'size' in a.store (f:1:28); known: _target_");
}

TEST(InstantiateConfigTest, RecursiveFalseKeepsNestedNodesAsConfiguration) {
  TargetRegistry registry = targets();
  registry.add<Note>({"app.Keeper"}, [](const TargetArguments& arguments) {
    const Config store = arguments.config("store");
    return std::make_shared<Note>(Note{store.at("_target_").as<std::string>()});
  });
  const Config config =
      Config::parse("a: {_target_: app.Keeper, _recursive_: false, store: {_target_: app.FileStore}}");
  EXPECT_EQ(instantiate_config<Note>(config["a"], registry)->text, "app.FileStore");
  EXPECT_THAT(failure<Service>("a: {_target_: app.Service, _recursive_: no, store: {_target_: app.FileStore}}"),
              HasSubstr("a.store (f:1:52): this node stays configuration, since its target says _recursive_: false"));
  EXPECT_THAT(failure<Service>("a: {_target_: app.Service, _recursive_: 7, store: {_target_: app.FileStore}}"),
              HasSubstr("a._recursive_ (f:1:41): expected a bool"));
}

TEST(InstantiateConfigTest, OneArgumentIsBuiltOnce) {
  int count = 0;
  TargetRegistry registry;
  registry.add<Store>({"app.Counted"}, [&](const TargetArguments&) {
    ++count;
    return std::make_shared<Store>();
  });
  registry.add<Service>({"app.Twice"}, [](const TargetArguments& arguments) {
    EXPECT_EQ(arguments.object<Store>("store"), arguments.object<Store>("store"));
    return std::make_shared<Service>(Service{arguments.object<Store>("inner.store"), {}});
  });
  const Config config = Config::parse(
      "a: {_target_: app.Twice, store: {_target_: app.Counted}, inner: {store: {_target_: app.Counted}}}");
  EXPECT_NE(instantiate_config<Service>(config["a"], registry)->store, nullptr);
  EXPECT_EQ(count, 2);
}

TEST(InstantiateConfigTest, ALostConnectionStaysOneWithAllThatItKnows) {
  try {
    static_cast<void>(built<Failing>("a: {_target_: app.Failing, password: hunter2}"));
    FAIL() << "no error";
  } catch (const ConnectionLost& error) {
    EXPECT_STREQ(error.what(), "a (f:1:4): cannot build 'app.Failing': the server is away");
    EXPECT_EQ(error.status_code(), 503);
    EXPECT_TRUE(error.is_retryable());
    EXPECT_EQ(error.native_code(), "08006");
    EXPECT_THROW(std::rethrow_exception(error.cause()), ConnectionLost);
  }
}

TEST(InstantiateConfigTest, AnyExceptionIsToldWithItsNode) {
  TargetRegistry registry;
  registry.add<Note>({"std"},
                     [](const TargetArguments&) -> std::shared_ptr<Note> { throw std::out_of_range("too far"); });
  registry.add<Note>({"late"}, [](const TargetArguments&) -> std::shared_ptr<Note> { throw DeadlineExceeded("late"); });
  registry.add<Note>({"other"}, [](const TargetArguments&) -> std::shared_ptr<Note> { throw 5; });
  registry.add<Note>({"nothing"}, [](const TargetArguments&) { return std::shared_ptr<Note>(); });
  const auto message = [&](const std::string& target) {
    return config_error(
        [&] { return instantiate_config<Note>(Config::parse("a: {_target_: " + target + "}", "f")["a"], registry); });
  };
  EXPECT_EQ(message("std"), "a (f:1:4): cannot build 'std': too far");
  EXPECT_THROW((void)instantiate_config<Note>(Config::parse("{_target_: late}"), registry), DeadlineExceeded);
  EXPECT_EQ(message("other"), "a (f:1:4): cannot build 'other': an exception that is no std::exception");
  EXPECT_EQ(message("nothing"), "a (f:1:4): cannot build 'nothing': a (f:1:4): the factory returned nothing");
}

TEST(InstantiateConfigTest, UnsetEnvironmentIsNamed) {
  EXPECT_THAT(failure<MemoryStore>("a: {size: \"${oc.env:CORE_LIB_TEST_UNSET}\"}"),
              HasSubstr("a.size (f:1:11): the environment variable 'CORE_LIB_TEST_UNSET' is not set"));
}

TEST(InstantiateConfigTest, ObjectThatContainsItselfIsStopped) {
  EXPECT_THAT(failure<Service>("a: {_target_: app.Service, store: \"${a}\"}"), HasSubstr("Service, but "));
  TargetRegistry registry;
  registry.add<Store>({"app.Nested"},
                      [](const TargetArguments& arguments) { return arguments.object<Store>("store"); });
  EXPECT_THAT(config_error([&] {
                return instantiate_config<Store>(Config::parse("a: {_target_: app.Nested, store: \"${a}\"}")["a"],
                                                 registry);
              }),
              HasSubstr("objects nest deeper than 50 levels; does it contain itself?"));
}

TEST(InstantiateConfigTest, BuildsWorkAgainAfterAFailure) {
  for (int i = 0; i < 100; ++i) EXPECT_THROW((void)built<Failing>("a: {_target_: app.Failing}"), ConnectionLost);
  EXPECT_EQ(built<FileStore>("a: {file: x}")->name, "file:x");
}

}  // namespace
}  // namespace core_lib
