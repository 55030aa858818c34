// SPDX-License-Identifier: Apache-2.0
#include "neo4j/packstream_speed.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "core_lib/neo4j/value.hpp"

#include "neo4j/packstream/packer.hpp"
#include "neo4j/packstream/unpacker.hpp"
#include "servers/candidate.hpp"
#include "support/report.hpp"

namespace benchmarks {
namespace {

namespace packstream = core_lib::neo4j::packstream;
using core_lib::neo4j::List;
using core_lib::neo4j::Value;

constexpr std::int64_t rows = 100'000;
constexpr packstream::Dialect dialect{.element_ids = true, .utc = true};

/// As the records of the query that is streamed.
std::vector<Value> make_values() {
  std::vector<Value> all;
  for (std::int64_t id = 1; id <= rows; ++id) {
    all.emplace_back(List{id, "name " + std::to_string(id), List{id, id + 1, id + 2}});
  }
  return all;
}

std::size_t write(const std::vector<Value>& values, packstream::Buffer& buffer) {
  buffer.clear();
  packstream::Packer packer(buffer, dialect);
  for (const Value& value : values) packer.value(value);
  return buffer.size();
}

void read_values(const packstream::Buffer& buffer) {
  packstream::Unpacker reader(buffer.view(), dialect);
  std::size_t columns = 0;
  while (!reader.at_end()) columns += reader.value().get<List>().size();
  require(columns == 3 * rows);
}

void pass_over(const packstream::Buffer& buffer) {
  packstream::Unpacker reader(buffer.view(), dialect);
  reader.skip(rows);
  require(reader.at_end());
}

template <class Work>
void measure(const std::string& metric, std::size_t bytes, const Work& work) {
  double best = 1e300;
  for (int round = 0; round < 20; ++round) {
    const double start = cpu_microseconds();
    work();
    best = std::min(best, cpu_microseconds() - start);
  }
  report("PackStream of 100,000 rows", "core_lib", metric, static_cast<double>(bytes) / best / 1e3, "GB/s");
}

}  // namespace

void measure_packstream() {
  const std::vector<Value> values = make_values();
  packstream::Buffer buffer;
  const std::size_t bytes = write(values, buffer);
  measure("writing values", bytes, [&] { write(values, buffer); });
  measure("reading into values", bytes, [&] { read_values(buffer); });
  measure("checking", bytes, [&] { pass_over(buffer); });
}

}  // namespace benchmarks
