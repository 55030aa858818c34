// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/target_registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

using testing::ElementsAre;

struct Shape {
  virtual ~Shape() = default;
};
struct Circle : Shape {
  explicit Circle(const Config&) {}
};
struct Square : Shape {};

std::shared_ptr<Square> make_square(const TargetArguments&) { return std::make_shared<Square>(); }

std::vector<std::string> first_names(const std::vector<const config::Target*>& targets) {
  std::vector<std::string> names;
  for (const config::Target* target : targets) names.push_back(target->names.at(0));
  return names;
}

TEST(TargetRegistryTest, TargetsAreFoundByEachOfTheirNames) {
  TargetRegistry registry;
  registry.add<Circle>({"app.Circle", "old.Circle"});
  registry.add<Square>({"app.Square"}, make_square);
  EXPECT_THAT(registry.names(), ElementsAre("app.Circle", "old.Circle", "app.Square"));
  EXPECT_EQ(registry.find("app.Circle"), registry.find("old.Circle"));
  EXPECT_EQ(registry.find("app.Circle")->type, typeid(Circle));
  EXPECT_EQ(registry.find("Circle"), nullptr);
}

TEST(TargetRegistryTest, TargetsAreFoundByTheirTypeAndTheirBases) {
  TargetRegistry registry;
  registry.add<Circle>({"circle"}).as<Shape>();
  registry.add<Square>({"square"}, make_square);
  registry.add<Square>({"other"}, make_square).as<Shape>();
  EXPECT_THAT(first_names(registry.find(typeid(Square))), ElementsAre("square", "other"));
  EXPECT_THAT(first_names(registry.find(typeid(Shape))), ElementsAre());
  EXPECT_THAT(first_names(registry.find_convertible(typeid(Shape))), ElementsAre("circle", "other"));
  EXPECT_THAT(first_names(registry.find_convertible(typeid(Circle))), ElementsAre("circle"));
}

TEST(TargetRegistryTest, CopyTakesAdditionsOfItsOwn) {
  TargetRegistry registry;
  registry.add<Circle>({"circle"});
  TargetRegistry copy = registry;
  copy.add<Square>({"square"}, make_square);
  EXPECT_EQ(registry.find("square"), nullptr);
  EXPECT_EQ(copy.find("circle")->factory, registry.find("circle")->factory);
}

TEST(TargetRegistryTest, NameThatIsEmptyOrTakenIsRefused) {
  TargetRegistry registry;
  registry.add<Circle>({"circle"});
  EXPECT_THROW(registry.add<Circle>({""}), UsageError);
  EXPECT_THROW(registry.add<Circle>({"circle"}), UsageError);
  EXPECT_THROW(registry.add<Circle>({"new", "new"}), UsageError);
  EXPECT_THROW(registry.add<Circle>({"new", "circle"}), UsageError);
  EXPECT_THAT(registry.names(), ElementsAre("circle"));
}

}  // namespace
}  // namespace core_lib
