// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/query/parameter.hpp"

namespace core_lib::sql::detail {

Parameter::Parameter(const mapping::Scalar& scalar) : scalar_(scalar), owns_text_(scalar.has_text()) {
  if (owns_text_) text_ = scalar.as_text();
}

}  // namespace core_lib::sql::detail
