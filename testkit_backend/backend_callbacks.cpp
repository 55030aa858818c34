// SPDX-License-Identifier: Apache-2.0
#include "backend.hpp"

// How TestKit's forms of small things are read and written.
namespace core_lib::testkit {

std::string text_of(const Json& data, const char* key) {
  const auto found = data.find(key);
  return found == data.end() || found->is_null() ? std::string() : found->get<std::string>();
}

std::optional<std::chrono::milliseconds> milliseconds_of(const Json& data, const char* key) {
  const auto found = data.find(key);
  if (found == data.end() || found->is_null()) return std::nullopt;
  return std::chrono::milliseconds(found->get<std::int64_t>());
}

neo4j::AuthToken token_of(const Json& json) {
  const Json& data = json.at("data");
  const std::string scheme = text_of(data, "scheme");
  if (scheme == "none" || scheme.empty()) return neo4j::AuthToken::none();
  if (scheme == "bearer") return neo4j::AuthToken::bearer(text_of(data, "credentials"));
  if (scheme == "kerberos") return neo4j::AuthToken::kerberos(text_of(data, "credentials"));
  neo4j::AuthToken token = neo4j::AuthToken::custom(scheme, text_of(data, "principal"), text_of(data, "credentials"),
                                                    text_of(data, "realm"));
  const auto parameters = data.find("parameters");
  if (parameters != data.end() && parameters->is_object()) {
    for (const auto& [key, value] : parameters->items()) {
      if (value.is_string()) token.parameters.append(key, value.get<std::string>());
      if (value.is_boolean()) token.parameters.append(key, value.get<bool>());
      if (value.is_number_integer()) token.parameters.append(key, value.get<std::int64_t>());
      if (value.is_number_float()) token.parameters.append(key, value.get<double>());
      if (value.is_object()) token.parameters.append(key, from_cypher_json(value));
    }
  }
  return token;
}

Json token_json(const neo4j::AuthToken& token) {
  Json data = {{"scheme", token.scheme}, {"credentials", token.credentials}};
  if (!token.principal.empty()) data["principal"] = token.principal;
  if (!token.realm.empty()) data["realm"] = token.realm;
  if (!token.parameters.empty()) data["parameters"] = to_plain_json(token.parameters);
  return {{"name", "AuthorizationToken"}, {"data", data}};
}

neo4j::TransactionConfig transaction_config(const Json& data) {
  const auto metadata = data.find("txMeta");
  return {.timeout = milliseconds_of(data, "timeout"),
          .metadata = metadata == data.end() ? neo4j::Map() : map_from_cypher_json(*metadata)};
}

neo4j::NotificationFilter filter_of(const Json& data) {
  neo4j::NotificationFilter filter;
  if (data.contains("notificationsMinSeverity") && !data["notificationsMinSeverity"].is_null()) {
    filter.minimum_severity = data["notificationsMinSeverity"].get<std::string>();
  }
  const auto names = data.find("notificationsDisabledCategories");
  if (names != data.end() && !names->is_null())
    filter.disabled_classifications = names->get<std::vector<std::string>>();
  return filter;
}

Json record_json(const neo4j::Record& record) {
  Json values = Json::array();
  for (const neo4j::Value& value : record.values()) values.push_back(to_cypher_json(value));
  return {{"values", values}};
}

}  // namespace core_lib::testkit
