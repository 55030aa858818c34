// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/builtin_targets.hpp"

#include "core_lib/config/target_registry.hpp"

#ifdef CORE_LIB_WITH_NEO4J
#include "composition/neo4j_config.hpp"
#endif
#ifdef CORE_LIB_WITH_SOLR
#include "composition/solr_config.hpp"
#endif
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
#ifdef CORE_LIB_WITH_NEO4J
  made.add<Neo4jConnectionRegistry>(
          {"core_lib::Neo4jConnectionRegistry", "core_lib.connection.neo4j_connection_registry.Neo4jConnectionRegistry",
           "core_lib.connection.neo4j_connection_factory.Neo4jConnectionFactory"},
          [](const TargetArguments& arguments) {
            return composition::make_neo4j_connection_registry(arguments.whole_config());
          })
      .as<AnyConnectionRegistry>();
#endif
#ifdef CORE_LIB_WITH_SOLR
  made.add<SolrConnectionRegistry>(
          {"core_lib::SolrConnectionRegistry", "core_lib.connection.solr_connection_registry.SolrConnectionRegistry",
           "core_lib.connection.solr_connection_factory.SolrConnectionFactory"},
          [defaults](const TargetArguments& arguments) {
            return composition::make_solr_connection_registry(arguments.whole_config(), defaults);
          })
      .as<AnyConnectionRegistry>();
#endif
  return made;
}

}  // namespace core_lib
