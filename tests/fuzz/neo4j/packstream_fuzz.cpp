// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <span>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

#include "neo4j/packstream/packer.hpp"
#include "neo4j/packstream/unpacker.hpp"

using namespace core_lib;
using namespace core_lib::neo4j;

namespace {

/// What was read and can be sent is read again as the same.
void check_round_trip(const Value& value, packstream::Dialect dialect) {
  packstream::Buffer first;
  packstream::Buffer second;
  try {
    packstream::Packer(first, dialect).value(value);
  } catch (const ConversionError&) {
    return;
  }
  packstream::Packer(second, dialect).value(packstream::Unpacker(first.view(), dialect).value());
  const auto a = first.view();
  const auto b = second.view();
  if (!std::equal(a.begin(), a.end(), b.begin(), b.end())) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const packstream::Dialect dialect{
      .element_ids = (data[0] & 1U) != 0, .utc = (data[0] & 2U) == 0, .vectors = (data[0] & 4U) != 0};
  const std::span bytes(reinterpret_cast<const std::byte*>(data + 1), size - 1);
  packstream::Unpacker reader(bytes, dialect);
  packstream::Unpacker skipper(bytes, dialect);
  try {
    while (!reader.at_end()) {
      skipper.skip();
      const Value value = reader.value();
      if (reader.position() != skipper.position()) __builtin_trap();
      if (dialect.utc) check_round_trip(value, dialect);
    }
  } catch (const Error&) {
  }
  return 0;
}
