// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/query/parameter.hpp"

#include <span>

namespace core_lib::sql::detail {

struct Parameter::List {
  std::vector<Parameter> values;
  std::vector<mapping::Scalar> views;
};

Parameter::Parameter(const mapping::Scalar& scalar) : scalar_(scalar) {
  if (scalar.has_text()) text_ = scalar.as_text();
  if (scalar.kind() != mapping::Kind::list) return;
  const std::span<const mapping::Scalar> values = scalar.as_list();
  *this = Parameter(std::vector<Parameter>(values.begin(), values.end()));
}

Parameter::Parameter(std::vector<Parameter> values) {
  auto list = std::make_shared<List>();
  list->values = std::move(values);
  list->views.reserve(list->values.size());
  for (const Parameter& value : list->values) list->views.push_back(value.view());
  scalar_ = mapping::Scalar::list(list->views);
  list_ = std::move(list);
}

}  // namespace core_lib::sql::detail
