// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/driver/statement.hpp"

#include "sql/misfit.hpp"

namespace core_lib::sql::driver {

void Statement::read(const mapping::EntityTable& table, void* entity) {
  const mapping::Scalar* value = row().data();
  std::size_t field = 0;
  try {
    for (const mapping::FieldReader& reader : table.readers) {
      reader.decode(*value++, static_cast<std::byte*>(entity) + reader.offset);
      ++field;
    }
  } catch (const ConversionError& error) {
    detail::throw_with_field(error, table, table.fields[field]);
  }
}

}  // namespace core_lib::sql::driver
