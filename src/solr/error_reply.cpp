// SPDX-License-Identifier: Apache-2.0
#include "solr/error_reply.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/error.hpp"
#include "core_lib/solr/reply.hpp"

#include "solr/json/tree.hpp"

namespace core_lib::solr::detail {
namespace {

constexpr std::size_t longest_message = 300;

/// A place in Solr's messages from which on values stand, and how much of it is kept.
struct Cut {
  std::string_view marker;
  std::size_t kept;
};
constexpr Cut cuts[] = {
    {"='", 0},  // "Error adding field 'price'='abc' msg=...", and what JSON's parser saw
    {"=(", 0},
    {": [", 0},  // "multiple values encountered for non multiValued field price: [1, 2]"
    {"Cannot parse '", 12},
    {"For input string: ", 0},
    {"Invalid Number: ", 14},
    {"Invalid Date String:", 19},
    {"Invalid Date in Date Math String:", 32},
    {"version conflict for ", 16},
    {"writing document id ", 19},
    {"=[", 0},  // "Document contains multiple values for uniqueKey field: id=[a, b]"
    {"[doc=", 0},
    {"Invalid update of id field: ", 26},
};

/// An export says just "json".
bool is_json(std::string_view type) noexcept { return type.starts_with("application/json") || type == "json"; }

bool is_javabin(std::string_view type) noexcept {
  return type.starts_with("application/octet-stream") || type.starts_with("application/vnd.apache.solr.javabin");
}

Reply parse(std::string body, std::string_view type, std::string_view what) {
  return Reply(is_json(type) ? Tree::parse_json(std::move(body), what) : Tree::parse_javabin(std::move(body), what));
}

std::string_view origin_of(std::string_view url) noexcept {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return "another path";
  return url.substr(0, url.find_first_of("/?#", scheme + 3));
}

/// `error.msg` of the body, or what an export has in place of a document; empty where there is none.
std::string message_in(const Response& response) {
  if (!is_json(response.content_type) && !is_javabin(response.content_type)) return {};
  try {
    const Reply reply = parse(response.body, response.content_type, "the answer");
    Value message = reply["error"]["msg"];
    if (!message.exists()) message = reply["response"]["docs"][0]["EXCEPTION"];
    return message.kind() == ValueKind::text ? std::string(message.text()) : std::string();
  } catch (const Error&) {
    return {};
  }
}

/// Whether an update was refused for what a document holds, and not for how it was asked. Cores and schemas have none.
bool is_refused_document(const Request& request, int status) noexcept {
  return status == 400 && request.effect != Effect::read && !request.of_node && request.path != "schema";
}

/// Whether an update broke off on the server: what it had done by then stays.
bool may_be_stored(const Request& request, int status) noexcept {
  return request.effect == Effect::write && !request.of_node && status / 100 == 5;
}

std::string explain(const Request& request, const Response& response, std::string_view name) {
  std::string what =
      "Solr at " + std::string(name) + " answered " + std::to_string(response.status) + " to '" + request.path + "'";
  const int status = response.status;
  if (status / 100 == 3)
    return what + ": a redirect to " + std::string(origin_of(response.location)) + ", which is not followed";
  if (const std::string message = message_in(response); !message.empty()) return what + ": " + without_values(message);
  if (status == 401) return what + ": it asks for other credentials";
  if (status == 403) return what + ": the credentials do not allow it";
  if (status == 404) return what + ": there is no such core or handler";
  return what +
         (is_json(response.content_type) ? "" : ", with a body that is not Solr's (" + response.content_type + ")");
}

Reply parse_answer(const Request& request, Response& response) {
  const std::string what = "the answer of Solr at " + response.node + " to '" + request.path + "'";
  if (is_json(response.content_type) || is_javabin(response.content_type)) {
    return parse(std::move(response.body), response.content_type, what);
  }
  throw Error("cannot read " + what + ": it is " +
                  (response.content_type.empty() ? "of no type" : response.content_type) +
                  " instead of javabin or JSON; is it Solr, or a page to log in?",
              {.status_code = 502});
}

}  // namespace

std::string without_values(std::string_view message) {
  constexpr std::string_view document = "ERROR: [doc=";
  if (message.starts_with(document)) {
    const std::size_t end = message.find("] ");
    message.remove_prefix(end == message.npos ? message.size() : end + 2);
  }
  std::size_t size = std::min({message.size(), message.find('\n'), longest_message});
  for (const Cut& cut : cuts) {
    const std::size_t at = message.find(cut.marker);
    if (at < size) size = std::min(size, at + cut.kept);
  }
  std::string text(message.substr(0, size));
  while (text.ends_with(' ')) text.pop_back();
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return text;
}

void throw_failure(const Request& request, const Response& response, std::string_view name) {
  const int status = response.status;
  const std::string message = explain(request, response, response.node.empty() ? name : response.node);
  ErrorDetails details{.native_code = std::to_string(status)};
  if (may_be_stored(request, status))
    throw CommitUnknown(message + "; the update may be stored, in part or not", details);
  if (status == 409) throw VersionConflict(message, details);
  if (status == 401 || status == 403) throw AuthenticationError(message, details);
  if (is_refused_document(request, status)) throw ConstraintViolation(message, details);
  if (status == 400 || status == 404) throw SyntaxError(message, details);
  if (status == 429 || status == 503) {
    details.status_code = 503;
    details.retryable = true;
  }
  if (status == 504) throw DeadlineExceeded(message, details);
  if (status / 100 == 3) details.status_code = 502;
  throw Error(message, details);
}

Reply read_answer(const Request& request, Response& response) {
  try {
    Reply reply = parse_answer(request, response);
    // Somebody else's JSON says nothing of what was stored.
    const bool has_header = reply["responseHeader"].is_object() || request.parameters.contains("omitHeader");
    if (request.effect != Effect::read && !has_header) throw Error("the answer to an update is not Solr's");
    return reply;
  } catch (const Error& error) {
    if (request.effect == Effect::read) throw;
    // The status said that all is well, but it may have been another's: a page to log in.
    throw CommitUnknown(std::string(error.what()) + "; the update may be stored or not");
  }
}

}  // namespace core_lib::solr::detail
