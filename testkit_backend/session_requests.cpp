// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core_lib/error/error.hpp"

#include "backend.hpp"
#include "error_json.hpp"
#include "summary_json.hpp"

namespace core_lib::testkit {

void Backend::new_session(const Json& data) {
  neo4j::SessionConfig config;
  config.database = text_of(data, "database");
  config.access = text_of(data, "accessMode") == "r" ? Access::read_only : Access::read_write;
  config.impersonated_user = text_of(data, "impersonatedUser");
  config.notifications = filter_of(data);
  if (data.contains("bookmarks") && data["bookmarks"].is_array()) {
    config.bookmarks = data["bookmarks"].get<neo4j::Bookmarks>();
  }
  if (data.contains("fetchSize") && data["fetchSize"].is_number_integer()) config.fetch_size = data["fetchSize"];
  if (data.contains("bookmarkManagerId") && data["bookmarkManagerId"].is_string()) {
    config.bookmark_manager = bookmark_managers_.at(data["bookmarkManagerId"]);
  }
  if (data.contains("authorizationToken") && data["authorizationToken"].is_object()) {
    config.auth = token_of(data["authorizationToken"]);
  }
  const std::string id = next_id();
  sessions_.emplace(id, SessionEntry{drivers_.at(data.at("driverId"))->session(std::move(config))});
  answer("Session", {{"id", id}});
}

void Backend::session_close(const Json& data) {
  const std::string id = data.at("sessionId");
  sessions_.at(id).session.close();
  answer("Session", {{"id", id}});
}

void Backend::answer_result(neo4j::Result result) {
  const std::string id = next_id();
  const Json keys = result.keys();
  results_.emplace(id, std::move(result));
  answer("Result", {{"id", id}, {"keys", keys}});
}

void Backend::session_run(const Json& data) {
  answer_result(sessions_.at(data.at("sessionId"))
                    .session.run(data.at("cypher").get<std::string>(),
                                 map_from_cypher_json(data.value("params", Json())), transaction_config(data)));
}

void Backend::session_begin(const Json& data) {
  auto transaction = std::make_unique<neo4j::Transaction>(
      sessions_.at(data.at("sessionId")).session.begin_transaction(transaction_config(data)));
  const std::string id = next_id();
  transactions_[id].own = std::move(transaction);
  answer("Transaction", {{"id", id}});
}

void Backend::session_read(const Json& data) { execute_managed(data, Access::read_only); }
void Backend::session_write(const Json& data) { execute_managed(data, Access::read_write); }

/// TestKit is the body of the transaction: its requests are served from inside it until it has a verdict.
void Backend::execute_managed(const Json& data, Access access) {
  SessionEntry& entry = sessions_.at(data.at("sessionId"));
  const auto work = [&](neo4j::ManagedTransaction& transaction) {
    const std::string id = next_id();
    transactions_[id].borrowed = &transaction;
    entry.verdict.reset();
    answer("RetryableTry", {{"id", id}});
    while (!entry.verdict) {
      if (!process()) throw ConnectionLost("TestKit went away in the middle of a transaction");
    }
    transactions_.erase(id);
    if (*entry.verdict) return;
    if (entry.error_id.empty()) throw FrontendFailure();
    std::rethrow_exception(errors_.at(entry.error_id));
  };
  if (access == Access::read_only) {
    entry.session.execute_read(work, transaction_config(data));
  } else {
    entry.session.execute_write(work, transaction_config(data));
  }
  answer("RetryableDone", Json::object());
}

void Backend::retryable_positive(const Json& data) { sessions_.at(data.at("sessionId")).verdict = true; }

void Backend::retryable_negative(const Json& data) {
  SessionEntry& entry = sessions_.at(data.at("sessionId"));
  entry.error_id = text_of(data, "errorId");
  entry.verdict = false;
}

void Backend::session_bookmarks(const Json& data) {
  answer("Bookmarks", {{"bookmarks", sessions_.at(data.at("sessionId")).session.last_bookmarks()}});
}

void Backend::transaction_run(const Json& data) {
  answer_result(transactions_.at(data.at("txId"))
                    .get()
                    .run(data.at("cypher").get<std::string>(), map_from_cypher_json(data.value("params", Json()))));
}

void Backend::transaction_commit(const Json& data) {
  transactions_.at(data.at("txId")).own->commit();
  answer("Transaction", {{"id", data.at("txId")}});
}

void Backend::transaction_rollback(const Json& data) {
  transactions_.at(data.at("txId")).own->rollback();
  answer("Transaction", {{"id", data.at("txId")}});
}

void Backend::transaction_close(const Json& data) {
  transactions_.at(data.at("txId")).own->close();
  answer("Transaction", {{"id", data.at("txId")}});
}

void Backend::result_next(const Json& data) {
  const std::optional<neo4j::Record> record = results_.at(data.at("resultId")).next();
  if (!record) return answer("NullRecord", nullptr);
  answer("Record", record_json(*record));
}

void Backend::result_peek(const Json& data) {
  const std::optional<neo4j::Record> record = results_.at(data.at("resultId")).peek();
  if (!record) return answer("NullRecord", nullptr);
  answer("Record", record_json(*record));
}

void Backend::result_single(const Json& data) {
  answer("Record", record_json(results_.at(data.at("resultId")).single()));
}

void Backend::result_single_optional(const Json& data) {
  neo4j::Result& result = results_.at(data.at("resultId"));
  std::optional<neo4j::Record> record = result.next();
  Json warnings = Json::array();
  if (record && result.peek()) {
    warnings.push_back("there are multiple records");
    (void)result.list();  // as Result::single_optional() drops them, which only logs its warning
  }
  answer("RecordOptional", {{"record", record ? record_json(*record) : Json()}, {"warnings", warnings}});
}

void Backend::result_list(const Json& data) {
  Json records = Json::array();
  for (const neo4j::Record& record : results_.at(data.at("resultId")).list()) records.push_back(record_json(record));
  answer("RecordList", {{"records", records}});
}

void Backend::result_consume(const Json& data) {
  answer("Summary", summary_json(results_.at(data.at("resultId")).consume()));
}

}  // namespace core_lib::testkit
