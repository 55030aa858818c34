// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/builtin_targets.hpp"

#include "core_lib/config/target_registry.hpp"

#include "composition/sql_config.hpp"

namespace core_lib {

const TargetRegistry& builtin_targets() {
  static const TargetRegistry targets = [] {
    TargetRegistry made;
    made.add<SqlConnectionRegistry>({"core_lib::SqlConnectionRegistry",
                                     "core_lib.connection.sql_alchemy_connection_registry.SqlAlchemyConnectionRegistry",
                                     "core_lib.connection.sql_alchemy_connection_factory.SqlAlchemyConnectionFactory"},
                                    [](const TargetArguments& arguments) {
                                      return composition::make_sql_connection_registry(arguments.whole_config());
                                    })
        .as<AnyConnectionRegistry>();
    return made;
  }();
  return targets;
}

}  // namespace core_lib
