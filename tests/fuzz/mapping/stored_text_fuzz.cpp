// SPDX-License-Identifier: Apache-2.0
// Text that a database may hold, read into a type that the first byte chooses: what is read is written as text that
// reads the same, and everything else is a ConversionError.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/json.hpp"
#include "core_lib/mapping/list_codec.hpp"
#include "core_lib/mapping/uuid.hpp"

namespace {

using namespace core_lib;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string timestamp(std::int64_t microseconds) {
  std::array<char, mapping::civil_text_size> text{};
  return {text.data(), mapping::format_timestamp(microseconds, text)};
}
std::string date(std::int64_t days) {
  std::array<char, mapping::civil_text_size> text{};
  return {text.data(), mapping::format_date(days, text)};
}

template <class T>
std::optional<T> decoded(const mapping::Scalar& scalar) {
  T value{};
  try {
    mapping::field_type<T>.decode(scalar, &value);
  } catch (const ConversionError&) {
    return std::nullopt;
  }
  return value;
}

/// Reads, and reads again what the value gives to a database.
template <class T>
void read(const mapping::Scalar& scalar) {
  const std::optional<T> value = decoded<T>(scalar);
  if (!value) return;
  mapping::Scratch scratch;
  const std::optional<T> again = decoded<T>(mapping::field_type<T>.encode(&*value, scratch));
  require(again.has_value() && *again == *value);
}

/// One type at a time, since most texts are refused, and exceptions take most of the time.
void read_as(unsigned type, const mapping::Scalar& scalar) {
  using std::chrono::sys_time;
  switch (type % 15) {
    case 0:
      return read<sys_time<std::chrono::microseconds>>(scalar);
    case 1:
      return read<sys_time<std::chrono::nanoseconds>>(scalar);
    case 2:
      return read<std::chrono::sys_seconds>(scalar);
    case 3:
      return read<std::chrono::sys_days>(scalar);
    case 4:
      return read<std::chrono::year_month_day>(scalar);
    case 5:
      return read<Uuid>(scalar);
    case 6:
      return read<Decimal>(scalar);
    case 7:
      return read<Json>(scalar);
    case 8:
      return read<std::int8_t>(scalar);
    case 9:
      return read<std::uint64_t>(scalar);
    case 10:
      return read<double>(scalar);
    case 11:
      return read<std::chrono::microseconds>(scalar);
    case 12:
      return read<std::vector<std::string>>(scalar);
    case 13:
      return read<std::vector<std::optional<Decimal>>>(scalar);
    default:
      return read<std::string>(scalar);
  }
}

void write_and_read(unsigned type, std::int64_t number) {
  require(mapping::parse_timestamp(timestamp(number)) == number);
  const std::int64_t days = number % mapping::last_date;
  require(mapping::parse_date(date(days)) == days);
  read_as(type, mapping::Scalar::timestamp(number));
  read_as(type, mapping::Scalar::date(days));
  read_as(type, mapping::Scalar::integer(number));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const unsigned type = bytes[0];
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  if (const auto microseconds = mapping::parse_timestamp(text)) {
    require(mapping::parse_timestamp(timestamp(*microseconds)) == *microseconds);
  }
  if (const auto days = mapping::parse_date(text)) require(mapping::parse_date(date(*days)) == *days);
  read_as(type, mapping::Scalar::text(text));
  read_as(type, mapping::Scalar::decimal(text));
  std::int64_t number = 0;
  if (text.size() == sizeof number) {
    std::memcpy(&number, text.data(), sizeof number);
    write_and_read(type, number);
  }
  return 0;
}
