// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/solr/clause.hpp"
#include "core_lib/solr/facet.hpp"
#include "core_lib/solr/parameters.hpp"

namespace core_lib::solr {

enum class Order { ascending, descending };

/// What is highlighted, and how.
struct HighlightOptions {
  std::string before = "<em>";
  std::string after = "</em>";
  int snippets = 1;
  int fragment_size = 100;
};

/// Of Query::group_by(): `group.limit`, `group.ngroups` and `group.sort`.
struct GroupOptions {
  int limit = 1;             ///< Documents of each group.
  bool count_groups = true;  ///< Tells how many groups there are.
  std::string sort{};        ///< Within the groups, in Solr's words, such as "price asc".
};

/// A search, built piece by piece; what there is no function for is a parameter().
class Query {
 public:
  /// All documents.
  Query();
  explicit Query(const Clause& clause);
  /// A query in Solr's own language, as the program wrote it; see Clause for text of users.
  explicit Query(std::string_view query) : Query(Clause(query)) {}
  explicit Query(const char* query) : Query(Clause(query)) {}

  /// Documents must fit this too; it does not count for the score, and Solr caches it.
  Query& filter(const Clause& clause);
  /// Which fields are returned; all that are stored where nothing is said.
  Query& fields(std::initializer_list<std::string_view> names);
  /// Those of a struct.
  template <class T>
  Query& fields_of() {
    return add_fields(mapping::fields_of<T>());
  }
  /// Adds to `sort`: what was said first counts first. By score where nothing is said.
  Query& sort(std::string_view field, Order order = Order::ascending);
  /// How many documents are skipped: `start`, 0 where nothing is said.
  Query& start(std::int64_t first);
  /// The most documents that are returned: `rows`, 10 where neither this nor the handler says another number.
  Query& rows(std::int64_t count);
  /// Solr stops there and answers with what it has: see Results::is_partial().
  Query& time_allowed(std::chrono::milliseconds time);
  /// Another handler than "select".
  Query& handler(std::string_view path);

  /// Counts the documents of each value: `facet.field`. Found again by Results::facet_field().
  Query& facet_field(std::string_view field, const FieldFacetOptions& options = {});
  /// Counts the documents that fit. The name is how the count is found again.
  Query& facet_query(std::string_view name, const Clause& clause);
  /// Counts by steps; the limits in Solr's words: numbers, or dates such as "NOW/DAY-1MONTH".
  Query& facet_range(std::string_view field, std::string_view from, std::string_view to, std::string_view gap);
  /// Counts by the first field, within that by the second, and so on: `facet.pivot`. See Results::facet_pivot().
  Query& facet_pivot(std::initializer_list<std::string_view> fields);
  /// A facet of the JSON Facet API.
  Query& facet(std::string_view name, const Facet& facet);
  /// Marks what fits in these fields: `hl.fl`. Found again by Results::highlights(); the documents stay as they are.
  Query& highlight(std::initializer_list<std::string_view> fields, const HighlightOptions& options = {});
  /// Answers with groups instead of documents: `group.field`. Only Results::groups() finds them.
  Query& group_by(std::string_view field, const GroupOptions& options = {});
  /// Asks for the least, the greatest, the sum and so on: `stats.field`. Found again by Results::stats().
  Query& stats(std::string_view field);
  /// Asks the spellcheck component of the handler for better words.
  Query& spellcheck(std::string_view text = {});
  /// For each document, others that are like it in these fields.
  Query& more_like_this(std::initializer_list<std::string_view> fields, int count = 5);

  /// Any other parameter; it is added to those of the same name.
  template <class Value>
  Query& parameter(std::string_view name, const Value& value) {
    parameters_.add(name, value);
    return *this;
  }
  /// The same in place of those of that name. For `fl`, `sort` and `json.facet`, the functions above prevail.
  template <class Value>
  Query& set_parameter(std::string_view name, const Value& value) {
    parameters_.set(name, value);
    return *this;
  }

  /// The path below the core; `select` where none was set.
  [[nodiscard]] const std::string& handler() const noexcept { return handler_; }
  /// All of it, as Solr is asked.
  [[nodiscard]] Parameters parameters() const;

 private:
  Query& add_fields(std::span<const mapping::Field> fields);

  std::string handler_ = "select";
  Parameters parameters_{};
  std::string sort_{};
  std::string fields_{};
  std::string facets_{};  ///< JSON, without the braces around all.
  int next_ = 0;
};

}  // namespace core_lib::solr
