// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/solr/request.hpp"

namespace core_lib::solr::detail {

/// Solr's message without the values of documents and queries that it quotes.
[[nodiscard]] std::string without_values(std::string_view message);

/// Throws what an answer with a failure says. @param name  whom was asked, for the message
[[noreturn]] void throw_failure(const Request& request, const Response& response, std::string_view name);

/// Throws an Error where a good answer is no JSON: a login page, say, or something that is not Solr.
void check_json(const Request& request, const Response& response, std::string_view name);

}  // namespace core_lib::solr::detail
