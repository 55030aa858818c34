// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/value.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/solr/json_writer.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/decode_field.hpp"
#include "solr/json/scalar_json.hpp"
#include "solr/json/tree.hpp"

namespace core_lib::solr {

using mapping::Kind;
using mapping::Scalar;

Reply::Reply(std::shared_ptr<const detail::Tree> tree) noexcept : tree_(std::move(tree)), root_(tree_->root()) {}

std::string_view to_string(ValueKind kind) noexcept {
  constexpr std::string_view names[] = {"missing", "null", "boolean", "integer", "real", "text", "array", "object"};
  return names[static_cast<std::size_t>(kind)];
}

namespace {

[[noreturn]] void throw_wrong_kind(const detail::Node& node, std::string_view wanted) {
  std::string what = node.key_size == 0 ? std::string("a value") : "'" + std::string(node.key, node.key_size) + "'";
  throw ConversionError(what + " of the answer is " + std::string(to_string(node.kind)) + ", not " +
                        std::string(wanted));
}

bool real_of_text(std::string_view text, double& out) noexcept {
  if (text == "NaN") {
    out = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity") {
    out = std::numeric_limits<double>::infinity();
  } else if (text == "-Infinity") {
    out = -std::numeric_limits<double>::infinity();
  } else {
    return false;
  }
  return true;
}

/// Solr has texts for what JSON has no type for.
Scalar scalar_of_text(std::string_view text, Kind wanted) {
  switch (wanted) {
    case Kind::timestamp:
      if (const auto instant = mapping::parse_timestamp(text)) return Scalar::timestamp(*instant);
      break;
    case Kind::date:
      if (const auto date = mapping::parse_date(text.substr(0, text.find('T')))) return Scalar::date(*date);
      break;
    case Kind::real:
      if (double real = 0; real_of_text(text, real)) return Scalar::real(real);
      break;
    default:
      break;
  }
  return Scalar::text(text);
}

Scalar scalar_of(const detail::Node& node, Kind wanted) {
  switch (node.kind) {
    case ValueKind::missing:
    case ValueKind::null:
      return {};
    case ValueKind::boolean:
      return Scalar::boolean(node.boolean);
    case ValueKind::integer:
      return Scalar::integer(node.integer);
    case ValueKind::real:
      return Scalar::real(node.real);
    case ValueKind::text:
      return scalar_of_text({node.text, node.size}, wanted);
    case ValueKind::array:
      if (node.size == 0) return {};
      if (detail::after(&node + 1) == detail::after(&node)) return scalar_of((&node)[1], wanted);
      throw ConversionError("Solr has several values for it, and the struct has room for one");
    case ValueKind::object:
      throw ConversionError("Solr has an object for it, which no field of a struct takes");
  }
  return {};
}

/// Sixteen bytes from 32 digits, with or without dashes.
std::array<std::byte, 16> parse_uuid(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '-');
  std::array<std::byte, 16> bytes{};
  if (digits.size() != 32) throw ConversionError("Solr's text is no UUID");
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned value = 0;
    const char* const end = digits.data() + 2 * i + 2;
    if (std::from_chars(digits.data() + 2 * i, end, value, 16).ptr != end) {
      throw ConversionError("Solr's text is no UUID");
    }
    bytes[i] = static_cast<std::byte>(value);
  }
  return bytes;
}

