// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace core_lib::solr {

/// One term of Solr's standard query language: every character with a meaning in it gets a backslash. Words such as AND
/// get one too. For text of users prefer words() and term(), which keep it out of the query altogether.
[[nodiscard]] std::string escape_query(std::string_view text);

/// A phrase of the standard query language, or a limit of a range, in double quotes.
[[nodiscard]] std::string phrase(std::string_view text);

/// A value within `{!parser name=value}`, in single quotes.
[[nodiscard]] std::string local_parameter(std::string_view text);

/// The name of a field, unchanged. @throws UsageError  it has other characters than letters, digits, '_', '-' and '.'
[[nodiscard]] std::string_view checked_field(std::string_view name);

}  // namespace core_lib::solr
