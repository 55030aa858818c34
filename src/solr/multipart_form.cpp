// SPDX-License-Identifier: Apache-2.0
#include "solr/multipart_form.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include <simdjson.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/parameters.hpp"

namespace core_lib::solr::detail {
namespace {

/// Twelve random bytes in hex, which neither a file nor a value holds by chance, and nobody can know before.
std::string make_boundary() {
  constexpr char digits[] = "0123456789abcdef";
  std::random_device random;
  std::string boundary = "core_lib-";
  for (int i = 0; i < 24; ++i) boundary += digits[random() & 0xFU];
  return boundary;
}

bool is_utf8(std::string_view text) noexcept { return simdjson::validate_utf8(text.data(), text.size()); }

}  // namespace

MultipartForm::MultipartForm() : boundary_(make_boundary()) {}

std::string MultipartForm::content_type() const { return "multipart/form-data; boundary=" + boundary_; }

bool MultipartForm::takes(std::string_view name) noexcept {
  const auto ends_a_header = [](unsigned char byte) {
    return byte < 0x20 || byte == 0x7F || byte == '"' || byte == '\\';
  };
  return std::ranges::none_of(name, ends_a_header) && is_utf8(name);
}

void MultipartForm::begin_part(std::string_view name) {
  body_.append("--").append(boundary_).append("\r\nContent-Disposition: form-data; name=\"").append(name).append("\"");
}

void MultipartForm::add_field(std::string_view name, std::string_view value) {
  if (!is_utf8(value)) {
    throw ConversionError("the parameter '" + std::string(name) + "' is no valid UTF-8, so it cannot be sent to Solr");
  }
  begin_part(name);
  body_.append("\r\n\r\n").append(value).append("\r\n");
}

void MultipartForm::add_file(std::string_view name, std::string_view file_name, std::string_view content) {
  begin_part(name);
  body_.append("; filename=\"");
  append_percent_encoded(body_, file_name);
  body_.append("\"\r\nContent-Type: application/octet-stream\r\n\r\n").append(content).append("\r\n");
}

std::string MultipartForm::finish() {
  body_.append("--").append(boundary_).append("--\r\n");
  return std::move(body_);
}

}  // namespace core_lib::solr::detail
