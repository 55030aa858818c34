// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/query/inline_vector.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace core_lib::sql::detail {
namespace {

using testing::ElementsAre;

using Vector = InlineVector<std::string, 2>;

std::string text(int number) { return "a text that no string keeps inside itself, " + std::to_string(number); }

Vector vector_of(int count) {
  Vector vector;
  for (int i = 0; i < count; ++i) vector.push_back(text(i));
  return vector;
}

std::vector<std::string> elements(const Vector& vector) { return {vector.begin(), vector.end()}; }

void expect_texts(const Vector& vector, int count) {
  ASSERT_EQ(vector.size(), static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) EXPECT_EQ(vector[static_cast<std::size_t>(i)], text(i));
}

TEST(InlineVectorTest, GrowsFromItsOwnRoomToTheHeap) {
  for (const int count : {0, 1, 2, 3, 4, 5, 100}) expect_texts(vector_of(count), count);
}

TEST(InlineVectorTest, StartsWithTwoAndGrows) {
  Vector vector(text(0), text(1));
  expect_texts(vector, 2);
  vector.push_back(text(2));
  expect_texts(vector, 3);
}

TEST(InlineVectorTest, CopiesAreIndependent) {
  for (const int count : {0, 2, 5}) {
    const Vector original = vector_of(count);
    Vector copy = original;
    copy.push_back("more");
    expect_texts(original, count);
    EXPECT_EQ(copy.size(), static_cast<std::size_t>(count) + 1);
    Vector assigned = vector_of(3);
    assigned = original;
    expect_texts(assigned, count);
  }
}

TEST(InlineVectorTest, MovingLeavesNothingBehind) {
  for (const int count : {0, 2, 5}) {
    Vector original = vector_of(count);
    Vector moved = std::move(original);
    expect_texts(moved, count);
    EXPECT_TRUE(original.empty());  // NOLINT: the state after a move is what is tested
    original.push_back(text(0));
    expect_texts(original, 1);
    Vector assigned = vector_of(4);
    assigned = std::move(moved);
    expect_texts(assigned, count);
  }
}

TEST(InlineVectorTest, AssigningItselfChangesNothing) {
  for (const int count : {2, 5}) {
    Vector vector = vector_of(count);
    Vector& same = vector;
    vector = std::move(same);
    expect_texts(vector, count);
    vector = std::as_const(same);
    expect_texts(vector, count);
  }
}

TEST(InlineVectorTest, AppendsOfAnyRoom) {
  InlineVector<std::string, 8> wide;
  wide.push_back("x");
  wide.push_back("y");
  Vector vector = vector_of(1);
  vector.append(wide);
  EXPECT_THAT(elements(vector), ElementsAre(text(0), "x", "y"));
  vector.append(std::move(wide));
  EXPECT_THAT(elements(vector), ElementsAre(text(0), "x", "y", "x", "y"));
  vector.append(InlineVector<std::string, 8>());
  EXPECT_EQ(vector.size(), 5U);
}

TEST(InlineVectorTest, TakesAnElementOfItsOwn) {
  Vector vector = vector_of(2);
  vector.push_back(vector[0]);
  EXPECT_THAT(elements(vector), ElementsAre(text(0), text(1), text(0)));
}

TEST(InlineVectorTest, HoldsWhatCanOnlyMove) {
  InlineVector<std::unique_ptr<int>, 1> vector;
  for (int i = 0; i < 5; ++i) vector.push_back(std::make_unique<int>(i));
  const InlineVector<std::unique_ptr<int>, 1> moved = std::move(vector);
  ASSERT_EQ(moved.size(), 5U);
  EXPECT_EQ(*moved[4], 4);
}

}  // namespace
}  // namespace core_lib::sql::detail
