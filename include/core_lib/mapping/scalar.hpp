// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <span>
#include <string_view>

namespace core_lib::mapping {

/// What a value is, on its way between a field and a data source. Engines map each kind to a type of theirs.
enum class Kind : std::uint8_t {
  null,
  boolean,
  integer,    ///< 64 bits, signed; wider or unsigned values that do not fit are refused
  real,       ///< IEEE double
  text,       ///< UTF-8
  blob,       ///< bytes
  timestamp,  ///< an instant: microseconds since 1970-01-01T00:00:00Z
  date,       ///< a civil date: days since 1970-01-01
  duration,   ///< microseconds, of either sign
  uuid,       ///< 16 bytes, in the order they are written
  decimal,    ///< exact decimal number, as text
  json,       ///< JSON, as text
  list,       ///< several values of one type, each of which may be null
};

[[nodiscard]] std::string_view to_string(Kind kind) noexcept;

/// One value, borrowed: text, bytes and lists are views, whose owner outlives the Scalar.
class Scalar {
 public:
  constexpr Scalar() noexcept = default;

  /// A value of the kind that the name says. Text, bytes and lists are borrowed.
  /// @{
  [[nodiscard]] static constexpr Scalar boolean(bool value) noexcept { return number(Kind::boolean, value ? 1 : 0); }
  [[nodiscard]] static constexpr Scalar integer(std::int64_t value) noexcept { return number(Kind::integer, value); }
  [[nodiscard]] static constexpr Scalar timestamp(std::int64_t microseconds) noexcept {
    return number(Kind::timestamp, microseconds);
  }
  [[nodiscard]] static constexpr Scalar date(std::int64_t days) noexcept { return number(Kind::date, days); }
  [[nodiscard]] static constexpr Scalar duration(std::int64_t microseconds) noexcept {
    return number(Kind::duration, microseconds);
  }
  [[nodiscard]] static constexpr Scalar real(double value) noexcept {
    Scalar scalar;
    scalar.kind_ = Kind::real;
    scalar.real_ = value;
    return scalar;
  }
  [[nodiscard]] static constexpr Scalar text(std::string_view value) noexcept {
    return view(Kind::text, value.data(), value.size());
  }
  [[nodiscard]] static constexpr Scalar decimal(std::string_view value) noexcept {
    return view(Kind::decimal, value.data(), value.size());
  }
  [[nodiscard]] static constexpr Scalar json(std::string_view value) noexcept {
    return view(Kind::json, value.data(), value.size());
  }
  [[nodiscard]] static Scalar blob(std::span<const std::byte> value) noexcept {
    return view(Kind::blob, reinterpret_cast<const char*>(value.data()), value.size());
  }
  [[nodiscard]] static Scalar uuid(std::span<const std::byte, 16> value) noexcept {
    return view(Kind::uuid, reinterpret_cast<const char*>(value.data()), value.size());
  }
  [[nodiscard]] static constexpr Scalar list(std::span<const Scalar> values) noexcept {
    Scalar scalar;
    scalar.kind_ = Kind::list;
    scalar.values_ = values.data();
    scalar.size_ = values.size();
    return scalar;
  }
  /// @}

  /// Becomes what `make()` gives back, made in place: processors wait where a value is copied that was just written.
  template <class Make>
  void become(Make&& make) {
    ::new (static_cast<void*>(this)) Scalar(make());
  }

  /// True where as_text() and as_bytes() may be asked.
  [[nodiscard]] constexpr bool has_text() const noexcept {
    constexpr auto bit = [](Kind kind) { return 1U << static_cast<unsigned>(kind); };
    constexpr unsigned have =
        bit(Kind::text) | bit(Kind::blob) | bit(Kind::uuid) | bit(Kind::decimal) | bit(Kind::json);
    return (have & bit(kind_)) != 0;
  }
  /// Borrows another text from now on, say a copy of its own.
  /// @pre has_text()
  constexpr void borrow(std::string_view text) noexcept {
    data_ = text.data();
    size_ = text.size();
  }

  /// Says which of the functions below may be asked.
  [[nodiscard]] constexpr Kind kind() const noexcept { return kind_; }
  /// True for the Scalar that was made from nothing.
  [[nodiscard]] constexpr bool is_null() const noexcept { return kind_ == Kind::null; }

  /// @pre kind() is boolean
  [[nodiscard]] constexpr bool as_boolean() const noexcept { return integer_ != 0; }
  /// @pre kind() is boolean, integer, timestamp, date or duration
  [[nodiscard]] constexpr std::int64_t as_integer() const noexcept { return integer_; }
  /// @pre kind() is real
  [[nodiscard]] constexpr double as_real() const noexcept { return real_; }
  /// @pre kind() is text, decimal, json, blob or uuid
  [[nodiscard]] constexpr std::string_view as_text() const noexcept { return {data_, size_}; }
  /// @pre kind() is text, decimal, json, blob or uuid
  [[nodiscard]] std::span<const std::byte> as_bytes() const noexcept {
    return {reinterpret_cast<const std::byte*>(data_), size_};
  }
  /// @pre kind() is list
  [[nodiscard]] constexpr std::span<const Scalar> as_list() const noexcept { return {values_, size_}; }

 private:
  static constexpr Scalar number(Kind kind, std::int64_t value) noexcept {
    Scalar scalar;
    scalar.kind_ = kind;
    scalar.integer_ = value;
    return scalar;
  }
  static constexpr Scalar view(Kind kind, const char* data, std::size_t size) noexcept {
    Scalar scalar;
    scalar.kind_ = kind;
    scalar.data_ = data;
    scalar.size_ = size;
    return scalar;
  }

  union {
    std::int64_t integer_ = 0;
    double real_;
    const char* data_;
    const Scalar* values_;
  };
  std::size_t size_ = 0;
  Kind kind_ = Kind::null;
};

}  // namespace core_lib::mapping
