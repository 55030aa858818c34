// SPDX-License-Identifier: Apache-2.0
#include "sql/bounded_call.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;

// As of OpenSSL, whose thread-local data are taken down by functions of this kind.
struct EndOfThread {
  EndOfThread() {
    pthread_key_create(&key, [](void* ended) {
      std::this_thread::sleep_for(50ms);  // so that it shows where nobody waits for it
      auto& told = *static_cast<std::atomic<bool>*>(ended);
      told = true;
      told.notify_all();
    });
  }
  ~EndOfThread() { pthread_key_delete(key); }
  pthread_key_t key{};
};

TEST(BoundedCall, HasEndedOnceItsThreadIsGone) {
  const EndOfThread end;
  std::atomic<bool> ended = false;
  const BoundedCall call([&] { pthread_setspecific(end.key, &ended); });
  EXPECT_TRUE(call.has_ended(Deadline::in(10s)));
  EXPECT_TRUE(ended);
  EXPECT_TRUE(call.has_ended(Deadline::in(0ms)));
}

TEST(BoundedCall, IsNotWaitedForBeyondTheDeadline) {
  std::atomic<bool> go_on = false;
  const BoundedCall call([&] { go_on.wait(false); });
  EXPECT_FALSE(call.has_ended(Deadline::in(20ms)));
  EXPECT_FALSE(call.wait(Deadline::in(0ms)));
  go_on = true;
  go_on.notify_all();
  EXPECT_TRUE(call.wait(Deadline::never()));
}

TEST(BoundedCall, ThrowsWhatTheCallHasThrown) {
  const BoundedCall call([] { throw std::runtime_error("no route"); });
  EXPECT_THROW((void)call.wait(Deadline::in(10s)), std::runtime_error);
  EXPECT_TRUE(call.has_ended(Deadline::in(0ms)));
}

TEST(BoundedCall, GoesOnWhenNobodyAsksForItAnyMore) {
  const auto ended = std::make_shared<std::atomic<bool>>(false);
  const auto go_on = std::make_shared<std::atomic<bool>>(false);
  (void)BoundedCall([=] {
    go_on->wait(false);
    *ended = true;
    ended->notify_all();
  });
  *go_on = true;
  go_on->notify_all();
  ended->wait(false);
}

// Where it ran, no thread of that number is there, or another's.
TEST(BoundedCall, IsLeftAloneByAChildProcess) {
  const EndOfThread end;
  std::atomic<bool> ended = false;
  std::atomic<bool> go_on = false;
  auto call = std::make_unique<BoundedCall>([&] { pthread_setspecific(end.key, &ended); });
  auto other = std::make_unique<BoundedCall>([&] { go_on.wait(false); });
  ended.wait(false);  // and nobody has asked
  const pid_t child = fork();
  if (child == 0) {
    alarm(10);
    const bool seen = call->has_ended(Deadline::in(0ms)) && !other->has_ended(Deadline::in(50ms));
    call.reset();
    other.reset();
    _exit(seen ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  go_on = true;
  go_on.notify_all();
  EXPECT_TRUE(other->has_ended(Deadline::in(10s)));
  EXPECT_TRUE(call->has_ended(Deadline::in(10s)));
}

}  // namespace
}  // namespace core_lib::sql
