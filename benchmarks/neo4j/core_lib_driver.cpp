// SPDX-License-Identifier: Apache-2.0
// core_lib at the work of benchmarks/neo4j: see driver_process.hpp.
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "core_lib/neo4j/driver.hpp"

#include "neo4j/work.hpp"
#include "support/counted_malloc.hpp"

namespace benchmarks {
namespace {

namespace neo4j = core_lib::neo4j;

struct Row {
  std::int64_t id{};
  std::string name;
  double score{};
};

void read_rows(const neo4j::Driver& driver) {
  neo4j::Session session = driver.session();
  std::int64_t sum = 0;
  for (const neo4j::Record& record : session.run(rows_query)) {
    sum += record.get<std::int64_t>(0) + static_cast<std::int64_t>(record.get<std::string>(1).size());
    for (const std::int64_t mark : record.get<std::vector<std::int64_t>>(2)) sum += mark;
  }
  check_sum(sum);
}

void read_structs(const neo4j::Driver& driver) {
  neo4j::Session session = driver.session();
  std::int64_t sum = 0;
  session.run(structs_query).for_each<Row>([&](const Row& row) {
    sum += row.id + static_cast<std::int64_t>(row.name.size()) + static_cast<std::int64_t>(row.score);
  });
  check_sum(sum);
}

void run_query(const neo4j::Driver& driver) {
  neo4j::Session session = driver.session();
  check_number(session.run(one_query, {{"number", 7}}).single().get<std::int64_t>(0));
}

void run_transaction(const neo4j::Driver& driver) {
  neo4j::Session session = driver.session();
  check_number(session.execute_read(
      [](neo4j::ManagedTransaction& tx) { return tx.run(one_query, {{"number", 7}}).single().get<std::int64_t>(0); }));
}

void run(const std::string& port, const std::string& password) {
  const neo4j::Driver driver("bolt://127.0.0.1:" + port, neo4j::AuthToken::basic("neo4j", password));
  const std::map<std::string, std::function<void(const neo4j::Driver&)>> works{
      {"rows", read_rows}, {"structs", read_structs}, {"query", run_query}, {"execute_read", run_transaction}};
  std::cout << "core_lib" << std::endl;
  int times = 0;
  for (std::string work; std::cin >> work >> times;) {
    for (int i = 0; i < times; ++i) works.at(work)(driver);
    std::cout << allocations << std::endl;
  }
}

}  // namespace
}  // namespace benchmarks

int main(int, char** argv) { benchmarks::run(argv[1], argv[2]); }
