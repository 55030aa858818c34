// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core_lib/error/error.hpp"

#include "neo4j/bolt/chunks.hpp"

using namespace core_lib;
using namespace core_lib::neo4j::bolt;

namespace {

using Messages = std::vector<std::vector<std::byte>>;

Messages read(std::span<const std::byte> bytes, std::size_t step) {
  Inbox inbox(100'000);
  Messages messages;
  try {
    while (!bytes.empty()) {
      const std::span<std::byte> space = inbox.space();
      const std::size_t count = std::min({step, bytes.size(), space.size()});
      std::copy_n(bytes.begin(), count, space.begin());
      inbox.received(count);
      bytes = bytes.subspan(count);
      while (const auto message = inbox.next()) messages.emplace_back(message->begin(), message->end());
    }
  } catch (const Error&) {
    messages.emplace_back();
  }
  return messages;
}

}  // namespace

/// However the bytes are cut, the same messages come out, and they survive being sent again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::span bytes(reinterpret_cast<const std::byte*>(data + 1), size - 1);
  const Messages messages = read(bytes, bytes.size());
  if (messages != read(bytes, 1 + data[0])) __builtin_trap();
  Outbox outbox;
  Messages sent;
  for (const auto& message : messages) {
    if (message.empty()) continue;
    outbox.begin();
    outbox.buffer().append(std::span(message));
    outbox.end();
    sent.push_back(message);
  }
  if (read(outbox.view(), 4096) != sent) __builtin_trap();
  return 0;
}
