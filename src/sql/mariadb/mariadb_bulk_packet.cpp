// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_bulk_packet.hpp"

#include <algorithm>
#include <cstdint>

#include "sql/mariadb/mariadb_packet.hpp"

namespace core_lib::sql::mariadb {
namespace {

using mapping::Kind;
using mapping::Scalar;

constexpr std::size_t bytes_before_types = 6;

}  // namespace

BulkPacket::BulkPacket(unsigned long statement, std::size_t columns, std::size_t limit)
    : limit_(limit), head_(bytes_before_types + 2 * columns), kinds_(columns, Kind::null) {
  constexpr std::uint16_t types_follow = 128;
  bytes_.reserve(limit);
  append_integer(bytes_, static_cast<std::uint32_t>(statement));
  append_integer(bytes_, types_follow);
  for (std::size_t i = 0; i < columns; ++i) append_integer(bytes_, static_cast<std::uint16_t>(MYSQL_TYPE_STRING));
}

bool BulkPacket::add(std::span<const Scalar> row) {
  const std::size_t before = bytes_.size();
  if (append(row) && (bytes_.size() <= limit_ || empty())) {
    ++rows_;
    return true;
  }
  bytes_.resize(before);
  return false;
}

bool BulkPacket::append(std::span<const Scalar> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Scalar& value = row[i];
    if (value.is_null()) {
      bytes_ += '\1';
      continue;
    }
    if (!takes(i, value.kind())) return false;
    bytes_ += '\0';
    append_value(bytes_, value, i);
  }
  return true;
}

bool BulkPacket::takes(std::size_t column, Kind kind) {
  if (kinds_[column] == kind) [[likely]]
    return true;
  if (kinds_[column] != Kind::null) return false;
  kinds_[column] = kind;
  bytes_[bytes_before_types + 2 * column] = static_cast<char>(wire_type(kind));
  return true;
}

void BulkPacket::clear() noexcept {
  bytes_.resize(head_);
  std::fill(kinds_.begin(), kinds_.end(), Kind::null);
  rows_ = 0;
}

}  // namespace core_lib::sql::mariadb
