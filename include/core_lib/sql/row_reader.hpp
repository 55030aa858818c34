// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <tuple>
#include <utility>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/mapping/field_type.hpp"
#include "core_lib/sql/execution.hpp"

namespace core_lib::sql::detail {

/// How one row becomes a value: a single column by default.
template <class Row>
struct RowReader {
  static void read(Execution& execution, Row& row) {
    static constexpr const mapping::FieldType* type = &mapping::field_type<Row>;
    void* target = &row;
    execution.read({&type, 1}, &target);
  }
};

template <class Row>
  requires mapping::is_entity<Row>
struct RowReader<Row> {
  static void read(Execution& execution, Row& row) { execution.read(mapping::entity_table<Row>(), &row); }
};

template <class... Values>
struct RowReader<std::tuple<Values...>> {
  static void read(Execution& execution, std::tuple<Values...>& row) {
    static constexpr const mapping::FieldType* types[] = {&mapping::field_type<Values>...};
    std::apply(
        [&](Values&... values) {
          void* const targets[] = {&values...};
          execution.read(types, targets);
        },
        row);
  }
};

}  // namespace core_lib::sql::detail
