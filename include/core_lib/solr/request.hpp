// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/observability/deadline.hpp"
#include "core_lib/solr/parameters.hpp"

namespace core_lib::solr {

/// One header of a request. Neither part may hold a control character (UsageError).
struct Header {
  std::string name;
  std::string value;
};

/// What a request does to the data, which decides when it may be sent a second time.
enum class Effect {
  read,        ///< Changes nothing: may be sent again after any failure.
  write,       ///< Is sent again only where the server cannot have seen it.
  idempotent,  ///< A write that its caller declares harmless when it is done twice.
};

/// One request to Solr, below a core or a node. Client makes them; make one of your own for what Client has no function
/// for, and hand it to Client::send().
struct Request {
  /// The handler, such as "select" or "admin/ping". Errors: UsageError for a segment such as ".." or one with "?" in
  /// it.
  std::string path{};
  Parameters parameters{};
  /// What is posted, of type `content_type`; the parameters then stand in the address. Without a body and a type, the
  /// parameters go in the address, or are posted as a form where they are long.
  std::string body{};
  std::string content_type{};
  Effect effect = Effect::read;
  /// The path starts at the node ("admin/cores"), not at the core.
  bool of_node = false;
  std::vector<Header> headers{};
  /// Ends the whole call, whatever is tried; HttpOptions::timeout may end it sooner, unless the answer is streamed.
  Deadline deadline{};
  /// Takes the body of a good answer piece by piece instead of Response::body. What it throws ends the request.
  std::function<void(std::string_view)> receive{};
};

/// What came back, with any status.
struct Response {
  int status = 0;
  std::string content_type{};
  std::string body{};
  std::string protocol{};     ///< "HTTP/1.1" or "HTTP/2".
  std::string location{};     ///< Where a redirect leads; it is never followed.
  std::string retry_after{};  ///< As the server wrote it.
  std::string node{};         ///< The address that answered.
  std::size_t streamed = 0;   ///< Bytes of the body that Request::receive took.
};

}  // namespace core_lib::solr
