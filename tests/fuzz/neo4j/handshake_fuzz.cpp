// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <span>

#include "core_lib/error/error.hpp"

#include "neo4j/bolt/handshake.hpp"

using namespace core_lib::neo4j::bolt;

/// Whatever a server answers, the handshake ends with a version that we know, or with an error.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::span bytes(reinterpret_cast<const std::byte*>(data), size);
  Handshake handshake;
  try {
    while (!handshake.done() && handshake.wanted() <= bytes.size()) {
      const std::size_t count = handshake.wanted();
      handshake.receive(bytes.first(count));
      bytes = bytes.subspan(count);
    }
    if (handshake.done() && !is_known(handshake.version())) __builtin_trap();
  } catch (const core_lib::Error& error) {
    if (!error.breaks_connection()) __builtin_trap();
  }
  return 0;
}
