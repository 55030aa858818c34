// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "neo4j/bolt/protocol.hpp"
#include "unit/neo4j/packstream/hex.hpp"

/// The words of a dialogue with the protocol: what a server says, and what a client has said.
namespace core_lib::neo4j::bolt {

/// A message without its chunks.
[[nodiscard]] inline std::string message(std::uint8_t tag, const List& fields) {
  packstream::Buffer buffer;
  packstream::Packer packer(buffer, {});
  packer.structure_header(tag, fields.size());
  for (const Value& field : fields) packer.value(field);
  return {reinterpret_cast<const char*>(buffer.data()), buffer.size()};
}
[[nodiscard]] inline std::string success(const Map& metadata) { return message(0x70, {metadata}); }
[[nodiscard]] inline std::string record(const List& values) { return message(0x71, {Value(values)}); }
[[nodiscard]] inline std::string ignored() { return message(0x7E, {}); }
[[nodiscard]] inline std::string failure(const std::string& code, const std::string& text) {
  return message(0x7F, {Map{{"neo4j_code", code}, {"message", text}, {"gql_status", "50N42"}, {"description", text}}});
}

inline void receive(Protocol& protocol, const std::string& bytes) {
  protocol.receive(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

struct Sent {
  std::uint8_t tag = 0;
  List fields{};
};

/// The messages in a run of chunks.
[[nodiscard]] inline std::vector<Sent> messages_in(std::span<const std::byte> bytes) {
  Inbox inbox;
  std::vector<Sent> messages;
  while (!bytes.empty()) {
    const std::span<std::byte> space = inbox.space();
    const std::size_t count = std::min(space.size(), bytes.size());
    std::copy_n(bytes.begin(), count, space.begin());
    inbox.received(count);
    bytes = bytes.subspan(count);
    while (const auto whole = inbox.next()) {
      packstream::Unpacker unpacker(*whole);
      const auto [tag, fields] = unpacker.structure_header();
      Sent sent{tag, {}};
      for (std::size_t i = 0; i < fields; ++i) sent.fields.push_back(unpacker.value());
      messages.push_back(std::move(sent));
    }
  }
  return messages;
}

[[nodiscard]] inline std::vector<Sent> sent_by(Protocol& protocol) {
  std::vector<Sent> messages = messages_in(protocol.outbox().view());
  protocol.outbox().clear();
  return messages;
}

}  // namespace core_lib::neo4j::bolt
