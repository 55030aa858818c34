// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/server.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "core_lib/config/compose.hpp"
#include "core_lib/config/instantiate_config.hpp"

namespace core_lib::ledger {
namespace {

/// Asks until the answer is 1.
void await(SqlConnectionRegistry& db, const std::string& question) {
  const Deadline limit = Deadline::in(std::chrono::seconds(60));
  while (db.execute(question).scalar<int>() != 1) {
    if (limit.expired()) throw std::runtime_error("waited for 60 s until: " + question);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace

Server::Server(const Settings& settings) : settings_(settings) {
  const Config server = settings.config.at("server");
  for (std::size_t i = 0; i < folders_.size(); ++i) {
    folders_[i] = server.at("folders")[i].as<std::string>();
    const std::string target = i == 0 ? port_in(folders_[0]) : "1";  // nothing is there
    ways_[i] = std::make_unique<support::FaultProxy>(server.at("toxiproxy").as<std::string>(), target,
                                                     server.at("ports")[i].as<std::string>());
  }
}

void Server::run(const std::string& command, const std::string& folder, const std::string& argument) const {
  const std::string script = settings_.config.at("server.script").as<std::string>();
  const std::string whole = script + " " + command + " '" + folder + "' " + argument + " >/dev/null";
  if (std::system(whole.c_str()) != 0) throw std::runtime_error("failed: " + whole);
}

std::string Server::port_in(const std::string& folder) const {
  std::ifstream address(folder + "/address");
  for (std::string line; std::getline(address, line);) {
    if (line.starts_with("port=")) return line.substr(5);
  }
  throw std::runtime_error("no server runs in " + folder + ": start it with " +
                           settings_.config.at("server.script").as<std::string>());
}

std::shared_ptr<SqlConnectionRegistry> Server::administrator() const {
  std::vector<std::string> overrides = settings_.overrides;
  overrides.push_back("server.port=" + port_in(folders_[serving_]));
  const Config config = compose({.search_path = {LEDGER_CONFIG}, .name = "ledger", .overrides = std::move(overrides)});
  return instantiate_config<SqlConnectionRegistry>(config.at("administrator"));
}

// The engine's own question, whose rows are the statements that end the sessions.
void Server::terminate_sessions() const {
  const auto db = administrator();
  const sql::Result statements = db->execute(settings_.config.at("server.sql.terminate").as<std::string>());
  for (std::size_t i = 0; i < statements.size(); ++i) {
    try {
      db->execute(statements[i].get<std::string>(0U));
    } catch (const SyntaxError&) {
      throw;
    } catch (const Error&) {
      // It has ended meanwhile.
    }
  }
}

void Server::fail_over() {
  const std::size_t next = 1 - serving_;
  const Config sql = settings_.config.at("server.sql");
  {
    const auto primary = administrator();
    run("standby", folders_[next], "'" + folders_[serving_] + "'");
    for (const Config statement : sql.at("copy_commits")) primary->execute(statement.as<std::string>());
    await(*primary, sql.at("commits_are_copied").as<std::string>());
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));  // in which commits are acknowledged by both
  crash();
  run("stop", folders_[serving_]);
  ways_[next]->lead_to(port_in(folders_[next]));
  run("promote", folders_[next]);
  serving_ = next;
}

}  // namespace core_lib::ledger
