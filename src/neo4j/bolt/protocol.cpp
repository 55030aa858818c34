// SPDX-License-Identifier: Apache-2.0
#include "neo4j/bolt/protocol.hpp"

#include <utility>

#include <sys/utsname.h>

#include "core_lib/error/error.hpp"

#include "neo4j/bolt/failure.hpp"

namespace core_lib::neo4j::bolt {
namespace {

namespace message {
constexpr std::uint8_t hello = 0x01, goodbye = 0x02, reset = 0x0F, run = 0x10, begin = 0x11, commit = 0x12,
                       rollback = 0x13, discard = 0x2F, pull = 0x3F, telemetry = 0x54, logon = 0x6A, logoff = 0x6B,
                       success = 0x70, record = 0x71, ignored = 0x7E, failure = 0x7F;
}

void write_text(packstream::Packer& packer, std::string_view key, std::string_view text) {
  packer.string(key);
  packer.string(text);
}

struct AgentField {
  std::string_view key;
  std::string text;
};

const std::vector<AgentField>& agent_fields() {
  static const std::vector<AgentField> fields = [] {
    utsname system{};
    ::uname(&system);
    return std::vector<AgentField>{
        {"product", "core_lib/0.1.0"},
        {"platform", std::string(system.sysname) + ' ' + system.release + "; " + system.machine},
        {"language", "C++/" + std::to_string(__cplusplus / 100 % 100)}};
  }();
  return fields;
}

/// Those of a scheme of Neo4j's own are there even where they are empty; a plugin's token has what it was given.
bool has_credentials(const AuthToken& token) {
  return !token.credentials.empty() || token.scheme == "basic" || token.scheme == "bearer" ||
         token.scheme == "kerberos";
}

std::size_t count_auth(const AuthToken& token) {
  const bool principal = token.has_principal || !token.principal.empty();
  return 1U + (principal ? 1U : 0U) + (has_credentials(token) ? 1U : 0U) + (token.realm.empty() ? 0U : 1U) +
         (token.parameters.empty() ? 0U : 1U);
}

void write_auth(packstream::Packer& packer, const AuthToken& token) {
  write_text(packer, "scheme", token.scheme);
  if (token.has_principal || !token.principal.empty()) write_text(packer, "principal", token.principal);
  if (has_credentials(token)) write_text(packer, "credentials", token.credentials);
  if (!token.realm.empty()) write_text(packer, "realm", token.realm);
  if (!token.parameters.empty()) {
    packer.string("parameters");
    packer.map(token.parameters);
  }
}

void write_routing(packstream::Packer& packer, const Hello& hello) {
  packer.string("routing");
  packer.map_header(hello.routing_context.size() + 1);
  for (const auto& [key, value] : hello.routing_context) {
    packer.string(key);
    packer.value(value);
  }
  write_text(packer, "address", *hello.routing_address);
}

}  // namespace

void ResponseHandler::on_record(std::span<const std::byte>) {
  packstream::throw_protocol_error("a record came where none was asked for");
}

Protocol::Protocol(Version version)
    : version_(version),
      features_(features_of(version)),
      dialect_{.element_ids = features_.element_ids, .utc = features_.element_ids, .vectors = features_.vectors} {}

template <class Fill>
void Protocol::send(std::uint8_t tag, std::size_t fields, Handler handler, Fill&& fill) {
  outbox_.begin();
  try {
    packstream::Packer packer(outbox_.buffer(), dialect_);
    packer.structure_header(tag, fields);
    fill(packer);
    if (handler != nullptr) pending_.push_back(std::move(handler));
  } catch (...) {
    outbox_.cancel();
    throw;
  }
  outbox_.end();
}

void Protocol::send(std::uint8_t tag, Handler handler) {
  send(tag, 0, std::move(handler), [](packstream::Packer&) {});
}

std::size_t Protocol::count_filter(const NotificationFilter* filter) const noexcept {
  if (filter == nullptr) return 0;
  return (filter->minimum_severity ? 1U : 0U) + (filter->disabled_classifications ? 1U : 0U);
}

void Protocol::write_filter(packstream::Packer& packer, const NotificationFilter& filter) const {
  if (filter.minimum_severity) write_text(packer, "notifications_minimum_severity", *filter.minimum_severity);
  if (!filter.disabled_classifications) return;
  packer.string(features_.classifications ? "notifications_disabled_classifications"
                                          : "notifications_disabled_categories");
  packer.list_header(filter.disabled_classifications->size());
  for (const std::string& name : *filter.disabled_classifications) packer.string(name);
}

void Protocol::hello(const Hello& hello, Handler handler) {
  const AuthToken* auth = features_.logon ? nullptr : hello.auth;
  const bool ask_for_utc = !features_.element_ids;
  send(message::hello, 1, std::move(handler), [&](packstream::Packer& packer) {
    packer.map_header(1 + (hello.routing_address ? 1U : 0U) + (auth != nullptr ? count_auth(*auth) : 0U) +
                      (ask_for_utc ? 1U : 0U) + (features_.bolt_agent ? 1U : 0U) + count_filter(hello.notifications));
    write_text(packer, "user_agent", hello.user_agent);
    if (hello.routing_address) write_routing(packer, hello);
    if (auth != nullptr) write_auth(packer, *auth);
    if (ask_for_utc) {
      packer.string("patch_bolt");
      packer.list_header(1);
      packer.string("utc");
    }
    if (features_.bolt_agent) {
      packer.string("bolt_agent");
      packer.map_header(agent_fields().size());
      for (const auto& [key, text] : agent_fields()) write_text(packer, key, text);
    }
    if (hello.notifications != nullptr) write_filter(packer, *hello.notifications);
  });
}

void Protocol::logon(const AuthToken& token, Handler handler) {
  send(message::logon, 1, std::move(handler), [&](packstream::Packer& packer) {
    packer.map_header(count_auth(token));
    write_auth(packer, token);
  });
}

void Protocol::telemetry(Api api, Handler handler) {
  send(message::telemetry, 1, std::move(handler),
       [&](packstream::Packer& packer) { packer.integer(static_cast<std::int64_t>(api)); });
}

void Protocol::write_start(packstream::Packer& packer, const TransactionStart* start) const {
  if (start == nullptr) return packer.map_header(0);
  const bool bookmarks = start->bookmarks != nullptr && !start->bookmarks->empty();
  const bool timeout = start->config != nullptr && start->config->timeout;
  const bool metadata = start->config != nullptr && !start->config->metadata.empty();
  packer.map_header((bookmarks ? 1U : 0U) + (timeout ? 1U : 0U) + (metadata ? 1U : 0U) +
                    (start->access == Access::read_only ? 1U : 0U) + (start->database.empty() ? 0U : 1U) +
                    (start->impersonated_user.empty() ? 0U : 1U) + count_filter(start->notifications));
  if (bookmarks) {
    packer.string("bookmarks");
    packer.list_header(start->bookmarks->size());
    for (const std::string& bookmark : *start->bookmarks) packer.string(bookmark);
  }
  if (timeout) {
    packer.string("tx_timeout");
    packer.integer(start->config->timeout->count());
  }
  if (metadata) {
    packer.string("tx_metadata");
    packer.map(start->config->metadata);
  }
  if (start->access == Access::read_only) write_text(packer, "mode", "r");
  if (!start->database.empty()) write_text(packer, "db", start->database);
  if (!start->impersonated_user.empty()) write_text(packer, "imp_user", start->impersonated_user);
  if (start->notifications != nullptr) write_filter(packer, *start->notifications);
}

void Protocol::run(std::string_view query, const Map& parameters, const TransactionStart* start, Handler handler) {
  send(message::run, 3, std::move(handler), [&](packstream::Packer& packer) {
    packer.value(query);
    packer.map(parameters);
    write_start(packer, start);
  });
}

void Protocol::take(std::uint8_t tag, std::int64_t count, std::int64_t result, Handler handler) {
  send(tag, 1, std::move(handler), [&](packstream::Packer& packer) {
    packer.map_header(result == last ? 1 : 2);
    packer.string("n");
    packer.integer(count);
    if (result == last) return;
    packer.string("qid");
    packer.integer(result);
  });
}

void Protocol::pull(std::int64_t count, std::int64_t result, Handler handler) {
  take(message::pull, count, result, std::move(handler));
}
void Protocol::discard(std::int64_t count, std::int64_t result, Handler handler) {
  take(message::discard, count, result, std::move(handler));
}

void Protocol::begin(const TransactionStart& start, Handler handler) {
  send(message::begin, 1, std::move(handler), [&](packstream::Packer& packer) { write_start(packer, &start); });
}

void Protocol::logoff(Handler handler) { send(message::logoff, std::move(handler)); }
void Protocol::commit(Handler handler) { send(message::commit, std::move(handler)); }
void Protocol::rollback(Handler handler) { send(message::rollback, std::move(handler)); }
void Protocol::goodbye() { send(message::goodbye, nullptr); }

void Protocol::reset(Handler handler) {
  send(message::reset, std::move(handler));
  ++resets_;
  failed_ = false;
}

void Protocol::receive(std::span<const std::byte> message) {
  packstream::Unpacker unpacker(message, dialect_);
  const auto [tag, fields] = unpacker.structure_header();
  if (pending_.empty()) packstream::throw_protocol_error("a reply came that nobody had asked for");
  if (tag == message::record && fields == 1) {
    return pending_.front()->on_record(message.subspan(static_cast<std::size_t>(unpacker.position() - message.data())));
  }
  const Handler handler = std::move(pending_.front());
  pending_.pop_front();
  if (tag == message::success && fields == 1) {
    handler->on_success(unpacker);
  } else if (tag == message::failure && fields == 1) {
    failed_ = resets_ == 0;
    handler->on_failure(read_failure(unpacker.map(), features_));
  } else if (tag == message::ignored) {
    handler->on_ignored();
  } else {
    packstream::throw_protocol_error("a reply of an unknown kind");
  }
}

}  // namespace core_lib::neo4j::bolt