/// A value alone is a list of one, and a field that is missing an empty list: Solr makes no difference.
std::vector<Scalar> list_of(const detail::Node& node, Kind wanted, mapping::Scratch& scratch) {
  std::vector<Scalar> values;
  const auto add = [&](const detail::Node& value) {
    if (wanted != Kind::uuid || value.kind != ValueKind::text) {
      values.push_back(scalar_of(value, wanted));
      return;
    }
    const auto bytes = parse_uuid({value.text, value.size});
    const std::string_view kept = scratch.keep({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    values.push_back(Scalar::uuid(std::as_bytes(std::span(kept)).first<16>()));
  };
  if (node.kind == ValueKind::array) {
    const detail::Node* const last = detail::after(&node);
    for (const detail::Node* value = &node + 1; value != last; value = detail::after(value)) add(*value);
  } else if (node.kind > ValueKind::null) {
    add(node);
  }
  return values;
}

}  // namespace

namespace detail {

/// Bytes have to live as long as the Scalar that views them.
void decode_field(const mapping::Field& field, const Node& node, void* target) {
  const Kind wanted = field.type->kind;
  switch (node.kind) {  // mostly it is what it is wanted as
    case ValueKind::text:
      if (wanted == Kind::text) return field.decode(Scalar::text({node.text, node.size}), target);
      break;
    case ValueKind::integer:
      if (wanted == Kind::integer) return field.decode(Scalar::integer(node.integer), target);
      break;
    case ValueKind::real:
      if (wanted == Kind::real) return field.decode(Scalar::real(node.real), target);
      break;
    case ValueKind::array:
      if (wanted == Kind::text && after(&node) == &node + 2) return decode_field(field, (&node)[1], target);
      break;
    default:
      break;
  }
  if (wanted == Kind::list) {
    mapping::Scratch scratch;
    field.decode(Scalar::list(list_of(node, field.type->element->kind, scratch)), target);
    return;
  }
  if (node.kind != ValueKind::text || (wanted != Kind::blob && wanted != Kind::uuid)) {
    field.decode(scalar_of(node, wanted), target);
  } else if (wanted == Kind::uuid) {
    field.decode(Scalar::uuid(parse_uuid({node.text, node.size})), target);
  } else {
    std::vector<std::byte> bytes;
    if (!decode_base64({node.text, node.size}, bytes)) throw ConversionError("Solr's text is no base64");
    field.decode(Scalar::blob(bytes), target);
  }
}

void throw_with_field(const mapping::Field& field, const ConversionError& error) {
  throw ConversionError("field '" + std::string(field.name) + "': " + error.what());
}

}  // namespace detail

namespace {

/// As Solr writes what JSON has no number for.
void write_real(JsonWriter& writer, double value) {
  if (std::isfinite(value)) {
    writer.real(value);
  } else {
    writer.text(std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
  }
}

void write_json(JsonWriter& writer, Value value) {
  switch (value.kind()) {
    case ValueKind::missing:
    case ValueKind::null:
      writer.null();
      return;
    case ValueKind::boolean:
      writer.boolean(value.boolean());
      return;
    case ValueKind::integer:
      writer.integer(value.integer());
      return;
    case ValueKind::real:
      write_real(writer, value.real());
      return;
    case ValueKind::text:
      writer.text(value.text());
      return;
    case ValueKind::array:
      writer.begin_array();
      for (const Value element : value) write_json(writer, element);
      writer.end_array();
      return;
    case ValueKind::object:
      writer.begin_object();
      for (const Value element : value) {
        writer.key(element.key());
        write_json(writer, element);
      }
      writer.end_object();
  }
}

/// Whether both begin and end with the same bytes, as many as Bytes holds.
template <class Bytes>
bool have_same_ends(std::string_view a, std::string_view b) noexcept {
  const auto differ = [](const char* one, const char* other) {
    Bytes bytes[2];
    std::memcpy(&bytes[0], one, sizeof(Bytes));
    std::memcpy(&bytes[1], other, sizeof(Bytes));
    return bytes[0] ^ bytes[1];
  };
  const std::size_t last = a.size() - sizeof(Bytes);
  return (differ(a.data(), b.data()) | differ(a.data() + last, b.data() + last)) == 0;
}

/// As ==, without a call for names of 2 to 16 bytes, as most are.
bool is_same(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  if (a.size() - 8 <= 8) return have_same_ends<std::uint64_t>(a, b);
  if (a.size() - 4 < 4) return have_same_ends<std::uint32_t>(a, b);
  if (a.size() - 2 < 2) return have_same_ends<std::uint16_t>(a, b);
  return a == b;
}

}  // namespace

const mapping::Field* detail::find_field(std::span<const mapping::Field> fields, std::string_view name,
                                         std::size_t& hint) {
  for (std::size_t tried = 0; tried < fields.size(); ++tried) {
    if (hint >= fields.size()) hint = 0;
    const mapping::Field& field = fields[hint++];
    if (is_same(field.name, name)) return &field;
  }
  return nullptr;
}

Value::Value() noexcept : node_(&detail::Tree::missing) {}

Value::Iterator Value::begin() const noexcept { return Iterator(kind() >= ValueKind::array ? node_ + 1 : node_); }

Value::Iterator Value::end() const noexcept {
  return Iterator(kind() >= ValueKind::array ? detail::after(node_) : node_);
}

std::size_t Value::size() const noexcept {
  std::size_t count = 0;
  for (Iterator at = begin(); at != end(); ++at) ++count;
  return count;
}

Value Value::operator[](std::string_view key) const noexcept {
  if (is_object()) {
    for (const Value value : *this) {
      if (value.key() == key) return value;
    }
  }
  return {};
}

Value Value::operator[](std::size_t index) const noexcept {
  if (is_array()) {
    for (const Value value : *this) {
      if (index-- == 0) return value;
    }
  }
  return {};
}

std::string_view Value::text() const {
  if (kind() != ValueKind::text) throw_wrong_kind(*node_, "text");
  return {node_->text, node_->size};
}

std::int64_t Value::integer() const {
  if (kind() != ValueKind::integer) throw_wrong_kind(*node_, "integer");
  return node_->integer;
}

double Value::real() const {
  if (kind() == ValueKind::real) return node_->real;
  if (kind() == ValueKind::integer) return static_cast<double>(node_->integer);
  double real = 0;
  if (kind() != ValueKind::text || !real_of_text({node_->text, node_->size}, real)) throw_wrong_kind(*node_, "real");
  return real;
}

bool Value::boolean() const {
  if (kind() != ValueKind::boolean) throw_wrong_kind(*node_, "boolean");
  return node_->boolean;
}

std::string_view Value::text_or(std::string_view fallback) const { return is_null() ? fallback : text(); }
std::int64_t Value::integer_or(std::int64_t fallback) const { return is_null() ? fallback : integer(); }
double Value::real_or(double fallback) const { return is_null() ? fallback : real(); }
bool Value::boolean_or(bool fallback) const { return is_null() ? fallback : boolean(); }

std::chrono::sys_time<std::chrono::microseconds> Value::instant() const {
  const auto microseconds = mapping::parse_timestamp(kind() == ValueKind::text ? text() : std::string_view());
  if (!microseconds) throw_wrong_kind(*node_, "an instant");
  return std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(*microseconds));
}

void Value::decode(std::span<const mapping::Field> fields, void* target, std::size_t& hint) const {
  if (!is_object()) throw_wrong_kind(*node_, "an object");
  const detail::Node* const last = detail::after(node_);
  std::size_t next = hint;  // which would be waited for where it is written for each field
  for (const detail::Node* node = node_ + 1; node != last; node = detail::after(node)) {
    const mapping::Field* const field = detail::find_field(fields, {node->key, node->key_size}, next);
    if (field == nullptr) continue;
    try {
      detail::decode_field(*field, *node, target);
    } catch (const ConversionError& error) {
      detail::throw_with_field(*field, error);
    }
  }
  hint = next;
}

std::string Value::json() const {
  std::string out;
  JsonWriter writer(out);
  write_json(writer, *this);
  return out;
}

}  // namespace core_lib::solr
