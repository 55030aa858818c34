// SPDX-License-Identifier: Apache-2.0
#include "iso_codes.hpp"

#include <charconv>

#include <simdjson.h>

namespace {

namespace dom = simdjson::dom;

template <class Row>
std::vector<Row> read(const std::string& path, std::string_view list, Row (*row_of)(dom::element)) {
  try {
    dom::parser parser;
    const dom::element document = parser.load(path);
    const dom::array entries = document[list];
    std::vector<Row> rows;
    for (const dom::element entry : entries) rows.push_back(row_of(entry));
    return rows;
  } catch (const simdjson::simdjson_error& error) {
    throw core_lib::Error("cannot read " + path + ": " + error.what() +
                          "; it comes with Debian's package iso-codes, or name its folder: world iso_codes=FOLDER");
  }
}

std::string text(dom::element entry, std::string_view key) { return std::string(std::string_view(entry[key])); }

std::optional<std::string> optional_text(dom::element entry, std::string_view key) {
  std::string_view value;
  if (entry[key].get(value) != simdjson::SUCCESS) return std::nullopt;
  return std::string(value);
}

Country country_of(dom::element entry) {
  Country country{text(entry, "alpha_2"), text(entry, "alpha_3"), 0, text(entry, "name"),
                  optional_text(entry, "official_name")};
  const std::string number = text(entry, "numeric");
  std::from_chars(number.data(), number.data() + number.size(), country.number);
  return country;
}

Subdivision subdivision_of(dom::element entry) {
  std::string code = text(entry, "code");
  std::string country = code.substr(0, code.find('-'));
  return {std::move(code), std::move(country), text(entry, "type"), text(entry, "name"),
          optional_text(entry, "parent")};
}

}  // namespace

std::vector<Country> read_countries(const std::string& folder) {
  return read<Country>(folder + "/iso_3166-1.json", "3166-1", country_of);
}

std::vector<Subdivision> read_subdivisions(const std::string& folder) {
  return read<Subdivision>(folder + "/iso_3166-2.json", "3166-2", subdivision_of);
}
