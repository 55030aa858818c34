// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace core_lib::solr {

/// Appends JSON to a string, piece by piece, and sets the commas. Keys may repeat: Solr's update commands ask for that.
///
/// The caller opens, names and closes in a meaningful order; text that is no UTF-8 is refused.
/// Thread safety: none. Lifetime: the string outlives the writer.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) noexcept : out_(out) {}

  /// Brackets. Nothing checks that they match.
  /// @{
  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  /// @}

  /// @throws ConversionError  where it is no UTF-8
  JsonWriter& key(std::string_view name);
  /// A key as it stands in JSON, with quotes and colon: `"name":`. Not checked.
  JsonWriter& written_key(std::string_view quoted);
  /// @throws ConversionError  where it is no UTF-8
  JsonWriter& text(std::string_view value);
  /// In all its digits, also beyond 2^53, from where on a double would lose some.
  JsonWriter& integer(std::int64_t value);
  /// As few digits as name the number exactly, and never as a whole number: 5 is `5.0`. @throws ConversionError  for
  /// NaN and infinity, which JSON has not
  JsonWriter& real(double value);
  /// A literal: `true`, `false` or `null`.
  /// @{
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  /// @}

  /// JSON that somebody else wrote. Not checked.
  JsonWriter& written(std::string_view json);

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  void separate();

  std::string& out_;
  bool comma_ = false;
};

}  // namespace core_lib::solr
