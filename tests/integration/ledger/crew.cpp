// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/crew.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core_lib/config/instantiate_config.hpp"
#include "core_lib/error/error.hpp"

namespace core_lib::ledger {
namespace {

std::shared_ptr<SqlConnectionRegistry> open(const Settings& settings) {
  return instantiate_config<SqlConnectionRegistry>(settings.config.at("db"));
}

}  // namespace

Crew::Crew(const Settings& settings, JournalFile& journal, Ambush& ambush) : settings_(settings) {
  for (std::size_t i = 0; i < settings.processes; ++i) processes_.push_back(spawn());
  if (settings.processes > 0) return;
  db_ = open(settings);
  for (std::size_t i = 1; i <= settings.threads; ++i) {
    threads_.emplace_back([this, i, &journal, &ambush](const std::stop_token& token) {
      work(static_cast<std::int64_t>(i), *db_, settings_.work, journal, ambush, token);
    });
  }
}

Crew::~Crew() { stop(); }

pid_t Crew::spawn() {
  std::vector<std::string> words{"ledger"};
  words.insert(words.end(), settings_.overrides.begin(), settings_.overrides.end());
  words.push_back("process=" + std::to_string(++spawned_));
  words.push_back("journal=" + settings_.journal);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t process = 0;
  const int status = posix_spawn(&process, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ);
  if (status != 0) throw std::system_error(status, std::generic_category(), "cannot start a worker process");
  return process;
}

std::size_t Crew::one_of(std::minstd_rand& random) const {
  return std::uniform_int_distribution<std::size_t>(0, processes_.size() - 1)(random);
}

void Crew::kill_one(std::minstd_rand& random) {
  pid_t& process = processes_.at(one_of(random));
  ::kill(process, SIGKILL);
  ::waitpid(process, nullptr, 0);
  process = spawn();
}

void Crew::freeze_one(std::minstd_rand& random, std::chrono::milliseconds time) {
  const pid_t process = processes_.at(one_of(random));
  ::kill(process, SIGSTOP);
  std::this_thread::sleep_for(time);
  ::kill(process, SIGCONT);
}

void Crew::stop() {
  for (std::jthread& thread : threads_) thread.request_stop();
  for (const pid_t process : processes_) ::kill(process, SIGTERM);
  threads_.clear();
  for (const pid_t process : processes_) ::waitpid(process, nullptr, 0);
  processes_.clear();
  if (db_) db_->close(Deadline::in(std::chrono::seconds(10)));
}

int Crew::run_process(const Settings& settings) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // of all threads, so that sigwait() gets it
  JournalFile journal(settings.journal);
  Ambush nobody;
  const auto db = open(settings);
  const std::size_t count = settings.threads / settings.processes;
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    const auto worker = settings.process * 100 + static_cast<std::int64_t>(i);
    threads.emplace_back(
        [&, worker](const std::stop_token& token) { work(worker, *db, settings.work, journal, nobody, token); });
  }
  int signal = 0;
  sigwait(&ends, &signal);
  threads.clear();
  db->close(Deadline::in(std::chrono::seconds(10)));
  return 0;
}

}  // namespace core_lib::ledger
