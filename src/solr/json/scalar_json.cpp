// SPDX-License-Identifier: Apache-2.0
#include "solr/json/scalar_json.hpp"

#include <array>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/mapping/uuid.hpp"

namespace core_lib::solr::detail {
namespace {

using mapping::Kind;
using mapping::Scalar;

constexpr char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64_value(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

void write_instant(JsonWriter& writer, std::int64_t microseconds) {
  char text[mapping::civil_text_size + 1];
  std::size_t size = mapping::format_timestamp(microseconds, {text, mapping::civil_text_size});
  for (char& c : std::span(text, size)) {
    if (c == ' ') c = 'T';
  }
  text[size++] = 'Z';
  writer.text({text, size});
}

void write_date(JsonWriter& writer, std::int64_t days) {
  char text[mapping::civil_text_size];
  const std::size_t size = mapping::format_date(days, text);
  writer.text(std::string(text, size) + "T00:00:00Z");
}

}  // namespace

void write_scalar(JsonWriter& writer, const Scalar& scalar) {
  switch (scalar.kind()) {
    case Kind::null:
      writer.null();
      return;
    case Kind::boolean:
      writer.boolean(scalar.as_boolean());
      return;
    case Kind::integer:
    case Kind::duration:
      writer.integer(scalar.as_integer());
      return;
    case Kind::real:
      writer.real(scalar.as_real());
      return;
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      writer.text(scalar.as_text());
      return;
    case Kind::blob:
      writer.text(encode_base64(scalar.as_bytes()));
      return;
    case Kind::timestamp:
      write_instant(writer, scalar.as_integer());
      return;
    case Kind::date:
      write_date(writer, scalar.as_integer());
      return;
    case Kind::uuid: {
      char text[mapping::uuid_text_size];
      writer.text({text, mapping::format_uuid(scalar.as_bytes(), text)});
      return;
    }
    case Kind::list:
      writer.begin_array();
      for (const Scalar& value : scalar.as_list()) write_scalar(writer, value);
      writer.end_array();
  }
}

EntityWriter::EntityWriter(std::span<const mapping::Field> fields) : fields_(fields) {
  for (const mapping::Field& field : fields) JsonWriter(keys_.emplace_back()).key(field.name);
}

void EntityWriter::write(JsonWriter& writer, const void* entity) const {
  mapping::Scratch scratch;
  writer.begin_object();
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    try {
      const Scalar scalar = fields_[i].encode(entity, scratch);
      if (scalar.is_null()) continue;
      writer.written_key(keys_[i]);
      write_scalar(writer, scalar);
    } catch (const ConversionError& error) {
      throw ConversionError("field '" + std::string(fields_[i].name) + "': " + error.what());
    }
  }
  writer.end_object();
}

std::string encode_base64(std::span<const std::byte> bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8U | (i + j < bytes.size() ? std::to_integer<unsigned>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j <= bytes.size() ? base64_digits[group >> (18 - 6 * j) & 63U] : '=';
    }
  }
  return out;
}

bool decode_base64(std::string_view text, std::vector<std::byte>& bytes) {
  if (text.size() % 4 != 0) return false;
  while (text.ends_with('=')) text.remove_suffix(1);
  unsigned group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const int value = base64_value(c);
    if (value < 0) return false;
    group = group << 6U | static_cast<unsigned>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::byte>(group >> bits & 0xFFU));
    }
  }
  return true;
}

}  // namespace core_lib::solr::detail
