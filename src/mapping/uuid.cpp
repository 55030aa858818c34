// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/uuid.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

bool has_dash(std::size_t position) { return position == 8 || position == 13 || position == 18 || position == 23; }

std::optional<unsigned> digit_of(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

std::optional<Uuid> read(std::string_view text) {
  if (text.size() != mapping::uuid_text_size) return std::nullopt;
  Uuid uuid;
  std::size_t digits = 0;
  for (std::size_t i = 0; i < mapping::uuid_text_size; ++i) {
    if (has_dash(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const std::optional<unsigned> digit = digit_of(text[i]);
    if (!digit) return std::nullopt;
    std::byte& byte = uuid.bytes[digits++ / 2];
    byte = (byte << 4U) | static_cast<std::byte>(*digit);
  }
  return uuid;
}

}  // namespace

Uuid Uuid::parse(std::string_view text) {
  if (const std::optional<Uuid> uuid = read(text)) return *uuid;
  throw ConversionError("the text is no UUID: 32 hexadecimal digits in groups of 8-4-4-4-12");
}

Uuid Uuid::random() {
  std::random_device device;
  Uuid uuid;
  for (std::size_t i = 0; i < uuid.bytes.size(); i += 4) {
    const std::uint32_t bits = device();
    for (std::size_t j = 0; j < 4; ++j) uuid.bytes[i + j] = static_cast<std::byte>((bits >> (8 * j)) & 0xFFU);
  }
  uuid.bytes[6] = (uuid.bytes[6] & std::byte{0x0F}) | std::byte{0x40};  // version 4
  uuid.bytes[8] = (uuid.bytes[8] & std::byte{0x3F}) | std::byte{0x80};  // the variant of RFC 9562
  return uuid;
}

std::string Uuid::to_string() const {
  std::string text(mapping::uuid_text_size, '-');
  mapping::format_uuid(bytes, text);
  return text;
}

std::size_t mapping::format_uuid(std::span<const std::byte> bytes, std::span<char> out) noexcept {
  constexpr char digits[] = "0123456789abcdef";
  std::size_t size = 0;
  for (const std::byte byte : bytes) {
    if (has_dash(size)) out[size++] = '-';
    out[size++] = digits[std::to_integer<unsigned>(byte) >> 4U];
    out[size++] = digits[std::to_integer<unsigned>(byte) & 0xFU];
  }
  return size;
}

namespace mapping::detail {

template <>
Scalar BuiltinCodec<Uuid, Kind::uuid>::encode(const void* field, Scratch&) {
  return Scalar::uuid(static_cast<const Uuid*>(field)->bytes);
}
template <>
void BuiltinCodec<Uuid, Kind::uuid>::decode(const Scalar& value, void* field) {
  auto& uuid = *static_cast<Uuid*>(field);
  if (value.kind() == Kind::text) {
    const std::optional<Uuid> read_uuid = read(value.as_text());
    if (!read_uuid) throw ConversionError("the stored text is no UUID");
    uuid = *read_uuid;
    return;
  }
  if (value.kind() != Kind::uuid && value.kind() != Kind::blob) {
    throw_wrong_kind("core_lib::Uuid", "uuid, its text or 16 bytes", value.kind());
  }
  const auto stored = value.as_bytes();
  if (stored.size() != uuid.bytes.size()) throw ConversionError("the stored bytes are no UUID, which has 16");
  std::copy(stored.begin(), stored.end(), uuid.bytes.begin());
}

}  // namespace mapping::detail
}  // namespace core_lib
