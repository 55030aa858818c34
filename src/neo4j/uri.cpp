// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <optional>

#include "core_lib/error/error.hpp"

#include "neo4j/driver_core.hpp"

namespace core_lib::neo4j {
namespace {

constexpr std::uint16_t default_port = 7687;

struct Scheme {
  std::string_view name;
  bool may_route;
  bool encrypted;
  bool trusts_all;
};

constexpr Scheme schemes[] = {{"bolt", false, false, false},   {"bolt+s", false, true, false},
                              {"bolt+ssc", false, true, true}, {"neo4j", true, false, false},
                              {"neo4j+s", true, true, false},  {"neo4j+ssc", true, true, true}};

[[noreturn]] void refuse(const std::string& why) { throw ConfigError("the URI of Neo4j " + why); }

const Scheme& scheme_of(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(schemes), std::end(schemes), [&](const Scheme& s) { return s.name == name; });
  if (found == std::end(schemes)) {
    refuse(
        "needs one of the schemes bolt, bolt+s, bolt+ssc, neo4j, neo4j+s and neo4j+ssc, as in neo4j+s://example.org");
  }
  return *found;
}

std::uint16_t port_of(std::string_view text) {
  if (text.empty()) return default_port;
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0 || port > 65535) {
    refuse("has a port that is no number from 1 to 65535");
  }
  return static_cast<std::uint16_t>(port);
}

net::Address address_of(std::string_view text) {
  if (text.find('@') != std::string_view::npos) {
    refuse("must hold no user and password: pass them as an AuthToken, so that they reach no log");
  }
  net::Address address;
  std::size_t end = text.find(':');
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos) refuse("has an address of IPv6 without its closing bracket");
    address.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
  } else {
    address.host = text.substr(0, end);
    text.remove_prefix(std::min(end, text.size()));
  }
  if (!text.empty() && text.front() != ':') refuse("has something else than a port behind its host");
  address.port = port_of(text.empty() ? text : text.substr(1));
  if (address.host.empty()) refuse("names no host");
  return address;
}

Map context_of(std::string_view query) {
  Map context;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == pair.size()) {
      refuse("has a routing context that is not made of key=value, joined by &");
    }
    const std::string_view key = pair.substr(0, equals);
    if (key == "address") refuse("must not have 'address' in its routing context: the driver says it");
    if (context.find(key) != nullptr) refuse("has a key twice in its routing context");
    context.append(std::string(key), pair.substr(equals + 1));
  }
  return context;
}

}  // namespace

Target parse_uri(std::string_view uri) {
  const std::size_t colon = uri.find("://");
  const Scheme& scheme = scheme_of(colon == std::string_view::npos ? std::string_view() : uri.substr(0, colon));
  std::string_view rest = uri.substr(colon + 3);
  const std::size_t question = rest.find('?');
  const std::string_view query = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  rest = rest.substr(0, std::min(question, rest.find('/')));
  Target target;
  target.encrypted = scheme.encrypted;
  target.trusts_all = scheme.trusts_all;
  target.has_security = scheme.encrypted;
  target.may_route = scheme.may_route;
  target.address = address_of(rest);
  if (!query.empty() && !scheme.may_route) {
    refuse("'" + std::string(uri) + "' must have no query: only the neo4j schemes have a routing context");
  }
  target.routing_context = context_of(query);
  return target;
}

}  // namespace core_lib::neo4j
