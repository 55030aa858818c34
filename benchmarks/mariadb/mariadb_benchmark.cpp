// SPDX-License-Identifier: Apache-2.0
// core_lib on MariaDB beside libmariadb written well by hand, SOCI and SQLAlchemy: the same rows and transactions,
// one server, one processor. The peers are there where their packages are.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core_lib/sql/mariadb.hpp"

#include "raw_mariadb.hpp"
#include "servers/black_hole.hpp"
#include "servers/core_lib_candidate.hpp"
#include "servers/lines.hpp"
#include "servers/server.hpp"
#include "servers/stream_memory.hpp"
#ifdef CORE_LIB_WITH_SOCI
#include <soci/mysql/soci-mysql.h>

#include "servers/soci_candidate.hpp"
#endif

namespace benchmarks {
namespace {

core_lib::sql::MariadbOptions options_for(const Address& address) {
  core_lib::sql::MariadbOptions options;
  options.unix_socket = address.socket;
  options.hosts = {{address.host, address.port}};
  options.user = address.user;
  options.password = address.password;
  options.database = address.database;
  options.tls.mode = core_lib::sql::TlsMode::disable;
  return options;
}

std::unique_ptr<CoreLibCandidate> make_core_lib(const Address& address) {
  return std::make_unique<CoreLibCandidate>(core_lib::sql::make_mariadb_driver(options_for(address)),
                                            "UPDATE accounts SET name = ? WHERE id = ?");
}

#ifdef CORE_LIB_WITH_SOCI
std::string connection_string(const Address& address) {
  const std::string place = address.socket.empty() ? "host=" + address.host + " port=" + std::to_string(address.port)
                                                   : "unix_socket=" + address.socket;
  return place + " user=" + address.user + " password=" + address.password + " db=" + address.database +
         " charset=utf8mb4";
}
#endif

/// All candidates at one address.
std::vector<std::unique_ptr<Candidate>> make_candidates(const Address& address) {
  std::vector<std::unique_ptr<Candidate>> candidates;
  candidates.push_back(std::make_unique<RawMariadb>(address));
  candidates.push_back(make_core_lib(address));
#ifdef CORE_LIB_WITH_SOCI
  candidates.push_back(std::make_unique<SociCandidate>(soci::mysql, connection_string(address), false));
#endif
  return candidates;
}

/// A server that lives as long as this program.
class Server : public core_lib::support::OwnService {
 public:
  Server() : OwnService("mariadb") {}
};

void run() {
  pin_to_one_processor();
  const Server server;
  const Address address = address_of(server);
  const auto administrator = make_core_lib(address);
  core_lib::SqlConnectionRegistry& db = administrator->registry();
  db.create_db<Account>();
  db.execute("ALTER TABLE accounts MODIFY visits INT NOT NULL");  // SOCI wants to know which integers are long
  db.execute("CREATE VIEW numbers AS SELECT seq AS id, CONCAT('text of row ', seq) AS text FROM seq_1_to_10000000");
  stream_memory(db);

  const core_lib::support::Forwarder network(address.port);
  std::vector<Pair> pairs;
  auto counted = make_candidates(behind(network.port(), address));
  for (auto& timed : make_candidates(address)) {
    pairs.push_back({std::move(timed), std::move(counted[pairs.size()]), &network});
  }
  measure_all(pairs, {.clear = [&] { db.execute("TRUNCATE TABLE accounts"); },
                      .trim = [&] { db.execute("DELETE FROM accounts WHERE id > ?", account_count); },
                      .settle = [&] { db.execute("ANALYZE TABLE accounts"); }});
  core_lib::support::Forwarder hole(address.port);
  black_hole(make_core_lib(behind(hole.port(), address))->registry(), hole);
  run_sqlalchemy("mariadb", address);
}

}  // namespace
}  // namespace benchmarks

int main() { benchmarks::run(); }
