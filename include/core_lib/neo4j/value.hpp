// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/neo4j/point.hpp"
#include "core_lib/neo4j/temporal.hpp"
#include "core_lib/neo4j/vector.hpp"

namespace core_lib::neo4j {

class Value;
struct Node;
struct Relationship;
struct Path;

using Bytes = std::vector<std::byte>;
using List = std::vector<Value>;

/// Names and their values, in the order in which they were put in. Looking one up walks over them.
class Map {
 public:
  struct Entry;
  using iterator = std::vector<Entry>::iterator;
  using const_iterator = std::vector<Entry>::const_iterator;

  Map() noexcept;
  Map(std::initializer_list<Entry> entries);
  Map(const Map& other);
  Map(Map&& other) noexcept;
  Map& operator=(const Map& other);
  Map& operator=(Map&& other) noexcept;
  ~Map();

  /// The value under a name, or null where there is none.
  [[nodiscard]] const Value* find(std::string_view key) const noexcept;
  /// The value under a name. Errors: UsageError where there is none.
  [[nodiscard]] const Value& at(std::string_view key) const;
  /// The value under a name, put in as null where there was none.
  Value& operator[](std::string_view key);
  /// Puts a value at the end without a look whether its name is there already.
  void append(std::string key, Value value);

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Makes room for so many entries.
  void reserve(std::size_t count);
  [[nodiscard]] const_iterator begin() const noexcept;
  [[nodiscard]] const_iterator end() const noexcept;
  /// True where both hold the same, in any order.
  [[nodiscard]] bool operator==(const Map& other) const;

 private:
  std::vector<Entry> entries_;
};

namespace detail {

/// Holds a T that is too large to lie inside a Value; copies share it, since nobody can change it.
template <class T>
class Boxed {
 public:
  explicit Boxed(T value) : value_(std::make_shared<const T>(std::move(value))) {}
  [[nodiscard]] const T& operator*() const noexcept { return *value_; }
  [[nodiscard]] bool operator==(const Boxed& other) const { return value_ == other.value_ || *value_ == *other.value_; }

 private:
  std::shared_ptr<const T> value_;
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = !std::is_same_v<T, std::byte>;

/// Types that lie in a Value as they are, or boxed.
template <class T>
concept Native = std::same_as<T, bool> || std::same_as<T, std::int64_t> || std::same_as<T, double> ||
                 std::same_as<T, std::string> || std::same_as<T, Bytes> || std::same_as<T, List> ||
                 std::same_as<T, Map> || std::same_as<T, Date> || std::same_as<T, Time> || std::same_as<T, LocalTime> ||
                 std::same_as<T, LocalDateTime> || std::same_as<T, Duration> || std::same_as<T, Point>;
template <class T>
concept NativeBoxed = std::same_as<T, Node> || std::same_as<T, Relationship> || std::same_as<T, Path> ||
                      std::same_as<T, DateTime> || std::same_as<T, Vector> || std::same_as<T, UnsupportedType>;
/// Plain structs, whose fields become the entries of a map.
template <class T>
concept Struct = !Native<T> && !NativeBoxed<T> && !mapping::has_convert<T> && std::is_class_v<T> &&
                 (mapping::is_entity<T> || (std::is_aggregate_v<T> && !is_optional<T>));
/// What core_lib maps to one value: numbers, text, enums, types with a Convert, and optionals of them.
template <class T>
concept Mapped = !Native<T> && !NativeBoxed<T> && !Struct<T> && !is_vector<T> && !std::is_pointer_v<T> &&
                 !std::is_array_v<T> && !std::is_same_v<T, Value> && !std::is_same_v<T, std::nullptr_t> &&
                 (std::is_arithmetic_v<T> || std::is_enum_v<T> || mapping::has_convert<T> || is_optional<T>);

}  // namespace detail

/// Any value that Cypher knows, on its way to or from the server.
///
/// What can be made into one: null, bool, numbers, text, bytes, lists, maps, graph, temporal and spatial values, and
/// everything that core_lib maps: enums, types with a Convert, optionals, vectors, plain structs (as maps).
/// Errors: ConversionError where an unsigned number is beyond what 64 bits with a sign hold.
/// Thread safety: like a standard container.
class Value {
 public:
  /// Null.
  Value() noexcept = default;
  Value(std::nullptr_t) noexcept {}                              // NOLINT: values are written as they are
  Value(const char* text) : storage_(std::string(text)) {}       // NOLINT
  Value(std::string_view text) : storage_(std::string(text)) {}  // NOLINT
  template <detail::Native T>
  Value(T value) : storage_(std::move(value)) {}  // NOLINT
  template <detail::NativeBoxed T>
  Value(T value) : storage_(detail::Boxed<T>(std::move(value))) {}  // NOLINT
  template <detail::Mapped T>
  Value(const T& value) {  // NOLINT
    if constexpr (detail::is_optional<T>) {
      if (value) *this = Value(*value);
    } else {
      assign_mapped(mapping::field_type<T>, &value);
    }
  }
  template <class T>
    requires(!std::same_as<T, Value> && !std::same_as<T, std::byte>)
  Value(const std::vector<T>& values) : storage_(List(values.begin(), values.end())) {}  // NOLINT
  template <detail::Struct T>
  explicit Value(const T& value) {
    assign_struct(mapping::fields_of<T>(), &value);
  }

