// SPDX-License-Identifier: Apache-2.0
// The code of docs/how-to/handle-errors.md. Its data source is a map, so that the page holds for any source.
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "core_lib/connection/object_connection_registry.hpp"
#include "core_lib/data_access/data_access.hpp"
#include "core_lib/error/duplicate_error_handler.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/error/not_found_error_handler.hpp"

#include "support/recording_logger.hpp"

namespace core_lib {
namespace {

struct User {
  std::int64_t id = 0;
  std::string email{};
};

/// Stands in for a database with a unique column.
class Users {
 public:
  std::optional<User> get(std::int64_t id) const {
    const auto found = users_.find(id);
    return found == users_.end() ? std::nullopt : std::optional(found->second);
  }
  void add(User user) {
    for (const auto& [id, other] : users_) {
      if (other.email == user.email) throw UniqueViolation("UNIQUE constraint failed: users.email");
    }
    users_.emplace(user.id, std::move(user));
  }
  std::size_t remove(std::int64_t id) { return users_.erase(id); }

 private:
  std::map<std::int64_t, User> users_;
};

class UserDataAccess : public DataAccess {
 public:
  explicit UserDataAccess(std::shared_ptr<ObjectConnectionRegistry<Users>> db) : db_(std::move(db)) {}

  // [quote not_found]
  User get(std::int64_t user_id) const {
    return NotFoundErrorHandler("user {}", user_id)([&] {
      return db_->with([&](Users& users) { return users.get(user_id); });  // std::optional<User>
    });
  }
  // [/quote]

  // [quote zero]
  void remove(std::int64_t user_id) const {
    NotFoundErrorHandler("user {}", user_id).zero_is_missing()([&] {
      return db_->with([&](Users& users) { return users.remove(user_id); });  // how many there were
    });
  }
  // [/quote]

  // [quote duplicate]
  void add(const User& user) const {
    DuplicateErrorHandler("there is a user {} already",
                          user.email)([&] { db_->with([&](Users& users) { users.add(user); }); });
  }
  // [/quote]

 private:
  std::shared_ptr<ObjectConnectionRegistry<Users>> db_;
};

struct Response {
  int status = 200;
  std::string text{};
};

// [quote boundary]
bool is_for_the_caller(const core_lib::Error& error) {
  if (dynamic_cast<const core_lib::NotFoundError*>(&error) != nullptr) return true;
  const bool is_duplicate = dynamic_cast<const core_lib::UniqueViolation*>(&error) != nullptr;
  return is_duplicate && error.cause() != nullptr;  // without a cause the text is the database's
}

Response respond(const std::function<std::string()>& handle, core_lib::Logger& log) {
  try {
    return {.status = 200, .text = handle()};
  } catch (const core_lib::Error& error) {
    if (is_for_the_caller(error)) return {.status = error.status_code(), .text = error.what()};
    log.write(core_lib::LogLevel::error, "app", error.what());
    return {.status = error.status_code(), .text = "this did not work"};
  } catch (const std::exception& error) {
    log.write(core_lib::LogLevel::error, "app", error.what());
    return {.status = 500, .text = "this did not work"};
  }
}
// [/quote]

// [quote outcome]
enum class Outcome { stored, not_stored, try_again, ask_later };

Outcome outcome_of(const std::function<void()>& work) {
  try {
    work();
    return Outcome::stored;
  } catch (const core_lib::Error& error) {
    if (error.is_in_doubt()) return Outcome::ask_later;  // the link broke while the commit was on its way
    return error.is_retryable() ? Outcome::try_again : Outcome::not_stored;
  }
}
// [/quote]

class HandleErrorsTest : public ::testing::Test {
 protected:
  Response respond(const std::function<std::string()>& handle) { return core_lib::respond(handle, log); }

  UserDataAccess users{std::make_shared<ObjectConnectionRegistry<Users>>(std::make_shared<Users>())};
  support::RecordingLogger log;
};

TEST_F(HandleErrorsTest, MissingUserIsA404ThatNamesIt) {
  const Response response = respond([&] { return users.get(7).email; });
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.text, "user 7: not found");
}

TEST_F(HandleErrorsTest, UserThatIsThereIsReturned) {
  users.add({.id = 7, .email = "a@example.com"});
  EXPECT_EQ(respond([&] { return users.get(7).email; }).text, "a@example.com");
}

TEST_F(HandleErrorsTest, NothingToRemoveIsA404) {
  users.add({.id = 7, .email = "a@example.com"});
  EXPECT_NO_THROW(users.remove(7));
  EXPECT_THROW(users.remove(7), NotFoundError);
}

TEST_F(HandleErrorsTest, SecondUserWithAnEmailIsA409) {
  users.add({.id = 7, .email = "a@example.com"});
  const Response response = respond([&] {
    users.add({.id = 8, .email = "a@example.com"});
    return "added";
  });
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(response.text, "there is a user a@example.com already");
  EXPECT_TRUE(log.entries().empty());
}

TEST_F(HandleErrorsTest, WhatTheDatabaseSaysIsLoggedAndNotTold) {
  const auto check = [&](const auto& error, int status) {
    const Response response = respond([&]() -> std::string { throw error; });
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.text, "this did not work");
    EXPECT_EQ(log.count(LogLevel::error, error.what()), 1U);
  };
  check(ConnectionLost("no route to db.internal"), 503);
  check(UniqueViolation("UNIQUE constraint failed: users.email"), 409);
  check(ConstraintViolation("FOREIGN KEY constraint failed"), 422);
  check(Error("the scope is read-only", {.status_code = 403}), 403);
  check(std::out_of_range("x"), 500);
}

TEST(OutcomeTest, EveryOutcomeHasItsName) {
  EXPECT_EQ(outcome_of([] {}), Outcome::stored);
  EXPECT_EQ(outcome_of([] { throw CommitFailed("no"); }), Outcome::not_stored);
  EXPECT_EQ(outcome_of([] { throw CommitFailed("serialization", {.retryable = true}); }), Outcome::try_again);
  EXPECT_EQ(outcome_of([] { throw CommitUnknown("link lost"); }), Outcome::ask_later);
}

}  // namespace
}  // namespace core_lib
