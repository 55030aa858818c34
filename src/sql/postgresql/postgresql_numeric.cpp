// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_numeric.hpp"

#include <cstddef>
#include <cstdint>

#include "sql/postgresql/network_order.hpp"

namespace core_lib::sql::postgresql {
namespace {

// Four numbers of 16 bits (digits, weight of the first one, sign, decimal places), then digits of base 10,000.
constexpr std::size_t header_size = 8;
enum Sign : std::uint16_t { positive = 0, negative = 0x4000, nan = 0xC000, infinite = 0xD000, minus_infinite = 0xF000 };

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return from_network_order<std::uint16_t>(bytes.data() + at);
}

void append_digit(std::string& out, unsigned digit) {
  for (unsigned unit = 1000; unit != 0; unit /= 10) out += static_cast<char>('0' + digit / unit % 10);
}

}  // namespace

bool format_numeric(std::string_view bytes, std::string& out) {
  if (bytes.size() < header_size) return false;
  const int count = number_at(bytes, 0);
  const int weight = static_cast<std::int16_t>(number_at(bytes, 2));
  const std::uint16_t sign = number_at(bytes, 4);
  const std::size_t places = number_at(bytes, 6);
  if (bytes.size() != header_size + 2 * static_cast<std::size_t>(count)) return false;
  if (sign == nan || sign == infinite || sign == minus_infinite) {
    out += sign == nan ? "NaN" : sign == infinite ? "Infinity" : "-Infinity";
    return true;
  }
  const auto digit = [&](int i) -> unsigned {
    return i >= 0 && i < count ? number_at(bytes, header_size + 2 * static_cast<std::size_t>(i)) : 0;
  };
  if (sign == negative) out += '-';
  const std::size_t whole = out.size();
  for (int i = 0; i <= weight; ++i) append_digit(out, digit(i));
  const std::size_t significant = out.find_first_not_of('0', whole);
  out.erase(whole, (significant == std::string::npos ? out.size() : significant) - whole);
  if (out.size() == whole) out += '0';
  if (places == 0) return true;
  out += '.';
  const std::size_t point = out.size();
  for (int i = weight + 1; out.size() < point + places; ++i) append_digit(out, digit(i));
  out.resize(point + places);
  return true;
}

}  // namespace core_lib::sql::postgresql
