// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/worker.hpp"

#include <random>
#include <string>
#include <thread>

#include "core_lib/error/error.hpp"

#include "integration/ledger/bank.hpp"

namespace core_lib::ledger {
namespace {

using std::chrono::milliseconds;

// A service that has lost its database does not ask it as fast as it can.
constexpr milliseconds pause_after_failure{5};

template <class E>
bool is(const std::exception& error) {
  return dynamic_cast<const E*>(&error) != nullptr;
}

std::string kind_of(const std::exception& error) {
  if (is<CommitUnknown>(error)) return "CommitUnknown";
  if (is<CommitFailed>(error)) return "CommitFailed";
  if (is<TransactionAborted>(error)) return "TransactionAborted, after an error was swallowed";
  if (is<ConnectionLost>(error)) return "ConnectionLost";
  if (is<PoolTimeout>(error)) return "PoolTimeout";
  if (is<DeadlineExceeded>(error)) return "DeadlineExceeded";
  if (is<ConfigError>(error)) return "ConfigError";
  if (is<ChangedMind>(error)) return "thrown by the body";
  if (const auto* known = dynamic_cast<const Error*>(&error)) {
    return (known->is_retryable() ? "conflict " : "Error ") + known->native_code();
  }
  return "unexpected exception";
}

Manners manners_of(std::int64_t count, Ambush& ambush) {
  return {
      .swallows_an_error = count % 100 == 13, .throws = count % 100 == 57, .before_commit = [&] { ambush.reach(); }};
}

class Worker {
 public:
  Worker(SqlConnectionRegistry& db, const WorkOptions& options, JournalFile& journal, Ambush& ambush)
      : db_(db), options_(options), journal_(journal), ambush_(ambush) {}

  void make_one(std::int64_t number) {
    journal_.write(number, {});
    const auto start = Deadline::clock::now();
    Entry entry{Outcome::committed, {}, {}};
    try {
      const bool strict = number % 8 == 5;
      make(db_,
           {.isolation = strict ? Isolation::serializable : Isolation::engine_default,
            .attempts = options_.attempts,
            .deadline = options_.deadline},
           random_transfer(number), manners_of(number % transfers_of_a_worker, ambush_));
    } catch (const std::exception& error) {
      entry.outcome = outcome_of(error);
      entry.reason = kind_of(error) + ": " + error.what();
    }
    const auto took = std::chrono::duration_cast<milliseconds>(Deadline::clock::now() - start);
    entry.beyond_deadline = std::max(took - options_.deadline, milliseconds(0));
    journal_.write(number, entry);
    if (entry.outcome != Outcome::committed) std::this_thread::sleep_for(pause_after_failure);
  }

 private:
  Transfer random_transfer(std::int64_t number) {
    std::uniform_int_distribution<std::int64_t> account(1, options_.accounts);
    const std::int64_t from = account(random_);
    const std::int64_t to = from % options_.accounts + 1;
    return {0, number, from, to, std::uniform_int_distribution<std::int64_t>(1, 100)(random_)};
  }

  SqlConnectionRegistry& db_;
  const WorkOptions& options_;
  JournalFile& journal_;
  Ambush& ambush_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

Outcome outcome_of(const std::exception& error) {
  if (is<ChangedMind>(error)) return Outcome::failed;
  const auto* const known = dynamic_cast<const Error*>(&error);
  if (known == nullptr) return Outcome::unexpected;
  if (known->is_in_doubt()) return Outcome::unknown;
  const bool explained = known->is_retryable() || is<CommitFailed>(error) || is<TransactionAborted>(error) ||
                         is<ConnectionLost>(error) || is<PoolTimeout>(error) || is<DeadlineExceeded>(error) ||
                         is<ConfigError>(error);
  return explained ? Outcome::failed : Outcome::unexpected;
}

void work(std::int64_t worker, SqlConnectionRegistry& db, const WorkOptions& options, JournalFile& journal,
          Ambush& ambush, const std::stop_token& stop) {
  Worker me(db, options, journal, ambush);
  for (std::int64_t count = 1; !stop.stop_requested(); ++count) me.make_one(worker * transfers_of_a_worker + count);
}

}  // namespace core_lib::ledger
