// SPDX-License-Identifier: Apache-2.0
// core_lib on PostgreSQL beside libpq written well by hand, libpqxx, SOCI and SQLAlchemy: the same rows, the same
// transactions, one server, one processor. The peers are there where their packages are.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core_lib/sql/postgresql.hpp"

#include "raw_postgresql.hpp"
#include "servers/black_hole.hpp"
#include "servers/core_lib_candidate.hpp"
#include "servers/lines.hpp"
#include "servers/server.hpp"
#include "servers/stream_memory.hpp"
#ifdef CORE_LIB_WITH_PQXX
#include "pqxx_candidate.hpp"
#endif
#ifdef CORE_LIB_WITH_SOCI
#include <soci/postgresql/soci-postgresql.h>

#include "servers/soci_candidate.hpp"
#endif

namespace benchmarks {
namespace {

core_lib::sql::PostgresqlOptions options_for(const Address& address) {
  core_lib::sql::PostgresqlOptions options;
  options.hosts = {{address.socket.empty() ? address.host : address.socket, address.port}};
  options.user = address.user;
  options.password = address.password;
  options.database = address.database;
  options.tls.mode = core_lib::sql::TlsMode::disable;
  return options;
}

std::unique_ptr<CoreLibCandidate> make_core_lib(const Address& address) {
  return std::make_unique<CoreLibCandidate>(core_lib::sql::make_postgresql_driver(options_for(address)),
                                            "UPDATE accounts SET name = $1 WHERE id = $2");
}

#if defined(CORE_LIB_WITH_PQXX) || defined(CORE_LIB_WITH_SOCI)
std::string connection_string(const Address& address) {
  return "host=" + (address.socket.empty() ? address.host : address.socket) + " port=" + std::to_string(address.port) +
         " user=" + address.user + " password=" + address.password + " dbname=" + address.database + " sslmode=disable";
}
#endif

/// All candidates at one address.
std::vector<std::unique_ptr<Candidate>> make_candidates(const Address& address) {
  std::vector<std::unique_ptr<Candidate>> candidates;
  candidates.push_back(std::make_unique<RawPostgresql>(address));
  candidates.push_back(make_core_lib(address));
#ifdef CORE_LIB_WITH_PQXX
  candidates.push_back(std::make_unique<PqxxCandidate>(connection_string(address)));
#endif
#ifdef CORE_LIB_WITH_SOCI
  candidates.push_back(std::make_unique<SociCandidate>(soci::postgresql, connection_string(address), true));
#endif
  return candidates;
}

/// A server that lives as long as this program.
class Server : public core_lib::support::OwnService {
 public:
  Server() : OwnService("postgresql") {}
};

void run() {
  pin_to_one_processor();
  const Server server;
  const Address address = address_of(server);
  const auto administrator = make_core_lib(address);
  core_lib::SqlConnectionRegistry& db = administrator->registry();
  db.create_db<Account>();
  db.execute("ALTER TABLE accounts SET (autovacuum_enabled = false)");
  db.execute("ALTER SEQUENCE accounts_id_seq RESTART WITH 1000000");
  db.execute(
      "CREATE VIEW numbers AS SELECT id, 'text of row ' || id AS text "
      "FROM (SELECT generate_series(1::bigint, 10000000) AS id) AS series");
  stream_memory(db);

  const core_lib::support::Forwarder network(address.port);
  std::vector<Pair> pairs;
  auto counted = make_candidates(behind(network.port(), address));
  for (auto& timed : make_candidates(address)) {
    pairs.push_back({std::move(timed), std::move(counted[pairs.size()]), &network});
  }
  measure_all(pairs, {.clear = [&] { db.execute("TRUNCATE accounts"); },
                      .trim = [&] { db.execute("DELETE FROM accounts WHERE id > $1", account_count); },
                      .settle = [&] { db.execute("VACUUM ANALYZE accounts"); }});
  core_lib::support::Forwarder hole(address.port);
  black_hole(make_core_lib(behind(hole.port(), address))->registry(), hole);
  run_sqlalchemy("postgresql", address);
}

}  // namespace
}  // namespace benchmarks

int main() { benchmarks::run(); }
