// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core_lib/solr/clause.hpp"

namespace core_lib::solr {

class JsonWriter;

/// Of Query::facet_field(), as parameters of that field alone: `f.tags.facet.limit`. A limit of -1 is none.
struct FieldFacetOptions {
  int limit = 100;
  int min_count = 1;
  int offset = 0;
  bool by_value = false;  ///< In the order of the values instead of the counts.
  std::string prefix{};
  bool missing = false;  ///< Counts the documents without a value too.
};

/// Of Facet::terms(), in the words of the JSON Facet API. A limit of -1 is none.
struct TermsFacetOptions {
  int limit = 10;
  int offset = 0;
  int min_count = 1;
  std::string sort{};  ///< In Solr's words: "count desc", "index", or a facet within: "average desc".
  std::string prefix{};
  bool count_buckets = false;
  bool missing = false;
};

/// A facet of the JSON Facet API, with others within.
///
/// ```cpp
/// query.facet("tags", Facet::terms("tags", {.limit = 5}).with("average", Facet::number("avg(price)")));
/// ```
class Facet {
 public:
  /// A bucket for each value of the field, the commonest first where TermsFacetOptions::sort says nothing else.
  [[nodiscard]] static Facet terms(std::string_view field, const TermsFacetOptions& options = {});
  /// Buckets of the width `gap`, each with its lower limit and without its upper one.
  /// @throws ConversionError  a limit is NaN or infinite
  [[nodiscard]] static Facet range(std::string_view field, double from, double to, double gap);
  /// Documents that fit a query in Solr's own language, as the program wrote it.
  [[nodiscard]] static Facet query(std::string_view query);
  /// The same for a clause, which may hold text of users.
  [[nodiscard]] static Facet query(const Clause& query) { return Facet::query(query.text()); }
  /// A number over the documents, such as "avg(price)" or "unique(tags)".
  [[nodiscard]] static Facet number(std::string_view function);
  /// JSON as Solr's manual shows it, for what there is no function for.
  [[nodiscard]] static Facet written(std::string_view json);

  /// A facet within each bucket.
  [[nodiscard]] Facet with(std::string_view name, Facet facet) &&;

  /// As one value, which stands behind the name of the facet in `json.facet`.
  void write(JsonWriter& writer) const;

 private:
  std::string json_{};  ///< An object without its last brace, or a whole value where there is nothing within.
  bool open_ = false;
  std::vector<std::pair<std::string, Facet>> parts_{};
};

}  // namespace core_lib::solr
