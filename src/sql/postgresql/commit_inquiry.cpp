// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/commit_inquiry.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/connect.hpp"
#include "sql/postgresql/wire.hpp"

namespace core_lib::sql::postgresql {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_pause{50};

}  // namespace

CommitInquiry::CommitInquiry(PostgresqlOptions options) : options_(std::move(options)) {
  options_.target = ServerRole::primary;  // of several hosts, the only one that can have been written to
}

CommitInquiry::Finding CommitInquiry::ask(Deadline deadline) const {
  if (server_.empty()) return {Fate::unknown, "the server was a standby when the connection was opened"};
  if (number_.empty()) return {Fate::unknown, "the server had told no number of the transaction"};
  deadline = deadline.sooner(Deadline::in(options_.connect_timeout * hosts()));
  std::string why = "the deadline passed before the server could be asked";
  for (milliseconds pause{1}; !deadline.expired(); pause = std::min(pause * 2, longest_pause)) {
    try {
      Finding finding = ask_once(deadline);
      if (finding.final) return finding;
      why = std::move(finding.why);
    } catch (const ConnectionLost& error) {
      why = std::string("it could not be asked: ") + error.what();
    } catch (const Error& error) {
      return {Fate::unknown, std::string("it could not be asked: ") + error.what()};
    }
    std::this_thread::sleep_for(std::min<Deadline::clock::duration>(pause, deadline.remaining()));
  }
  return {Fate::unknown, std::move(why)};
}

CommitInquiry::Finding CommitInquiry::ask_once(Deadline deadline) const {
  PostgresqlOptions options = options_;
  // A host that does not answer leaves time for the others.
  const auto share = std::chrono::ceil<milliseconds>(deadline.remaining()) / hosts();
  options.connect_timeout = std::min(options.connect_timeout, share);
  Wire wire(connect(options, deadline));
  const std::string sql = "SELECT CASE WHEN (" + std::string(server_sql) +
                          ") = $1 THEN coalesce(txid_status($2::text::bigint), 'forgotten') ELSE 'another' END";
  const mapping::Scalar values[] = {mapping::Scalar::text(server_), mapping::Scalar::text(number_)};
  Parameters parameters;
  wire.add({.sql = sql.c_str(), .parameters = parameters.assign(values, Parameters::Texts::copied)});
  const Reply reply = wire.run(deadline, Wire::Lateness::give_up, Wire::Results::kept);
  if (reply.state != Reply::State::answered) return {Fate::unknown, "it did not answer that question", false};
  if (reply.is_failure()) return {Fate::unknown, "it did not answer: " + message_of(reply.result.get())};
  const std::string_view status = PQgetvalue(reply.result.get(), 0, 0);
  if (status == "committed") return {Fate::stored};
  if (status == "aborted") return {Fate::rolled_back};
  if (status == "in progress") return {Fate::unknown, "the server still waits for it or works on it", false};
  if (status == "forgotten") return {Fate::unknown, "the server does not remember it"};
  return {Fate::unknown, "the server has crashed or was replaced by another meanwhile"};
}

}  // namespace core_lib::sql::postgresql
