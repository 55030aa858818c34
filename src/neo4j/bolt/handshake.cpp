// SPDX-License-Identifier: Apache-2.0
#include "neo4j/bolt/handshake.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

namespace core_lib::neo4j::bolt {
namespace {

constexpr std::byte operator""_b(unsigned long long value) { return static_cast<std::byte>(value); }

// The magic number, then four offers: the manifest of versions, 5.8 and eight before it, 4.4, nothing.
constexpr std::array<std::byte, 20> offers = {0x60_b, 0x60_b, 0xB0_b, 0x17_b, 0_b, 0_b, 1_b, 0xFF_b, 0_b, 8_b,
                                              8_b,    5_b,    0_b,    0_b,    4_b, 4_b, 0_b, 0_b,    0_b, 0_b};
constexpr std::uint64_t most_ranges = 1000;

[[noreturn]] void refuse(const std::string& why) {
  throw Error("cannot agree with the server on a version of Bolt: " + why,
              {.status_code = 502, .breaks_connection = true});
}

std::uint8_t at(std::span<const std::byte> bytes, std::size_t index) {
  return std::to_integer<std::uint8_t>(bytes[index]);
}

}  // namespace

std::span<const std::byte> Handshake::request() noexcept { return offers; }

void Handshake::receive(std::span<const std::byte> bytes) {
  switch (state_) {
    case State::answer:
      return read_answer(bytes);
    case State::range_count:
      if (!read_varint(bytes[0])) return;
      if (number_ == 0 || number_ > most_ranges) refuse("its list of versions makes no sense");
      wanted_ = static_cast<std::size_t>(number_) * 4;
      state_ = State::ranges;
      return;
    case State::ranges:
      return read_ranges(bytes);
    case State::capabilities:
      if (read_varint(bytes[0])) wanted_ = 0;
      return;
  }
}

void Handshake::read_answer(std::span<const std::byte> bytes) {
  const Version answer{at(bytes, 3), at(bytes, 2)};
  if (at(bytes, 0) == 'H' && at(bytes, 1) == 'T' && at(bytes, 2) == 'T' && at(bytes, 3) == 'P') {
    refuse("this is its port for HTTP; Bolt's is 7687 unless configured otherwise");
  }
  if (answer == Version{0, 0}) refuse("it speaks none of 4.4, 5.0 to 5.8 and 6.0; Neo4j 4.4 and newer do");
  if (answer == Version{0xFF, 1}) {
    state_ = State::range_count;
    wanted_ = 1;
    return;
  }
  if (at(bytes, 0) != 0 || at(bytes, 1) != 0 || !is_known(answer)) {
    refuse("it answered with something else than one of the versions that it was offered");
  }
  version_ = answer;
  wanted_ = 0;
}

bool Handshake::read_varint(std::byte byte) {
  const auto bits = std::to_integer<std::uint64_t>(byte);
  if (shift_ > 63) refuse("it sent a number that is too long");
  number_ |= (bits & 0x7FU) << shift_;
  shift_ += 7;
  return (bits & 0x80U) == 0;
}

/// Takes the highest version that both know. Versions that only the server knows may be among them.
void Handshake::read_ranges(std::span<const std::byte> bytes) {
  for (std::size_t i = 0; i + 4 <= bytes.size(); i += 4) {
    const unsigned back = at(bytes, i + 1), minor = at(bytes, i + 2), major = at(bytes, i + 3);
    for (const Version known : known_versions) {
      if (known.major == major && known.minor <= minor && known.minor + back >= minor)
        version_ = std::max(version_, known);
    }
  }
  if (version_ == Version{}) refuse("it lists none of 4.4, 5.0 to 5.8 and 6.0; Neo4j 4.4 and newer do");
  reply_ = {0_b, 0_b, static_cast<std::byte>(version_.minor), static_cast<std::byte>(version_.major), 0_b};
  number_ = 0;
  shift_ = 0;
  state_ = State::capabilities;
  wanted_ = 1;
}

}  // namespace core_lib::neo4j::bolt
