// SPDX-License-Identifier: Apache-2.0
#include "neo4j/bolt/chunks.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "unit/neo4j/packstream/hex.hpp"

namespace core_lib::neo4j::bolt {
namespace {

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string chunked(const std::string& content) {
  Outbox outbox;
  outbox.begin();
  outbox.buffer().append(content);
  outbox.end();
  return text_of(outbox.view());
}

/// Puts bytes in, `step` at a time, and takes messages out as they come.
std::vector<std::string> messages(const std::string& bytes, std::size_t step) {
  Inbox inbox;
  std::vector<std::string> found;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::span<std::byte> space = inbox.space();
    const std::size_t count = std::min({step, bytes.size() - at, space.size()});
    std::copy_n(reinterpret_cast<const std::byte*>(bytes.data()) + at, count, space.data());
    inbox.received(count);
    at += count;
    while (const auto message = inbox.next()) found.push_back(text_of(*message));
  }
  return found;
}

TEST(ChunksTest, AMessageIsOneChunkAndAnEnd) { EXPECT_EQ(chunked("abc"), std::string("\0\3abc\0\0", 7)); }

TEST(ChunksTest, LargeMessagesAreCut) {
  for (const std::size_t size : {65534U, 65535U, 65536U, 131070U, 131071U, 500'000U}) {
    std::string content(size, 'x');
    for (std::size_t i = 0; i < size; i += 7) content[i] = static_cast<char>('a' + i % 26);
    const std::string bytes = chunked(content);
    EXPECT_EQ(bytes.size(), size + 2 * ((size + 65534) / 65535) + 2);
    EXPECT_EQ(messages(bytes, 65536), std::vector{content});
    EXPECT_EQ(messages(bytes, 1000), std::vector{content});
  }
}

TEST(ChunksTest, MessagesGatherUntilTheyAreSent) {
  Outbox outbox;
  for (const char* content : {"a", "b"}) {
    outbox.begin();
    outbox.buffer().append(std::string_view(content));
    outbox.end();
  }
  outbox.begin();
  outbox.buffer().append(std::string_view("never said"));
  outbox.cancel();
  EXPECT_EQ(to_hex(outbox.view()),
            "0001610000"
            "0001620000");
}

TEST(ChunksTest, ChunksMayBeCutAnywhere) {
  const std::string bytes(
      "\0\1a\0\2bc\0\0"
      "\0\0"
      "\0\3def\0\0"
      "\0\0\0\0"
      "\0\1g\0\1h\0\1i\0\0",
      34);
  const std::vector<std::string> expected = {"abc", "def", "ghi"};
  for (std::size_t step = 1; step <= bytes.size(); ++step) EXPECT_EQ(messages(bytes, step), expected) << step;
}

TEST(ChunksTest, ManyMessagesPassThroughTheSameRoom) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += chunked("message " + std::to_string(i));
  const std::vector<std::string> found = messages(bytes, 4099);
  ASSERT_EQ(found.size(), 20'000U);
  EXPECT_EQ(found.back(), "message 19999");
}

TEST(ChunksTest, AMessageBeyondTheLimitIsRefused) {
  const std::string bytes = chunked(std::string(200'000, 'x'));
  const auto feed = [&](std::size_t most) {
    Inbox inbox(most);
    for (std::size_t at = 0; at < bytes.size();) {
      const std::span<std::byte> space = inbox.space();
      const std::size_t count = std::min(bytes.size() - at, space.size());
      std::copy_n(reinterpret_cast<const std::byte*>(bytes.data()) + at, count, space.data());
      inbox.received(count);
      at += count;
      if (inbox.next()) return true;
    }
    return false;
  };
  EXPECT_TRUE(feed(200'000));
  EXPECT_THROW((void)feed(199'999), Error);
}

}  // namespace
}  // namespace core_lib::neo4j::bolt
