// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/solr/detail/node.hpp"
#include "core_lib/solr/value_kind.hpp"

namespace core_lib::solr {

/// One value in an answer: a view, cheap to copy. Keys keep their order and may repeat.
/// Lifetime: the Reply or Results that it came from outlives it, and the views of text that it gives.
class Value {
 public:
  class Iterator;

  Value() noexcept;
  explicit Value(const detail::Node* node) noexcept : node_(node) {}

  /// Says which of the functions below give a value instead of throwing.
  [[nodiscard]] ValueKind kind() const noexcept { return node_->kind; }
  /// True for null too.
  [[nodiscard]] bool exists() const noexcept { return kind() != ValueKind::missing; }
  /// Missing or null.
  [[nodiscard]] bool is_null() const noexcept { return kind() <= ValueKind::null; }
  /// Whether operator[] finds anything by a key, or by an index. False where it is missing.
  /// @{
  [[nodiscard]] bool is_object() const noexcept { return kind() == ValueKind::object; }
  [[nodiscard]] bool is_array() const noexcept { return kind() == ValueKind::array; }
  /// @}

  /// Its key in the object that holds it; empty elsewhere.
  [[nodiscard]] std::string_view key() const noexcept { return {node_->key, node_->key_size}; }
  /// The first value of that key, or missing.
  [[nodiscard]] Value operator[](std::string_view key) const noexcept;
  /// An element of an array, or missing.
  [[nodiscard]] Value operator[](std::size_t index) const noexcept;
  [[nodiscard]] Value operator[](int index) const noexcept { return (*this)[static_cast<std::size_t>(index)]; }
  /// The values of an object or the elements of an array, in order; none elsewhere.
  [[nodiscard]] Iterator begin() const noexcept;
  [[nodiscard]] Iterator end() const noexcept;
  [[nodiscard]] std::size_t size() const noexcept;

  /// @throws ConversionError  where it is something else; the message names the key and the kinds, never the value
  /// @{
  [[nodiscard]] std::string_view text() const;
  [[nodiscard]] std::int64_t integer() const;
  /// @}

  /// Integers too, and the texts "NaN", "Infinity" and "-Infinity", as Solr writes them.
  [[nodiscard]] double real() const;
  /// Only `true` and `false` themselves, no number or text. @throws ConversionError  as text()
  [[nodiscard]] bool boolean() const;
  /// A date of Solr, such as "2024-05-01T12:00:00.5Z". @throws ConversionError  as text()
  [[nodiscard]] std::chrono::sys_time<std::chrono::microseconds> instant() const;
  /// The same, with a fallback for what is missing or null; another kind throws as before.
  /// @{
  [[nodiscard]] std::string_view text_or(std::string_view fallback) const;
  [[nodiscard]] std::int64_t integer_or(std::int64_t fallback) const;
  [[nodiscard]] double real_or(double fallback) const;
  [[nodiscard]] bool boolean_or(bool fallback) const;
  /// @}

  /// The fields of a struct from an object, by name; what the object does not have keeps the struct's default. An array
  /// of one is taken for a plain field. @throws ConversionError  naming the field
  template <class T>
  [[nodiscard]] T as() const {
    T made{};
    std::size_t hint = 0;
    decode(mapping::fields_of<T>(), &made, hint);
    return made;
  }
  /// The same into a struct that is there.
  void decode(std::span<const mapping::Field> fields, void* target, std::size_t& hint) const;

  /// JSON again, for a log or a test.
  [[nodiscard]] std::string json() const;

 private:
  const detail::Node* node_;
};

/// Walks over the children of an object or an array.
class Value::Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Value;

  Iterator() = default;
  explicit Iterator(const detail::Node* node) noexcept : node_(node) {}
  [[nodiscard]] Value operator*() const noexcept { return Value(node_); }
  Iterator& operator++() noexcept {
    node_ = detail::after(node_);
    return *this;
  }
  Iterator operator++(int) noexcept {
    const Iterator before = *this;
    ++*this;
    return before;
  }
  [[nodiscard]] bool operator==(const Iterator& other) const noexcept = default;

 private:
  const detail::Node* node_ = nullptr;
};

}  // namespace core_lib::solr