  /// True for Cypher's null.
  [[nodiscard]] bool is_null() const noexcept { return storage_.index() == 0; }
  /// True where it is exactly that: `value.is<std::int64_t>()`, `value.is<Node>()`.
  template <class T>
    requires(detail::Native<T> || detail::NativeBoxed<T>)
  [[nodiscard]] bool is() const noexcept {
    return get_if<T>() != nullptr;
  }
  /// A look at what lies inside, or null where it is something else.
  /// @{
  template <detail::Native T>
  [[nodiscard]] const T* get_if() const noexcept {
    return std::get_if<T>(&storage_);
  }
  template <detail::NativeBoxed T>
  [[nodiscard]] const T* get_if() const noexcept {
    const auto* boxed = std::get_if<detail::Boxed<T>>(&storage_);
    return boxed != nullptr ? &**boxed : nullptr;
  }
  /// @}
  /// A look at what lies inside. Errors: ConversionError where it is something else.
  template <class T>
    requires(detail::Native<T> || detail::NativeBoxed<T>)
  [[nodiscard]] const T& get() const {
    const T* found = get_if<T>();
    if (found == nullptr) throw_wrong_type(mapping::detail::type_name<T>());
    return *found;
  }

  /// The value as a T: any of the types that a Value can be made from. A struct is read from a map, or from the
  /// properties of a node or relationship.
  /// Errors: ConversionError where it does not fit; the message names the types and never the value.
  template <class T>
  [[nodiscard]] T as() const {
    if constexpr (std::is_same_v<T, Value>) {
      return *this;
    } else if constexpr (detail::is_optional<T>) {
      return is_null() ? T() : T(as<typename T::value_type>());
    } else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, double> || detail::Mapped<T>) {
      T value{};
      read_mapped(mapping::field_type<T>, &value);
      return value;
    } else if constexpr (detail::Native<T> || detail::NativeBoxed<T>) {
      return get<T>();
    } else if constexpr (detail::is_vector<T>) {
      T values;
      const List& list = get<List>();
      values.reserve(list.size());
      for (const Value& element : list) values.push_back(element.as<typename T::value_type>());
      return values;
    } else {
      static_assert(detail::Struct<T>, "core_lib: Value::as<T>() makes values, vectors, optionals and plain structs");
      T value{};
      read_struct(mapping::fields_of<T>(), &value);
      return value;
    }
  }

  /// What it is, as Cypher calls it: "INTEGER", "NODE".
  [[nodiscard]] std::string_view type_name() const noexcept;
  [[nodiscard]] bool operator==(const Value& other) const;

  /// Calls `visitor` with std::monostate for null, a native type, or a detail::Boxed of one.
  template <class Visitor>
  decltype(auto) visit(Visitor&& visitor) const {
    return std::visit(std::forward<Visitor>(visitor), storage_);
  }

 private:
  using Storage =
      std::variant<std::monostate, bool, std::int64_t, double, std::string, Bytes, List, Map, Date, Time, LocalTime,
                   LocalDateTime, Duration, Point, detail::Boxed<Node>, detail::Boxed<Relationship>,
                   detail::Boxed<Path>, detail::Boxed<DateTime>, detail::Boxed<Vector>, detail::Boxed<UnsupportedType>>;

  void assign_mapped(const mapping::FieldType& type, const void* field);
  void assign_struct(std::span<const mapping::Field> fields, const void* object);
  void read_mapped(const mapping::FieldType& type, void* field) const;
  void read_struct(std::span<const mapping::Field> fields, void* object) const;
  [[noreturn]] void throw_wrong_type(std::string_view wanted) const;

  Storage storage_;
};

/// A name and its value.
struct Map::Entry {
  std::string key;
  Value value;
  [[nodiscard]] bool operator==(const Entry&) const = default;
};

/// The fields of a plain struct as a map: for parameters, and for `SET n += $properties`.
template <detail::Struct T>
[[nodiscard]] Map to_map(const T& object) {
  return Value(object).template get<Map>();
}

}  // namespace core_lib::neo4j
