// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/sql/query/column.hpp"

namespace core_lib::sql::detail {

/// What page_after() orders by: a column, in one direction.
template <class T>
struct PageColumn {
  static constexpr bool known = false;
};
template <auto Member>
struct PageColumn<Column<Member>> {
  static constexpr bool known = true;
  static constexpr bool descends = false;
  static constexpr auto member = Member;
  static constexpr bool nullable = is_optional<typename Column<Member>::value_type>;
};
template <auto Member, bool Descends>
struct PageColumn<ColumnOrdering<Member, Descends>> : PageColumn<Column<Member>> {
  static constexpr bool descends = Descends;
};

/// Keeps the rows that come after `last` in the order of these columns.
template <class First, class... Rest, class Entity>
[[nodiscard]] auto behind(const Entity& last) {
  using Page = PageColumn<First>;
  constexpr Column<Page::member> column{};
  const auto& value = last.*Page::member;
  const auto comes_later = [&] {
    if constexpr (Page::descends) {
      return column < value;
    } else {
      return column > value;
    }
  };
  if constexpr (sizeof...(Rest) == 0) {
    return comes_later();
  } else {
    return comes_later() || (column == value && behind<Rest...>(last));
  }
}

}  // namespace core_lib::sql::detail
