// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core_lib/mapping/field.hpp"
#include "core_lib/mapping/field_type.hpp"
#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::detail {

/// A value that a query owns until it runs; the counterpart of Scalar, which borrows.
class Parameter {
 public:
  /// Takes the value as it is stored. Errors: ConversionError where it cannot be stored.
  template <class T>
  [[nodiscard]] static Parameter of(T&& value) {
    using Value = std::remove_cvref_t<T>;
    if constexpr (std::is_same_v<Value, std::string>) {
      return Parameter(std::string(std::forward<T>(value)));
    } else if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
      return Parameter(std::string(std::string_view(value)));
    } else {
      mapping::Scratch scratch;
      return Parameter(mapping::field_type<Value>.encode(&value, scratch));
    }
  }
  /// Copies what the scalar borrows.
  explicit Parameter(const mapping::Scalar& scalar);
  explicit Parameter(std::string text) noexcept : scalar_(mapping::Scalar::text({})), text_(std::move(text)) {}
  /// A list.
  explicit Parameter(std::vector<Parameter> values);

  [[nodiscard]] mapping::Scalar view() const noexcept {
    mapping::Scalar view = scalar_;
    if (view.has_text()) view.borrow(text_);
    return view;
  }

 private:
  struct List;

  mapping::Scalar scalar_;
  std::string text_;
  std::shared_ptr<const List> list_;  // what scalar_ views; copies share it
};

}  // namespace core_lib::sql::detail
