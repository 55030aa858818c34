// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace core_lib::solr::detail {

/// The body of a form with files. Its fields are parameters to Solr.
class MultipartForm {
 public:
  MultipartForm();

  [[nodiscard]] std::string content_type() const;
  /// Whether a field may have this name, which then cannot end its header.
  [[nodiscard]] static bool takes(std::string_view name) noexcept;
  /// @throws ConversionError  the value is no valid UTF-8: Solr would take it for another one
  void add_field(std::string_view name, std::string_view value);
  /// Any name of a file is taken, and percent-encoded.
  void add_file(std::string_view name, std::string_view file_name, std::string_view content);
  /// The whole body. Nothing is added after it.
  [[nodiscard]] std::string finish();

 private:
  void begin_part(std::string_view name);

  std::string boundary_;
  std::string body_{};
};

}  // namespace core_lib::solr::detail
