// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/clause.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/quote.hpp"

namespace core_lib::solr {
namespace {

std::string checked_fields(std::initializer_list<std::string_view> fields) {
  if (fields.size() == 0) throw UsageError("words are looked for in at least one field");
  std::string all;
  for (const std::string_view field : fields) {
    (void)checked_field(field.substr(0, field.find('^')));
    if (field.find('^') != std::string_view::npos) (void)checked_field(field.substr(field.find('^') + 1));
    all += (all.empty() ? "" : " ") + std::string(field);
  }
  return all;
}

/// A limit of a range: a star, or a term that is quoted. Within a range, two quotes are two characters.
std::string limit(std::string_view value) {
  if (value.empty()) throw UsageError("between() needs limits that are not empty; \"*\" is no limit");
  return value == "*" ? std::string(value) : phrase(value);
}

/// The simple parser finds everything for a lone star between what Java trims, whatever operators it is told of; two of
/// them are words.
std::string_view not_a_star(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  const auto star = std::ranges::find_if_not(text, is_blank);
  const bool alone = star != text.end() && *star == '*' && std::all_of(star + 1, text.end(), is_blank);
  return alone ? "* *" : text;
}

std::string number(double value) {
  char digits[32];
  return {digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr};
}

}  // namespace

std::string Clause::render(Parameters& parameters, int& next) const {
  if (parser_.empty()) return text_;
  std::string out = "{!" + parser_;
  for (const auto& [name, value] : locals_) out += " " + name + "=" + local_parameter(value);
  const auto refer = [&](std::string_view name, std::string_view text) {
    const std::string parameter = "_core_lib_" + std::to_string(next++);
    parameters.add(parameter, text);
    out += " " + std::string(name) + "=$" + parameter;
  };
  for (const auto& [role, part] : parts_) refer(role, part.render(parameters, next));
  if (parts_.empty()) refer("v", text_);
  return out + "}";
}

std::string Clause::text() const {
  if (parser_.empty()) return text_;
  std::string out = "{!" + parser_;
  const auto append = [&](std::string_view name, std::string_view value) {
    out.append(1, ' ').append(name).append(1, '=').append(local_parameter(value));
  };
  for (const auto& [name, value] : locals_) append(name, value);
  for (const auto& [role, part] : parts_) append(role, part.text());
  if (parts_.empty()) append("v", text_);
  return out + "}";
}

Clause with_parser(std::string_view parser, std::vector<std::pair<std::string, std::string>> locals,
                   std::string_view text) {
  Clause clause;
  clause.parser_ = checked_field(parser);
  for (const auto& local : locals) (void)checked_field(local.first);
  clause.locals_ = std::move(locals);
  clause.text_ = text;
  return clause;
}

Clause term(std::string_view field, std::string_view value) {
  return with_parser("term", {{"f", std::string(checked_field(field))}}, value);
}

Clause phrase_in(std::string_view field, std::string_view text) {
  return with_parser("field", {{"f", std::string(checked_field(field))}}, text);
}

Clause words(std::initializer_list<std::string_view> fields, std::string_view text, bool all) {
  return with_parser("simple",
                     {{"qf", checked_fields(fields)}, {"q.operators", "WHITESPACE"}, {"q.op", all ? "AND" : "OR"}},
                     not_a_star(text));
}

Clause search_box(std::initializer_list<std::string_view> fields, std::string_view text) {
  return with_parser("simple",
                     {{"qf", checked_fields(fields)}, {"q.operators", "AND,NOT,PHRASE,WHITESPACE"}, {"q.op", "AND"}},
                     not_a_star(text));
}

Clause between(std::string_view field, std::string_view from, std::string_view to) {
  return Clause(std::string(checked_field(field)) + ":[" + limit(from) + " TO " + limit(to) + "]");
}

Clause between(std::string_view field, double from, double to) { return between(field, number(from), number(to)); }

Clause combine(std::string_view role, std::vector<Clause> clauses) {
  if (clauses.empty()) throw UsageError("clauses are combined where there is at least one");
  (void)checked_field(role);
  Clause clause;
  clause.parser_ = "bool";
  // Solr finds nothing for what only excludes.
  if (role == "must_not") clause.parts_.emplace_back("must", Clause("*:*"));
  for (Clause& part : clauses) clause.parts_.emplace_back(role, std::move(part));
  return clause;
}

Clause parents_of(Clause parents, Clause children) {
  Clause clause;
  clause.parser_ = "parent";
  clause.parts_.emplace_back("which", std::move(parents));
  clause.parts_.emplace_back("v", std::move(children));
  return clause;
}

Clause children_of(Clause parents, Clause wanted) {
  Clause clause;
  clause.parser_ = "child";
  clause.parts_.emplace_back("of", std::move(parents));
  clause.parts_.emplace_back("v", std::move(wanted));
  return clause;
}

}  // namespace core_lib::solr
