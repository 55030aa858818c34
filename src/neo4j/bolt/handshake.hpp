// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "neo4j/bolt/version.hpp"

namespace core_lib::neo4j::bolt {

/// Agrees with a server on a version, without I/O: send request(); then, until done(), feed receive() the number of
/// bytes that wanted() tells; then send reply(), which may be empty. Errors: Error, which breaks the connection, for a
/// server that speaks no version that we know, or no Bolt at all.
class Handshake {
 public:
  /// What the client says first.
  [[nodiscard]] static std::span<const std::byte> request() noexcept;

  /// Bytes to read before receive() can go on; 0 when it is over.
  [[nodiscard]] std::size_t wanted() const noexcept { return wanted_; }
  /// @param bytes  as many as wanted()
  void receive(std::span<const std::byte> bytes);
  [[nodiscard]] bool done() const noexcept { return wanted_ == 0; }

  /// @pre done()
  [[nodiscard]] Version version() const noexcept { return version_; }
  [[nodiscard]] std::span<const std::byte> reply() const noexcept { return reply_; }

 private:
  enum class State { answer, range_count, ranges, capabilities };

  void read_answer(std::span<const std::byte> bytes);
  /// A number of which one byte comes at a time. @return true when it is whole
  [[nodiscard]] bool read_varint(std::byte byte);
  void read_ranges(std::span<const std::byte> bytes);

  State state_ = State::answer;
  std::size_t wanted_ = 4;
  std::uint64_t number_ = 0;
  unsigned shift_ = 0;
  Version version_{};
  std::vector<std::byte> reply_;
};

}  // namespace core_lib::neo4j::bolt
