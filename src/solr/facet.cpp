// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/facet.hpp"

#include <cmath>
#include <cstdint>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/json_writer.hpp"

namespace core_lib::solr {

namespace {

/// A field of whole numbers refuses `0.0` as a bound.
void write_bound(JsonWriter& writer, double bound) {
  constexpr double exact = 9007199254740992;  // 2^53
  if (std::trunc(bound) == bound && std::abs(bound) <= exact) {
    writer.integer(static_cast<std::int64_t>(bound));
  } else {
    writer.real(bound);
  }
}

}  // namespace

Facet Facet::terms(std::string_view field, const TermsFacetOptions& options) {
  Facet facet;
  facet.open_ = true;
  JsonWriter writer(facet.json_);
  writer.begin_object().key("type").text("terms").key("field").text(field).key("limit").integer(options.limit);
  writer.key("mincount").integer(options.min_count);
  if (options.offset != 0) writer.key("offset").integer(options.offset);
  if (!options.sort.empty()) writer.key("sort").text(options.sort);
  if (!options.prefix.empty()) writer.key("prefix").text(options.prefix);
  if (options.count_buckets) writer.key("numBuckets").boolean(true);
  if (options.missing) writer.key("missing").boolean(true);
  return facet;
}

Facet Facet::range(std::string_view field, double from, double to, double gap) {
  Facet facet;
  facet.open_ = true;
  JsonWriter writer(facet.json_);
  writer.begin_object().key("type").text("range").key("field").text(field);
  write_bound(writer.key("start"), from);
  write_bound(writer.key("end"), to);
  write_bound(writer.key("gap"), gap);
  return facet;
}

Facet Facet::query(std::string_view query) {
  Facet facet;
  facet.open_ = true;
  JsonWriter(facet.json_).begin_object().key("type").text("query").key("q").text(query);
  return facet;
}

Facet Facet::number(std::string_view function) {
  Facet facet;
  JsonWriter(facet.json_).text(function);
  return facet;
}

Facet Facet::written(std::string_view json) {
  Facet facet;
  facet.json_ = json;
  return facet;
}

Facet Facet::with(std::string_view name, Facet facet) && {
  if (!open_) throw UsageError("a facet within another one goes into terms, range and query, which have buckets");
  parts_.emplace_back(name, std::move(facet));
  return std::move(*this);
}

void Facet::write(JsonWriter& writer) const {
  if (!open_) {
    writer.written(json_);
    return;
  }
  writer.written(json_);
  if (!parts_.empty()) {
    writer.key("facet").begin_object();
    for (const auto& [name, part] : parts_) {
      writer.key(name);
      part.write(writer);
    }
    writer.end_object();
  }
  writer.end_object();
}

}  // namespace core_lib::solr
