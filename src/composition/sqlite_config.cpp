// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/sqlite.hpp"

#include "composition/sql_config.hpp"

namespace core_lib::composition {

std::unique_ptr<sql::driver::Driver> make_sqlite(const Config& url_node, const Url& url, const Config& options) {
  for (const std::string_view part : {"username", "password", "host", "port"}) {
    if (!url_node.get<std::string>(part, {}).empty()) {
      url_node.at(part).fail("sqlite opens a file and knows no " + std::string(part) +
                             "; name the database by 'file', or change 'protocol'");
    }
  }
  if (url_node.contains("file") && !url_node.at("file").is_null() && url.file.empty() && url.path.empty()) {
    url_node.at("file").fail("is empty; name a file, or leave it out for a database in memory, gone with the program");
  }
  options.reject_unknown_keys({"busy_timeout"});
  sql::SqliteOptions sqlite{.file = url.path};
  if (!url.path.empty() && !url.file.empty() && !url.path.ends_with('/')) sqlite.file += '/';
  sqlite.file += url.file;
  sqlite.busy_timeout = get_seconds(options, "busy_timeout", sqlite.busy_timeout);
  return sql::make_sqlite_driver(std::move(sqlite));
}

}  // namespace core_lib::composition
