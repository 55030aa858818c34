// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/solr/reply.hpp"
#include "core_lib/solr/request.hpp"

namespace core_lib::solr::detail {

/// Solr's message without the values of documents and queries that it quotes.
[[nodiscard]] std::string without_values(std::string_view message);

/// Throws what an answer with a failure says. @param name  whom was asked, for the message
[[noreturn]] void throw_failure(const Request& request, const Response& response, std::string_view name);

/// Reads a good answer. Throws an Error where it is neither JSON nor javabin: a login page, say, or what is not Solr.
[[nodiscard]] Reply read_answer(const Request& request, Response& response);

}  // namespace core_lib::solr::detail
