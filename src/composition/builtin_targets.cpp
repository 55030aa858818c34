// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/builtin_targets.hpp"

#include "core_lib/config/target_registry.hpp"

#include "composition/sql_config.hpp"

namespace core_lib {

const TargetRegistry& builtin_targets() {
  static const TargetRegistry targets = builtin_targets(DataSourceDefaults{});
  return targets;
}

TargetRegistry builtin_targets(const DataSourceDefaults& defaults) {
  TargetRegistry made;
  made.add<SqlConnectionRegistry>({"core_lib::SqlConnectionRegistry",
                                   "core_lib.connection.sql_alchemy_connection_registry.SqlAlchemyConnectionRegistry",
                                   "core_lib.connection.sql_alchemy_connection_factory.SqlAlchemyConnectionFactory"},
                                  [defaults](const TargetArguments& arguments) {
                                    return composition::make_sql_connection_registry(arguments.whole_config(),
                                                                                     defaults);
                                  })
      .as<AnyConnectionRegistry>();
  return made;
}

}  // namespace core_lib
