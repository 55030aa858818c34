// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/not_found_error_handler.hpp"

// Every data access class includes this header, so it must not bring in what takes long to compile. These are the
// include guards of libstdc++ and fmt.
#if defined(FMT_VERSION) || defined(_GLIBCXX_FUNCTIONAL) || defined(_GLIBCXX_MEMORY) || defined(_GLIBCXX_OPTIONAL) || \
    defined(_GLIBCXX_VECTOR) || defined(_GLIBCXX_ALGORITHM) || defined(_GLIBCXX_IOSTREAM)
#error "not_found_error_handler.hpp includes a heavy header"
#endif

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

template <class Value>
bool is_missing(Value value) {
  try {
    (void)NotFoundErrorHandler("thing")([&]() -> Value { return std::move(value); });
    return false;
  } catch (const NotFoundError&) {
    return true;
  }
}

TEST(NotFoundErrorHandlerTest, EmptyOptionalIsMissing) {
  EXPECT_TRUE(is_missing(std::optional<int>()));
  EXPECT_FALSE(is_missing(std::optional<int>(0)));
  EXPECT_FALSE(is_missing(std::make_optional<std::string>()));
}

TEST(NotFoundErrorHandlerTest, NullPointerIsMissing) {
  int value = 0;
  EXPECT_TRUE(is_missing(static_cast<int*>(nullptr)));
  EXPECT_TRUE(is_missing(std::unique_ptr<int>()));
  EXPECT_TRUE(is_missing(std::shared_ptr<int>()));
  EXPECT_FALSE(is_missing(&value));
  EXPECT_FALSE(is_missing(std::make_unique<int>(0)));
  EXPECT_FALSE(is_missing(std::make_shared<int>(0)));
}

TEST(NotFoundErrorHandlerTest, EmptyContainerOrStringIsMissing) {
  EXPECT_TRUE(is_missing(std::vector<int>()));
  EXPECT_TRUE(is_missing(std::map<int, int>()));
  EXPECT_TRUE(is_missing(std::string()));
  EXPECT_TRUE(is_missing(std::string_view()));
  EXPECT_FALSE(is_missing(std::vector<int>{0}));
  EXPECT_FALSE(is_missing(std::string("x")));
}

TEST(NotFoundErrorHandlerTest, EverythingElseIsPassedThrough) {
  EXPECT_FALSE(is_missing(0));
  EXPECT_FALSE(is_missing(false));
  EXPECT_FALSE(is_missing(0.0));
  EXPECT_FALSE(is_missing(std::tuple<int, std::string>()));
}

TEST(NotFoundErrorHandlerTest, ZeroIsMissingWhereAskedFor) {
  EXPECT_THROW(NotFoundErrorHandler("user").zero_is_missing()([] { return std::size_t{0}; }), NotFoundError);
  EXPECT_THROW(NotFoundErrorHandler("user").zero_is_missing()([] { return false; }), NotFoundError);
  EXPECT_EQ(NotFoundErrorHandler("user").zero_is_missing()([] { return -1; }), -1);
  EXPECT_EQ(NotFoundErrorHandler("user").zero_is_missing()([] { return 0.0; }), 0.0);
}

TEST(NotFoundErrorHandlerTest, ErrorSays404AndWhatIsMissingAndWhere) {
  const std::int64_t user_id = 7;
  const auto line = static_cast<unsigned>(__LINE__) + 2;
  try {
    NotFoundErrorHandler("user {}", user_id)([] { return std::optional<int>(); });
    FAIL() << "nothing was thrown";
  } catch (const NotFoundError& error) {
    EXPECT_STREQ(error.what(), "user 7: not found");
    EXPECT_EQ(error.status_code(), 404);
    EXPECT_EQ(error.location().line(), line);
    EXPECT_STREQ(error.location().file_name(), __FILE__);
  }
}

TEST(NotFoundErrorHandlerTest, EmptyMessageIsNotAnEmptyError) {
  try {
    NotFoundErrorHandler("")([] { return std::optional<int>(); });
    FAIL() << "nothing was thrown";
  } catch (const NotFoundError& error) {
    EXPECT_STREQ(error.what(), "not found");
  }
}

TEST(NotFoundErrorHandlerTest, ExceptionsPassThrough) {
  EXPECT_THROW(NotFoundErrorHandler("user")([]() -> int { throw std::out_of_range("x"); }), std::out_of_range);
}

/// Counts its copies, and dies of none.
struct Counted {
  Counted() = default;
  Counted(const Counted&) { ++copies; }
  Counted(Counted&&) noexcept {}
  Counted& operator=(const Counted&) = delete;
  Counted& operator=(Counted&&) = delete;
  ~Counted() = default;
  static inline int copies = 0;
};

TEST(NotFoundErrorHandlerTest, ResultIsMovedOutOfTheOptionalAndNeverCopied) {
  Counted::copies = 0;
  const Counted value = NotFoundErrorHandler("x")([] { return std::optional<Counted>(std::in_place); });
  EXPECT_EQ(Counted::copies, 0);
  static_cast<void>(value);
  EXPECT_EQ(*NotFoundErrorHandler("x")([] { return std::make_unique<int>(7); }), 7);
  EXPECT_EQ(*NotFoundErrorHandler("x")([] { return std::make_optional(std::make_unique<int>(7)); }), 7);
}

TEST(NotFoundErrorHandlerTest, ReferenceStaysAReference) {
  const std::string name = "a";
  const auto get = [&]() -> const std::string& { return name; };
  EXPECT_EQ(&NotFoundErrorHandler("x")(get), &name);
  const std::optional<std::string> kept = "b";
  EXPECT_EQ(NotFoundErrorHandler("x")([&]() -> const std::optional<std::string>& { return kept; }), "b");
  EXPECT_TRUE(kept.has_value());
}

using FindNumber = std::optional<int> (*)();
static_assert(std::is_same_v<decltype(NotFoundErrorHandler("x")(FindNumber{})), int>);
// Its arguments are borrowed: one that was kept cannot be called.
static_assert(std::is_invocable_v<NotFoundErrorHandler&&, FindNumber>);
static_assert(!std::is_invocable_v<NotFoundErrorHandler&, FindNumber>);

}  // namespace
}  // namespace core_lib
