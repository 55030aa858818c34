// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/results.hpp"

#include "core_lib/solr/update_options.hpp"

#include "solr/error_reply.hpp"

namespace core_lib::solr {
namespace {

std::vector<FacetCount> counts_of(Value map) {
  std::vector<FacetCount> counts;
  for (const Value count : map) counts.push_back({count.key(), count.integer()});
  return counts;
}

std::vector<PivotFacet> pivots_of(Value list) {
  std::vector<PivotFacet> pivots;
  for (const Value pivot : list) {
    pivots.push_back({pivot["field"].text(), pivot["value"], pivot["count"].integer(), pivots_of(pivot["pivot"])});
  }
  return pivots;
}

Spelling::Suggestion suggestion_of(Value suggestion) {
  Spelling::Suggestion made{suggestion.key()};
  for (const Value better : suggestion["suggestion"]) {
    if (better.is_object()) {
      made.better.push_back({better["word"].text(), better["freq"].integer_or(0)});
    } else {
      made.better.push_back({better.text(), 0});
    }
  }
  return made;
}

}  // namespace

std::optional<double> FacetBucket::number(std::string_view name) const {
  const Value value = value_[name];
  if (value.is_null()) return std::nullopt;
  return value.real();
}

std::vector<FacetBucket> FacetBucket::buckets(std::string_view name) const {
  std::vector<FacetBucket> all;
  for (const Value bucket : value_[name]["buckets"]) all.emplace_back(bucket);
  return all;
}

bool Results::is_partial() const {
  const Value partial = (*this)["responseHeader"]["partialResults"];
  // "omitted" where the query asks for all or nothing.
  return partial.kind() == ValueKind::text ? partial.text() == "omitted" : partial.boolean_or(false);
}

std::optional<double> Results::max_score() const {
  const Value score = response_["maxScore"];
  if (score.is_null()) return std::nullopt;
  return score.real();
}

std::vector<FacetCount> Results::facet_field(std::string_view field) const {
  return counts_of((*this)["facet_counts"]["facet_fields"][field]);
}

std::int64_t Results::facet_query(std::string_view name) const {
  return (*this)["facet_counts"]["facet_queries"][name].integer_or(0);
}

RangeFacet Results::facet_range(std::string_view field) const {
  const Value facet = (*this)["facet_counts"]["facet_ranges"][field];
  return {counts_of(facet["counts"]), facet["before"].integer_or(0), facet["after"].integer_or(0),
          facet["between"].integer_or(0)};
}

std::vector<PivotFacet> Results::facet_pivot(std::string_view fields) const {
  return pivots_of((*this)["facet_counts"]["facet_pivot"][fields]);
}

std::vector<std::string_view> Results::highlights(std::string_view id, std::string_view field) const {
  std::vector<std::string_view> all;
  for (const Value part : (*this)["highlighting"][id][field]) all.push_back(part.text());
  return all;
}

GroupedResults Results::groups(std::string_view field) const {
  const Value grouped = (*this)["grouped"][field];
  GroupedResults results{.matches = grouped["matches"].integer_or(0)};
  if (!grouped["ngroups"].is_null()) results.group_count = grouped["ngroups"].integer();
  for (const Value group : grouped["groups"]) {
    const Value list = group["doclist"];
    results.groups.push_back({group["groupValue"], list["numFound"].integer_or(0), list["docs"]});
  }
  return results;
}

std::optional<FieldStats> Results::stats(std::string_view field) const {
  const Value stats = (*this)["stats"]["stats_fields"][field];
  if (!stats.is_object()) return std::nullopt;
  return FieldStats{.min = stats["min"],
                    .max = stats["max"],
                    .count = stats["count"].integer_or(0),
                    .missing = stats["missing"].integer_or(0),
                    .sum = stats["sum"].real_or(0),
                    .mean = stats["mean"],
                    .deviation = stats["stddev"].real_or(0)};
}

Spelling Results::spelling() const {
  const Value reply = (*this)["spellcheck"];
  Spelling spelling{.correct = reply["correctlySpelled"].boolean_or(reply["suggestions"].size() == 0)};
  for (const Value suggestion : reply["suggestions"]) spelling.suggestions.push_back(suggestion_of(suggestion));
  for (const Value collation : reply["collations"]) {
    spelling.collations.push_back(collation.is_object() ? collation["collationQuery"].text() : collation.text());
  }
  return spelling;
}

std::vector<DocumentError> UpdateReply::errors() const {
  std::vector<DocumentError> all;
  for (const Value error : (*this)["responseHeader"]["errors"]) {
    all.push_back({std::string(error["id"].text_or({})), detail::without_values(error["message"].text_or({}))});
  }
  return all;
}

std::optional<std::int64_t> UpdateReply::replicas() const {
  const Value replicas = (*this)["responseHeader"]["rf"];
  return replicas.exists() ? std::optional(replicas.integer()) : std::nullopt;
}

std::optional<std::int64_t> UpdateReply::version_of(std::string_view id) const {
  for (const std::string_view command : {"adds", "deletes"}) {
    const Value version = (*this)[command][id];
    if (version.kind() == ValueKind::integer) return version.integer();
  }
  return std::nullopt;
}

}  // namespace core_lib::solr
