// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

#include "neo4j/packstream/unpacker.hpp"

// How structures become values: the second half of Unpacker.
namespace core_lib::neo4j::packstream {
namespace {

struct Shape {
  std::uint8_t tag;
  std::uint8_t fields;
  std::uint8_t fields_with_element_ids;
};

constexpr Shape shapes[] = {
    {tag::node, 3, 4},
    {tag::relationship, 5, 8},
    {tag::path, 3, 3},
    {tag::date, 1, 1},
    {tag::time, 2, 2},
    {tag::local_time, 1, 1},
    {tag::local_date_time, 2, 2},
    {tag::date_time, 3, 3},
    {tag::date_time_zone, 3, 3},
    {tag::legacy_date_time, 3, 3},
    {tag::legacy_date_time_zone, 3, 3},
    {tag::duration, 4, 4},
    {tag::point_2d, 3, 3},
    {tag::point_3d, 4, 4},
    {tag::vector, 2, 2},
    {tag::unsupported, 4, 4},
};

void check_shape(Unpacker::Structure header, Dialect dialect) {
  const auto* shape =
      std::find_if(std::begin(shapes), std::end(shapes), [&](const Shape& s) { return s.tag == header.tag; });
  if (shape == std::end(shapes)) {
    throw ConversionError("the server sent a structure of the unknown kind " + std::to_string(header.tag) +
                          "; a newer core_lib may know it");
  }
  if (header.fields != (dialect.element_ids ? shape->fields_with_element_ids : shape->fields)) {
    throw_protocol_error("a structure has the wrong number of fields");
  }
}

template <class T>
Vector vector_of(std::span<const std::byte> bytes) {
  using Bits = std::conditional_t<sizeof(T) == 1, std::uint8_t,
                                  std::conditional_t<sizeof(T) == 2, std::uint16_t,
                                                     std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
  if (bytes.size() % sizeof(T) != 0) throw_protocol_error("a vector has a part of a number");
  std::vector<T> numbers;
  numbers.reserve(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(T)) {
    numbers.push_back(std::bit_cast<T>(load_big_endian<Bits>(bytes.data() + i)));
  }
  return {std::move(numbers)};
}

[[noreturn]] void throw_unexpected_in_path() { throw_protocol_error("a path does not hang together"); }

Relationship walked(Relationship relationship, const Node& start, const Node& end) {
  relationship.start_id = start.id;
  relationship.start_element_id = start.element_id;
  relationship.end_id = end.id;
  relationship.end_element_id = end.element_id;
  return relationship;
}

}  // namespace

Value Unpacker::structured(int depth) {
  const Structure header = structure_header();
  check_shape(header, dialect_);
  switch (header.tag) {
    case tag::node:
    case tag::relationship:
    case tag::path:
      return graph_value(header, depth);
    case tag::point_2d:
    case tag::point_3d:
    case tag::vector:
    case tag::unsupported:
      return other_value(header, depth);
    default:
      return temporal_value(header);
  }
}

Value Unpacker::graph_value(Structure header, int depth) {
  if (header.tag == tag::node) return node(header.fields, depth);
  if (header.tag == tag::relationship) return relationship(header.fields, true, depth);
  return path(depth);
}

Value Unpacker::temporal_value(Structure header) {
  switch (header.tag) {
    case tag::date:
      return Date{integer()};
    case tag::time: {
      const std::int64_t nanoseconds = integer();
      return Time{nanoseconds, small_integer("the offset of a time")};
    }
    case tag::local_time:
      return LocalTime{integer()};
    case tag::local_date_time: {
      const std::int64_t seconds = integer();
      return LocalDateTime{seconds, small_integer("the nanoseconds of a datetime")};
    }
    case tag::duration: {
      Duration duration;
      duration.months = integer();
      duration.days = integer();
      duration.seconds = integer();
      duration.nanoseconds = small_integer("the nanoseconds of a duration");
      return duration;
    }
    default:
      return date_time(header.tag);
  }
}

DateTime Unpacker::date_time(std::uint8_t tag) {
  const bool utc = tag == tag::date_time || tag == tag::date_time_zone;
  if (utc != dialect_.utc) throw_protocol_error("an instant came in a form that was not agreed on");
  DateTime value;
  value.seconds = integer();
  value.nanoseconds = small_integer("the nanoseconds of a datetime");
  const LocalDateTime local{value.seconds, value.nanoseconds};
  if (tag == tag::date_time_zone || tag == tag::legacy_date_time_zone) {
    value.zone = string();
    return utc ? value : DateTime::at(local, std::move(value.zone));
  }
  value.offset_seconds = small_integer("the offset of a datetime");
  if (!utc && __builtin_sub_overflow(value.seconds, value.offset_seconds, &value.seconds)) {
    throw_protocol_error("a datetime is out of range");
  }
  return value;
}

Value Unpacker::other_value(Structure header, int depth) {
  if (header.tag == tag::vector) return vector();
  if (header.tag == tag::unsupported) {
    UnsupportedType type;
    type.name = string();
    type.min_major = integer();
    type.min_minor = integer();
    const Map extra = map(depth + 1);
    const Value* message = extra.find("message");
    if (message != nullptr && message->is<std::string>()) type.message = message->get<std::string>();
    return type;
  }
  Point point;
  point.dimensions = header.tag == tag::point_3d ? 3 : 2;
  point.srid = small_integer("the coordinate system of a point");
  point.x = real();
  point.y = real();
  if (point.dimensions == 3) point.z = real();
  return point;
}

Vector Unpacker::vector() {
  const auto type = bytes();
  const auto numbers = bytes();
  switch (type.size() == 1 ? std::to_integer<std::uint8_t>(type[0]) : 0) {
    case marker::float_64:
      return vector_of<double>(numbers);
    case marker::float_32:
      return vector_of<float>(numbers);
    case marker::int_8:
      return vector_of<std::int8_t>(numbers);
    case marker::int_16:
      return vector_of<std::int16_t>(numbers);
    case marker::int_32:
      return vector_of<std::int32_t>(numbers);
    case marker::int_64:
      return vector_of<std::int64_t>(numbers);
    default:
      throw_protocol_error("a vector holds numbers of an unknown type");
  }
}

Node Unpacker::node(std::size_t fields, int depth) {
  Node node;
  node.id = integer();
  const std::size_t labels = list_header();
  node.labels.reserve(labels);
  for (std::size_t i = 0; i < labels; ++i) node.labels.emplace_back(string());
  node.properties = map(depth + 1);
  node.element_id = fields == 4 ? std::string(string()) : std::to_string(node.id);
  return node;
}

Relationship Unpacker::relationship(std::size_t fields, bool bound, int depth) {
  Relationship relationship;
  relationship.id = integer();
  if (bound) {
    relationship.start_id = integer();
    relationship.end_id = integer();
  }
  relationship.type = string();
  relationship.properties = map(depth + 1);
  if (fields == (bound ? 8U : 4U)) {
    relationship.element_id = string();
    if (bound) {
      relationship.start_element_id = string();
      relationship.end_element_id = string();
    }
  } else {
    relationship.element_id = std::to_string(relationship.id);
    relationship.start_element_id = std::to_string(relationship.start_id);
    relationship.end_element_id = std::to_string(relationship.end_id);
  }
  return relationship;
}

/// A path names each of its nodes and relationships once, and then tells the walk by their positions.
Path Unpacker::path(int depth) {
  std::vector<Node> nodes;
  for (std::size_t count = list_header(); count > 0; --count) {
    const Structure header = structure_header();
    if (header.tag != tag::node) throw_unexpected_in_path();
    check_shape(header, dialect_);
    nodes.push_back(node(header.fields, depth + 1));
  }
  std::vector<Relationship> relationships;
  for (std::size_t count = list_header(); count > 0; --count) {
    const Structure header = structure_header();
    if (header.tag != tag::unbound_relationship || header.fields != (dialect_.element_ids ? 4U : 3U)) {
      throw_unexpected_in_path();
    }
    relationships.push_back(relationship(header.fields, false, depth + 1));
  }
  return walk(nodes, relationships);
}

Path Unpacker::walk(const std::vector<Node>& nodes, const std::vector<Relationship>& relationships) {
  const std::size_t steps = list_header();
  if (nodes.empty() || steps % 2 != 0) throw_unexpected_in_path();
  Path path;
  path.nodes.push_back(nodes[0]);
  for (std::size_t i = 0; i < steps; i += 2) {
    const std::int64_t along = integer();
    const std::int64_t to = integer();
    const auto index = static_cast<std::uint64_t>(along < 0 ? -(along + 1) : along - 1);
    if (along == 0 || index >= relationships.size() || to < 0 || static_cast<std::uint64_t>(to) >= nodes.size()) {
      throw_unexpected_in_path();
    }
    const Node& before = path.nodes.back();
    const Node& next = nodes[static_cast<std::size_t>(to)];
    path.relationships.push_back(walked(relationships[index], along < 0 ? next : before, along < 0 ? before : next));
    path.nodes.push_back(next);
  }
  return path;
}

}  // namespace core_lib::neo4j::packstream
