// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core_lib/solr/parameters.hpp"

namespace core_lib::solr {

/// A condition on documents. Whatever comes from a user goes to Solr as a parameter of its own, which the query only
/// refers to, so that no operator, no local parameter and no nested query in it is ever interpreted.
///
/// ```cpp
/// client.search(solr::Query(solr::words({"title", "text"}, user_text)).filter(solr::term("tags", tag)));
/// ```
class Clause {
 public:
  /// A query in Solr's own language, as the program wrote it. Text of users does not belong here.
  explicit Clause(std::string_view query) : text_(query) {}
  explicit Clause(const char* query) : text_(query) {}

  /// Writes what is needed into the parameters and returns the text that stands for the clause.
  /// @param next  numbers the parameters, so that clauses of one query do not meet
  [[nodiscard]] std::string render(Parameters& parameters, int& next) const;
  /// The same in one text, with what comes from users in quotes within it: for what Solr keeps, and runs again without
  /// the parameters of the request, as deletions in its log.
  [[nodiscard]] std::string text() const;

 private:
  friend Clause with_parser(std::string_view parser, std::vector<std::pair<std::string, std::string>> locals,
                            std::string_view text);
  friend Clause combine(std::string_view role, std::vector<Clause> clauses);
  friend Clause parents_of(Clause parents, Clause children);
  friend Clause children_of(Clause parents, Clause wanted);
  Clause() = default;

  std::string parser_{};  ///< Empty where text_ is the query itself.
  std::vector<std::pair<std::string, std::string>> locals_{};
  std::string text_{};
  std::vector<std::pair<std::string, Clause>> parts_{};
};

/// A query parser of Solr with its local parameters, fixed by the program, and a text that may come from a user.
[[nodiscard]] Clause with_parser(std::string_view parser, std::vector<std::pair<std::string, std::string>> locals,
                                 std::string_view text);

/// Documents with exactly this value in the field, which for a text field is a term of its index.
[[nodiscard]] Clause term(std::string_view field, std::string_view value);
[[nodiscard]] inline Clause term(std::string_view field, std::same_as<bool> auto value) {
  return term(field, value ? std::string_view("true") : std::string_view("false"));
}
[[nodiscard]] inline Clause term(std::string_view field, std::integral auto value)
  requires(!std::same_as<decltype(value), bool>)
{
  return term(field, std::string_view(std::to_string(value)));
}

/// Documents with the words of this text next to each other in the field.
[[nodiscard]] Clause phrase_in(std::string_view field, std::string_view text);

/// Documents with the words of this text in one of the fields; all of them where `all` says so. A weight may follow a
/// field: "title^2". Nothing in the text is an operator.
[[nodiscard]] Clause words(std::initializer_list<std::string_view> fields, std::string_view text, bool all = true);

/// What search boxes offer: words, "phrases", + and -. Fields and nested queries are plain words.
[[nodiscard]] Clause search_box(std::initializer_list<std::string_view> fields, std::string_view text);

/// Values from `from` to `to`, both included; "*" is no limit. @throws UsageError  one is empty: Solr cannot be told so
[[nodiscard]] Clause between(std::string_view field, std::string_view from, std::string_view to);
[[nodiscard]] Clause between(std::string_view field, double from, double to);

/// Clauses in a role of Solr's parser `bool`: "must", "should" or "must_not". @throws UsageError  there is no clause
[[nodiscard]] Clause combine(std::string_view role, std::vector<Clause> clauses);
[[nodiscard]] inline Clause all_of(std::vector<Clause> clauses) { return combine("must", std::move(clauses)); }
[[nodiscard]] inline Clause any_of(std::vector<Clause> clauses) { return combine("should", std::move(clauses)); }
[[nodiscard]] inline Clause none_of(std::vector<Clause> clauses) { return combine("must_not", std::move(clauses)); }

/// Parents with a child that fits; `parents` must find every document that is no child, also those
/// without any.
[[nodiscard]] Clause parents_of(Clause parents, Clause children);
/// Children of the parents that fit.
[[nodiscard]] Clause children_of(Clause parents, Clause wanted);

}  // namespace core_lib::solr
