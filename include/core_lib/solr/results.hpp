// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/solr/reply.hpp"

namespace core_lib::solr {

/// A value and how many documents have it. The value is a view into the results.
struct FacetCount {
  std::string_view value;
  std::int64_t count = 0;
};

/// The steps of a range, each under its lower limit in Solr's words, and the documents before, after and between all.
struct RangeFacet {
  std::vector<FacetCount> counts{};
  std::int64_t before = 0;
  std::int64_t after = 0;
  std::int64_t between = 0;
};

/// One value of a pivot, and below it the values of the next field. Views into the results.
struct PivotFacet {
  std::string_view field;
  Value value;
  std::int64_t count = 0;
  std::vector<PivotFacet> pivots{};
};

/// One bucket of the JSON Facet API, or the whole: a count, numbers, and buckets of the facets within.
class FacetBucket {
 public:
  explicit FacetBucket(Value value) noexcept : value_(value) {}

  /// What the documents of the bucket have in common; missing for the whole.
  [[nodiscard]] Value value() const noexcept { return value_["val"]; }
  /// The documents of the bucket; 0 where Solr gave no number.
  [[nodiscard]] std::int64_t count() const { return value_["count"].integer_or(0); }
  /// A number such as an average; nothing where there was no document to take it from.
  [[nodiscard]] std::optional<double> number(std::string_view name) const;
  /// Those of a facet within, of type terms or range, as Solr sorted them; none where there is no such facet.
  [[nodiscard]] std::vector<FacetBucket> buckets(std::string_view name) const;
  /// A facet of type query, which is a single bucket.
  [[nodiscard]] FacetBucket bucket(std::string_view name) const noexcept { return FacetBucket(value_[name]); }
  /// All of it as Solr sent it, for what there is no function for, such as `numBuckets`.
  [[nodiscard]] Value raw() const noexcept { return value_; }

 private:
  Value value_;
};

/// One value of the field, how many documents have it, and the first of them: GroupOptions::limit. A view.
struct Group {
  Value value;  ///< Null for documents without one.
  std::int64_t found = 0;
  Value documents;
};

/// `matches` are documents, in all groups; `group_count` is not set where GroupOptions::count_groups was off.
struct GroupedResults {
  std::int64_t matches = 0;
  std::optional<std::int64_t> group_count{};
  std::vector<Group> groups{};
};

/// Over the documents that fit; `missing` are those without a value.
struct FieldStats {
  Value min;
  Value max;
  std::int64_t count = 0;
  std::int64_t missing = 0;
  double sum = 0;        ///< Milliseconds since 1970 for a date field; 0 for text.
  Value mean;            ///< As min and max: Value::real(), or Value::instant() for a date field; missing for text.
  double deviation = 0;  ///< Milliseconds for a date field; 0 for text.
};

/// What the spellcheck component said. Views into the results.
struct Spelling {
  bool correct = true;
  /// A word of the query with what may have been meant.
  struct Suggestion {
    std::string_view word;
    std::vector<FacetCount> better{};  ///< With how many documents have each, where Solr was asked for it.
  };
  std::vector<Suggestion> suggestions{};
  std::vector<std::string_view> collations{};  ///< Whole queries with better words.
};

/// What a search found. Copies share it.
class Results : public Reply {
 public:
  explicit Results(Reply reply) : Reply(std::move(reply)), response_((*this)["response"]) {}

  /// How many documents fit in all.
  [[nodiscard]] std::int64_t found() const { return response_["numFound"].integer_or(0); }
  /// False where found() is a lower limit.
  [[nodiscard]] bool is_exact() const { return response_["numFoundExact"].boolean_or(true); }
  /// True where time was up and documents may be missing: Query::time_allowed().
  [[nodiscard]] bool is_partial() const;
  /// How many documents stand before this page.
  [[nodiscard]] std::int64_t start() const { return response_["start"].integer_or(0); }
  /// Nothing where the query did not ask for the field `score`.
  [[nodiscard]] std::optional<double> max_score() const;
  /// The documents of this page: an array of objects.
  [[nodiscard]] Value documents() const noexcept { return response_["docs"]; }
  [[nodiscard]] std::size_t size() const noexcept { return documents().size(); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// The documents as structs: see Value::as().
  template <class T>
  [[nodiscard]] std::vector<T> as() const {
    std::vector<T> all;
    const Value page = documents();
    all.reserve(page.size());
    std::size_t hint = 0;
    for (const Value document : page) document.decode(mapping::fields_of<T>(), &all.emplace_back(), hint);
    return all;
  }
  /// `nextCursorMark`, a view into the results; empty where the query had no `cursorMark`. DocumentStream cares for it.
  [[nodiscard]] std::string_view next_cursor_mark() const { return (*this)["nextCursorMark"].text_or({}); }

  /// Of Query::facet_field(), as Solr sorted them; none where it was not asked for.
  [[nodiscard]] std::vector<FacetCount> facet_field(std::string_view field) const;
  /// Of Query::facet_query(), by the same name; 0 where it was not asked for.
  [[nodiscard]] std::int64_t facet_query(std::string_view name) const;
  /// Of Query::facet_range(); empty where it was not asked for.
  [[nodiscard]] RangeFacet facet_range(std::string_view field) const;
  /// @param fields  joined by commas, as in "country,city"
  [[nodiscard]] std::vector<PivotFacet> facet_pivot(std::string_view fields) const;
  /// The facets of the JSON Facet API.
  [[nodiscard]] FacetBucket facets() const noexcept { return FacetBucket((*this)["facets"]); }
  /// The parts of a document's field that fit.
  [[nodiscard]] std::vector<std::string_view> highlights(std::string_view id, std::string_view field) const;
  /// Of Query::group_by(); no groups where it was not asked for.
  [[nodiscard]] GroupedResults groups(std::string_view field) const;
  /// Of Query::stats(); nothing where it was not asked for.
  [[nodiscard]] std::optional<FieldStats> stats(std::string_view field) const;
  /// Of Query::spellcheck(); correct where it was not asked for.
  [[nodiscard]] Spelling spelling() const;
  /// Documents like the one of this id.
  [[nodiscard]] Value more_like(std::string_view id) const noexcept { return (*this)["moreLikeThis"][id]["docs"]; }
  /// What the parameter `debug` or `debugQuery` asked for; missing without one.
  [[nodiscard]] Value debug() const noexcept { return (*this)["debug"]; }

 private:
  Value response_;
};

}  // namespace core_lib::solr
