// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace core_lib {

class Resolvers;
namespace config {
class Tree;
struct Node;
struct Access;
}  // namespace config

/// A place in a configuration: a cheap handle on an immutable tree that knows its path and its position in the file.
///
/// Interpolations such as `${oc.env:HOST}` are evaluated when a value is read, each time. Where a path is asked for,
/// dots separate keys, `[0]` or `.0` picks from a list, and `\.` is a dot inside a key.
/// Errors: everything here throws ConfigError with the full path, file:line:column and near keys; never a value.
/// Thread safety: any number of threads may read the same configuration. Handles keep the whole tree alive.
class Config {
 public:
  class Iterator;

  /// An empty map.
  Config();
  /// Reads YAML text; `name` stands for the file in messages.
  [[nodiscard]] static Config parse(std::string_view yaml, std::string_view name = "<text>");
  /// The same, with resolvers of your own.
  [[nodiscard]] static Config parse(std::string_view yaml, std::string_view name, const Resolvers& resolvers);
  /// Reads a YAML file of at most 16 MiB.
  [[nodiscard]] static Config load(const std::string& file);
  /// The same, with resolvers of your own.
  [[nodiscard]] static Config load(const std::string& file, const Resolvers& resolvers);

  /// The node under a dotted path.
  [[nodiscard]] Config at(std::string_view path) const;
  /// The node under one key, in which dots mean nothing.
  [[nodiscard]] Config operator[](std::string_view key) const;
  /// An element of a list.
  [[nodiscard]] Config operator[](std::size_t index) const;
  /// True where the path leads to something other than `???`. Null counts.
  [[nodiscard]] bool contains(std::string_view path) const;

  /// The value as bool, an integer (checked for range), float, double, std::string or a std::vector of these.
  /// Text becomes a number or a bool when the whole of it is one; a number becomes text as it was written.
  template <class T>
  [[nodiscard]] T as() const;
  /// The value under a path, or the fallback where it is absent, null or `???`.
  template <class T>
  [[nodiscard]] T get(std::string_view path, std::type_identity_t<T> fallback) const;

  /// True for `~`, `null` and nothing at all; like the next four, of the value that an interpolation leads to.
  [[nodiscard]] bool is_null() const;
  /// True for `???`: a value that somebody has to set.
  [[nodiscard]] bool is_missing() const;
  /// True for a map, also an empty one.
  [[nodiscard]] bool is_map() const;
  /// True for a list, also an empty one.
  [[nodiscard]] bool is_list() const;
  /// True for text, numbers and booleans.
  [[nodiscard]] bool is_scalar() const;

  /// Entries of a map or elements of a list; 0 for null.
  [[nodiscard]] std::size_t size() const;
  /// Keys of a map in the order of the file; empty for null.
  [[nodiscard]] std::vector<std::string> keys() const;
  /// Iterates over the values of a map or the elements of a list, in order; key() tells the name of each.
  [[nodiscard]] Iterator begin() const;
  /// Behind the last one.
  [[nodiscard]] Iterator end() const;

  /// The last part of the path: this node's key in its map, empty elsewhere.
  [[nodiscard]] const std::string& key() const noexcept;
  /// The full path from the root, which at() of the root accepts; empty for the root itself.
  [[nodiscard]] std::string path() const;
  /// "file:line:column".
  [[nodiscard]] std::string where() const;
  /// The file, or the name given to parse().
  [[nodiscard]] const std::string& origin() const noexcept;
  /// The whole configuration.
  [[nodiscard]] Config root() const;

  /// Throws where this map has a key that is neither listed nor one of `_target_`, `_recursive_`, `_instance_key_`.
  void reject_unknown_keys(std::initializer_list<std::string_view> known) const;
  /// Throws a ConfigError about this node: its path and position, then the message.
  [[noreturn]] void fail(std::string_view message) const;

  /// YAML for a person to read: interpolations as written, and `<hidden>` for what looks like a secret by its key.
  [[nodiscard]] std::string to_string() const;

 private:
  friend struct config::Access;
  Config(std::shared_ptr<const config::Tree> tree, const config::Node* node) noexcept;

  [[nodiscard]] Config find(std::string_view path) const;
  [[nodiscard]] bool present() const noexcept { return node_ != nullptr; }
  [[nodiscard]] bool has_value() const;
  [[nodiscard]] bool read_bool() const;
  [[nodiscard]] std::int64_t read_signed(std::int64_t min, std::int64_t max, std::size_t bits) const;
  [[nodiscard]] std::uint64_t read_unsigned(std::uint64_t max, std::size_t bits) const;
  [[nodiscard]] double read_double(double max) const;
  [[nodiscard]] std::string read_text() const;
  [[nodiscard]] std::vector<Config> read_list() const;

  std::shared_ptr<const config::Tree> tree_;
  const config::Node* node_;
};

/// Walks over the children of a map or a list.
class Config::Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Config;

  Iterator() = default;
  [[nodiscard]] Config operator*() const;
  Iterator& operator++() noexcept {
    ++index_;
    return *this;
  }
  Iterator operator++(int) noexcept {
    Iterator before = *this;
    ++index_;
    return before;
  }
  [[nodiscard]] bool operator==(const Iterator& other) const noexcept { return index_ == other.index_; }

 private:
  friend class Config;
  Iterator(std::shared_ptr<const config::Tree> tree, const config::Node* parent, std::size_t index) noexcept
      : tree_(std::move(tree)), parent_(parent), index_(index) {}

  std::shared_ptr<const config::Tree> tree_;
  const config::Node* parent_ = nullptr;
  std::size_t index_ = 0;
};

namespace config {
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_unreadable = false;
}  // namespace config

template <class T>
T Config::as() const {
  if constexpr (std::is_same_v<T, bool>) {
    return read_bool();
  } else if constexpr (std::is_same_v<T, std::string>) {
    return read_text();
  } else if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
    return static_cast<T>(read_double(std::numeric_limits<T>::max()));
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    return static_cast<T>(read_signed(std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), sizeof(T) * 8));
  } else if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(read_unsigned(std::numeric_limits<T>::max(), sizeof(T) * 8));
  } else if constexpr (config::is_vector<T>) {
    T values;
    for (const Config& element : read_list()) values.push_back(element.as<typename T::value_type>());
    return values;
  } else {
    static_assert(config::is_unreadable<T>,
                  "Config::as<T>() reads bool, integers, float, double, std::string and std::vector of these");
  }
}

template <class T>
T Config::get(std::string_view path, std::type_identity_t<T> fallback) const {
  const Config node = find(path);
  return node.has_value() ? node.as<T>() : fallback;
}

}  // namespace core_lib
