// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <forward_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <libpq-fe.h>

#include "core_lib/mapping/entity_table.hpp"
#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::postgresql {

/// Room for what reading one row makes; what it gave stays where it is until clear().
class RowBuffer {
 public:
  [[nodiscard]] std::string& next() {
    if (used_ == texts_.size()) texts_.emplace_back();
    texts_[used_].clear();
    return texts_[used_++];
  }
  [[nodiscard]] std::span<const mapping::Scalar> keep(std::vector<mapping::Scalar> list) {
    return lists_.emplace_front(std::move(list));
  }
  void clear() noexcept {
    used_ = 0;
    if (!lists_.empty()) lists_.clear();
  }
  /// The same, and gives back the room.
  void release() noexcept {
    if (!texts_.empty()) texts_.clear();
    clear();
  }

 private:
  std::size_t used_ = 0;
  std::forward_list<std::vector<mapping::Scalar>> lists_;
  std::deque<std::string> texts_;
};

/// Reads one value that is not null. Errors: ConversionError.
using Decoder = mapping::Scalar (*)(std::string_view bytes, RowBuffer& buffer);

/// How a type comes in binary; null where only its text is understood.
[[nodiscard]] Decoder binary_decoder(Oid type) noexcept;
[[nodiscard]] Decoder text_decoder(Oid type) noexcept;

/// Reads one value that is not null straight into a field. Errors: ConversionError.
using Assign = void (*)(std::string_view bytes, RowBuffer& buffer, void* field);

/// What the decoder and the field's own `decode` do, one after the other, in one: for the pairs that are met most, else
/// null.
[[nodiscard]] Assign assign_of(Decoder decoder, const mapping::FieldReader& reader) noexcept;

}  // namespace core_lib::sql::postgresql
