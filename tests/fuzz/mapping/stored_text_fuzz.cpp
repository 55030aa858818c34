// SPDX-License-Identifier: Apache-2.0
// Text that a database may hold, read into each type that is read from text: what is read is written as text that reads
// the same, and everything else is a ConversionError.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/json.hpp"
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

void read_all(const mapping::Scalar& scalar) {
  using std::chrono::sys_time;
  read<std::int8_t>(scalar);
  read<std::uint64_t>(scalar);
  read<bool>(scalar);
  read<std::string>(scalar);
  read<Uuid>(scalar);
  read<Decimal>(scalar);
  read<Json>(scalar);
  read<sys_time<std::chrono::nanoseconds>>(scalar);
  read<sys_time<std::chrono::microseconds>>(scalar);
  read<std::chrono::sys_seconds>(scalar);
  read<std::chrono::sys_days>(scalar);
  read<std::chrono::year_month_day>(scalar);
}

void write_and_read(std::int64_t number) {
  require(mapping::parse_timestamp(timestamp(number)) == number);
  const std::int64_t days = number % mapping::last_date;
  require(mapping::parse_date(date(days)) == days);
  read_all(mapping::Scalar::timestamp(number));
  read_all(mapping::Scalar::date(days));
  read_all(mapping::Scalar::integer(number));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  if (const auto microseconds = mapping::parse_timestamp(text)) {
    require(mapping::parse_timestamp(timestamp(*microseconds)) == *microseconds);
  }
  if (const auto days = mapping::parse_date(text)) require(date(*days) == text);
  read_all(mapping::Scalar::text(text));
  read_all(mapping::Scalar::decimal(text));
  read_all(mapping::Scalar::json(text));
  if (size >= sizeof(std::int64_t)) {
    std::int64_t number = 0;
    std::memcpy(&number, bytes, sizeof number);
    write_and_read(number);
  }
  return 0;
}
