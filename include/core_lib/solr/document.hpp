// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core_lib::solr {
namespace detail {

/// Appends one value as JSON. The overloads are all that a field can hold: no objects, so that no value is ever taken
/// for a command to Solr.
void append_value(std::string& json, std::string_view value);
void append_value(std::string& json, std::int64_t value);
[[noreturn]] void refuse_big_number();
void append_value(std::string& json, double value);
void append_value(std::string& json, bool value);
void append_value(std::string& json, std::chrono::system_clock::time_point value);

template <class T>
concept FieldScalar = std::is_arithmetic_v<T> || std::convertible_to<const T&, std::string_view> ||
                      std::same_as<T, std::chrono::system_clock::time_point>;

template <FieldScalar T>
void append_scalar(std::string& json, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    append_value(json, value);
  } else if constexpr (std::integral<T>) {
    if constexpr (std::unsigned_integral<T> && sizeof(T) >= sizeof(std::int64_t)) {
      if (!std::in_range<std::int64_t>(value)) refuse_big_number();
    }
    append_value(json, static_cast<std::int64_t>(value));
  } else if constexpr (std::floating_point<T>) {
    append_value(json, static_cast<double>(value));
  } else if constexpr (std::same_as<T, std::chrono::system_clock::time_point>) {
    append_value(json, value);
  } else {
    append_value(json, std::string_view(value));
  }
}

template <FieldScalar T>
void append_list(std::string& json, const std::vector<T>& values) {
  json += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) json += ',';
    append_scalar<T>(json, values[i]);
  }
  json += ']';
}

}  // namespace detail

/// A document to be stored, of any fields. It is written as JSON at once: set() costs no more than the text.
/// Thread safety: none.
class Document {
 public:
  /// @param unique_key  the field that the schema calls uniqueKey; documents within others must have it
  explicit Document(std::string unique_key = "id") : unique_key_(std::move(unique_key)) {}

  /// Text, a number, a bool or an instant. A field that is set again gets another value.
  /// @throws ConversionError  no UTF-8, NaN, infinity, or an unsigned number of more than 63 bits
  template <detail::FieldScalar T>
  Document& set(std::string_view name, const T& value) {
    append_name(name);
    detail::append_scalar(json_, value);
    return *this;
  }
  /// Nothing where it is empty.
  template <detail::FieldScalar T>
  Document& set(std::string_view name, const std::optional<T>& value) {
    return value ? set(name, *value) : *this;
  }
  /// Several values.
  template <detail::FieldScalar T>
  Document& set(std::string_view name, const std::vector<T>& values) {
    append_name(name);
    detail::append_list(json_, values);
    return *this;
  }
  /// A document within this one, or several, under a name of their own.
  /// @throws UsageError  one has no unique key: Solr would take it for a command to change the field
  /// @{
  Document& set(std::string_view name, const Document& child);
  Document& set(std::string_view name, const std::vector<Document>& children);
  /// @}

  /// A document within this one, without a name: found by queries for parents and children.
  Document& add_child(const Document& child);
  /// Stores it only where the one that is there has this version; 1: where there is any, -1: where there is none.
  Document& version(std::int64_t version) { return set("_version_", version); }

  /// As it is sent.
  [[nodiscard]] std::string json() const;
  /// The same behind what is in `body`.
  void append_to(std::string& body) const;

 private:
  void append_name(std::string_view name);
  void check_child(const Document& child) const;

  std::string unique_key_;
  std::string json_{};      ///< The fields without the braces.
  std::string children_{};  ///< Documents without a name, with commas.
  bool has_key_ = false;
};

/// A change to some fields of a document that is stored; the others keep their values.
class AtomicUpdate {
 public:
  template <detail::FieldScalar T>
  explicit AtomicUpdate(const T& id, std::string_view unique_key = "id") {
    append_name(unique_key);
    detail::append_scalar(json_, id);
  }

  /// Puts a value, or those of a vector, in place of what the field has: `set`.
  /// @throws UsageError  the field has a change already, as for all changes
  template <class T>
  AtomicUpdate& set(std::string_view field, const T& value) {
    return append("set", field, value);
  }
  /// Takes the field away.
  AtomicUpdate& remove_field(std::string_view field);
  /// Adds a value, or those of a vector, also where the field has it already: `add`.
  template <class T>
  AtomicUpdate& add(std::string_view field, const T& value) {
    return append("add", field, value);
  }
  /// Adds what is not there yet.
  template <class T>
  AtomicUpdate& add_distinct(std::string_view field, const T& value) {
    return append("add-distinct", field, value);
  }
  /// Removes a value, or those of a vector, each as often as the field has it: `remove`.
  template <class T>
  AtomicUpdate& remove(std::string_view field, const T& value) {
    return append("remove", field, value);
  }
  /// Removes the values that the regular expression fits.
  AtomicUpdate& remove_regex(std::string_view field, std::string_view pattern) {
    return append("removeregex", field, pattern);
  }
  /// Adds to the number on the server, or takes from it where `by` is negative; a field without one gets `by`: `inc`.
  template <class T>
    requires std::is_arithmetic_v<T>
  AtomicUpdate& increment(std::string_view field, T by) {
    return append("inc", field, by);
  }
  /// As Document::version().
  AtomicUpdate& version(std::int64_t version);
  /// For a document within another one: the id of the outermost.
  AtomicUpdate& root(std::string_view id);

  /// As it is sent: an object with the unique key and a command for each field.
  /// @throws UsageError  no field is changed: Solr would take it for a whole document, and replace the one that is
  /// there
  [[nodiscard]] std::string json() const;

 private:
  template <detail::FieldScalar T>
  AtomicUpdate& append(std::string_view command, std::string_view field, const T& value) {
    begin(command, field);
    detail::append_scalar(json_, value);
    json_ += '}';
    return *this;
  }
  template <detail::FieldScalar T>
  AtomicUpdate& append(std::string_view command, std::string_view field, const std::vector<T>& values) {
    begin(command, field);
    detail::append_list(json_, values);
    json_ += '}';
    return *this;
  }
  void append_name(std::string_view name);
  void begin(std::string_view command, std::string_view field);

  std::string json_{};
  std::vector<std::string> names_{};
  bool changes_ = false;
};

}  // namespace core_lib::solr
