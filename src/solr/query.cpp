// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/query.hpp"

#include "core_lib/solr/json_writer.hpp"
#include "core_lib/solr/quote.hpp"

namespace core_lib::solr {
namespace {

std::string joined(std::initializer_list<std::string_view> names) {
  std::string all;
  for (const std::string_view name : names) all += (all.empty() ? "" : ",") + std::string(name);
  return all;
}

}  // namespace

Query::Query() : Query(Clause("*:*")) {}

Query::Query(const Clause& clause) { parameters_.add("q", clause.render(parameters_, next_)); }

Query& Query::filter(const Clause& clause) { return parameter("fq", clause.render(parameters_, next_)); }

Query& Query::fields(std::initializer_list<std::string_view> names) {
  fields_ += (fields_.empty() ? "" : ",") + joined(names);
  return *this;
}

Query& Query::add_fields(std::span<const mapping::Field> fields) {
  for (const mapping::Field& field : fields) this->fields({field.name});
  return *this;
}

Query& Query::sort(std::string_view field, Order order) {
  if (!sort_.empty()) sort_ += ',';
  sort_.append(field).append(order == Order::ascending ? " asc" : " desc");
  return *this;
}

Query& Query::start(std::int64_t first) { return set_parameter("start", first); }
Query& Query::rows(std::int64_t count) { return set_parameter("rows", count); }

Query& Query::time_allowed(std::chrono::milliseconds time) { return set_parameter("timeAllowed", time.count()); }

Query& Query::handler(std::string_view path) {
  handler_ = path;
  return *this;
}

Query& Query::facet_field(std::string_view field, const FieldFacetOptions& options) {
  const std::string own = "f." + std::string(field) + ".facet.";
  set_parameter("facet", true).parameter("facet.field", field);
  parameter(own + "limit", options.limit).parameter(own + "mincount", options.min_count);
  if (options.offset != 0) parameter(own + "offset", options.offset);
  if (options.by_value) parameter(own + "sort", "index");
  if (!options.prefix.empty()) parameter(own + "prefix", options.prefix);
  if (options.missing) parameter(own + "missing", true);
  return *this;
}

Query& Query::facet_query(std::string_view name, const Clause& clause) {
  const std::string parameter_name = "_core_lib_" + std::to_string(next_++);
  parameters_.add(parameter_name, clause.render(parameters_, next_));
  return set_parameter("facet", true)
      .parameter("facet.query", "{!query key=" + local_parameter(name) + " v=$" + parameter_name + "}");
}

Query& Query::facet_range(std::string_view field, std::string_view from, std::string_view to, std::string_view gap) {
  const std::string own = "f." + std::string(field) + ".facet.range.";
  set_parameter("facet", true).parameter("facet.range", field);
  return parameter(own + "start", from)
      .parameter(own + "end", to)
      .parameter(own + "gap", gap)
      .parameter(own + "other", "all");
}

Query& Query::facet_pivot(std::initializer_list<std::string_view> fields) {
  return set_parameter("facet", true).parameter("facet.pivot", joined(fields));
}

Query& Query::facet(std::string_view name, const Facet& facet) {
  if (!facets_.empty()) facets_ += ',';
  JsonWriter writer(facets_);
  writer.key(name);
  facet.write(writer);
  return *this;
}

Query& Query::highlight(std::initializer_list<std::string_view> fields, const HighlightOptions& options) {
  return set_parameter("hl", true)
      .set_parameter("hl.fl", joined(fields))
      .set_parameter("hl.simple.pre", options.before)
      .set_parameter("hl.simple.post", options.after)
      .set_parameter("hl.tag.pre", options.before)
      .set_parameter("hl.tag.post", options.after)
      .set_parameter("hl.snippets", options.snippets)
      .set_parameter("hl.fragsize", options.fragment_size);
}

Query& Query::group_by(std::string_view field, const GroupOptions& options) {
  set_parameter("group", true).parameter("group.field", field);
  set_parameter("group.limit", options.limit).set_parameter("group.ngroups", options.count_groups);
  return options.sort.empty() ? *this : set_parameter("group.sort", options.sort);
}

Query& Query::stats(std::string_view field) { return set_parameter("stats", true).parameter("stats.field", field); }

Query& Query::spellcheck(std::string_view text) {
  set_parameter("spellcheck", true).set_parameter("spellcheck.collate", true);
  return text.empty() ? *this : set_parameter("spellcheck.q", text);
}

Query& Query::more_like_this(std::initializer_list<std::string_view> fields, int count) {
  return set_parameter("mlt", true).set_parameter("mlt.fl", joined(fields)).set_parameter("mlt.count", count);
}

Parameters Query::parameters() const {
  Parameters all;
  all.append(parameters_);
  if (!fields_.empty()) all.set("fl", fields_);
  if (!sort_.empty()) all.set("sort", sort_);
  if (!facets_.empty()) all.set("json.facet", "{" + facets_ + "}");
  return all;
}

}  // namespace core_lib::solr
