// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core_lib::solr {

/// The parameters of a request: in order, names may repeat. Any text is a value: it is percent-encoded in one place,
/// when the request is made, so that it can never become another parameter.
class Parameters {
 public:
  using Entry = std::pair<std::string, std::string>;

  Parameters() = default;

  /// Adds one, whatever is there: a bool as `true` or `false`, an integer as 64 bits with a sign, a real number in
  /// as few digits as name it exactly.
  /// @{
  Parameters& add(std::string_view name, std::string_view value);
  Parameters& add(std::string_view name, const char* value) { return add(name, std::string_view(value)); }
  Parameters& add(std::string_view name, std::same_as<bool> auto value) { return add(name, value ? "true" : "false"); }
  Parameters& add(std::string_view name, std::integral auto value)
    requires(!std::same_as<decltype(value), bool>)
  {
    return add_number(name, static_cast<std::int64_t>(value));
  }
  Parameters& add(std::string_view name, std::floating_point auto value) {
    return add_number(name, static_cast<double>(value));
  }
  /// @}

  /// Replaces all of that name.
  template <class Value>
  Parameters& set(std::string_view name, const Value& value) {
    remove(name);
    return add(name, value);
  }
  /// Takes all of that name away; that there is none is no error.
  Parameters& remove(std::string_view name);
  /// Adds all of another's.
  Parameters& append(const Parameters& others);

  /// The first value of that name.
  [[nodiscard]] std::optional<std::string_view> get(std::string_view name) const noexcept;
  /// True for a name with an empty value too.
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name).has_value(); }
  [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
  /// As they were added, not encoded. Lifetime: until the next change.
  [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }

  /// Writes `name=value&...`, percent-encoded, behind what is in `out`.
  void append_encoded(std::string& out) const;

 private:
  Parameters& add_number(std::string_view name, std::int64_t value);
  Parameters& add_number(std::string_view name, double value);

  std::vector<Entry> entries_;
};

/// Percent-encodes all but letters, digits and `-._~`.
void append_percent_encoded(std::string& out, std::string_view text);

}  // namespace core_lib::solr
