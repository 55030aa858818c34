// SPDX-License-Identifier: Apache-2.0
#include "backend.hpp"

#include "core_lib/error/error.hpp"

#include "error_json.hpp"

namespace core_lib::testkit {

const std::map<std::string, Backend::Handler>& Backend::handlers() {
  static const std::map<std::string, Handler> all = {
      {"StartTest", &Backend::start_test},
      {"StartSubTest", &Backend::start_sub_test},
      {"GetFeatures", &Backend::get_features},
      {"NewDriver", &Backend::new_driver},
      {"DriverClose", &Backend::driver_close},
      {"VerifyConnectivity", &Backend::verify_connectivity},
      {"GetServerInfo", &Backend::get_server_info},
      {"CheckMultiDBSupport", &Backend::check_multi_db},
      {"CheckSessionAuthSupport", &Backend::check_session_auth},
      {"CheckDriverIsEncrypted", &Backend::check_encrypted},
      {"VerifyAuthentication", &Backend::verify_authentication},
      {"ExecuteQuery", &Backend::execute_query},
      {"GetConnectionPoolMetrics", &Backend::pool_metrics},
      {"NewSession", &Backend::new_session},
      {"SessionClose", &Backend::session_close},
      {"SessionRun", &Backend::session_run},
      {"SessionBeginTransaction", &Backend::session_begin},
      {"SessionReadTransaction", &Backend::session_read},
      {"SessionWriteTransaction", &Backend::session_write},
      {"SessionLastBookmarks", &Backend::session_bookmarks},
      {"RetryablePositive", &Backend::retryable_positive},
      {"RetryableNegative", &Backend::retryable_negative},
      {"TransactionRun", &Backend::transaction_run},
      {"TransactionCommit", &Backend::transaction_commit},
      {"TransactionRollback", &Backend::transaction_rollback},
      {"TransactionClose", &Backend::transaction_close},
      {"ResultNext", &Backend::result_next},
      {"ResultPeek", &Backend::result_peek},
      {"ResultSingle", &Backend::result_single},
      {"ResultSingleOptional", &Backend::result_single_optional},
      {"ResultList", &Backend::result_list},
      {"ResultConsume", &Backend::result_consume},
      {"NewBookmarkManager", &Backend::new_bookmark_manager},
      {"BookmarkManagerClose", &Backend::close_bookmark_manager},
      {"NewAuthTokenManager", &Backend::new_auth_manager},
      {"NewBasicAuthTokenManager", &Backend::new_basic_auth_manager},
      {"NewBearerAuthTokenManager", &Backend::new_bearer_auth_manager},
      {"AuthTokenManagerClose", &Backend::close_auth_manager},
      {"NewClientCertificateProvider", &Backend::new_certificate_provider},
      {"ClientCertificateProviderClose", &Backend::close_certificate_provider},
      {"FakeTimeInstall", &Backend::install_time},
      {"FakeTimeTick", &Backend::move_time},
      {"FakeTimeUninstall", &Backend::uninstall_time},
  };
  return all;
}

void Backend::run() {
  while (process()) continue;
}

bool Backend::process() {
  const std::optional<std::string> text = channel_.read();
  if (!text) return false;
  const Json request = Json::parse(*text);
  const std::string name = request.at("name");
  const Json& data = request.at("data");
  if (name.ends_with("Completed")) {
    answers_[data.at("requestId").get<std::string>()] = data;
    return true;
  }
  const auto handler = handlers().find(name);
  try {
    if (handler == handlers().end()) {
      answer("BackendError", {{"msg", "this backend does not know the request " + name}});
    } else {
      (this->*handler->second)(data);
    }
  } catch (const FrontendFailure&) {
    answer("FrontendError", {{"msg", ""}});
  } catch (const std::exception& error) {
    answer_error(error);
  }
  return true;
}

void Backend::answer(const std::string& name, const Json& data) {
  const Json message = {{"name", name}, {"data", data}};
  channel_.write(message.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void Backend::answer_error(const std::exception& error) {
  const std::string id = next_id();
  errors_[id] = std::current_exception();
  answer("DriverError", driver_error_json(error, id));
}

Json Backend::ask(const std::string& question, Json data, const std::string&) {
  const std::string id = next_id();
  data["id"] = id;
  answer(question, data);
  while (answers_.count(id) == 0) {
    if (!process()) throw ConnectionLost("TestKit went away in the middle of a question");
  }
  Json found = std::move(answers_.at(id));
  answers_.erase(id);
  return found;
}

}  // namespace core_lib::testkit
