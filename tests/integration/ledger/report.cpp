// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <numeric>
#include <sstream>

#include "integration/ledger/supervisor.hpp"

namespace core_lib::ledger {
namespace {

constexpr std::size_t most_violations = 20;

class Table {
 public:
  void line(const std::string& name, const std::string& value, const std::string& more = {}) {
    text_ << name << std::string(name.size() < 44 ? 44 - name.size() : 1, ' ')
          << std::string(value.size() < 10 ? 10 - value.size() : 0, ' ') << value;
    if (!more.empty()) text_ << "  " << more;
    text_ << "\n";
  }
  void line(const std::string& name, std::size_t value, const std::string& more = {}) {
    line(name, std::to_string(value), more);
  }
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
};

std::string shown(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

void add_faults(const Report& report, Table& table) {
  std::size_t sum = 0;
  for (const auto& [name, times] : report.recoveries) sum += name == "the start" ? 0 : times.size();
  table.line("faults", sum, "ms until work went on: median, longest");
  for (const auto& [name, unsorted] : report.recoveries) {
    if (name == "the start") continue;
    std::vector<std::chrono::milliseconds> times = unsorted;
    std::sort(times.begin(), times.end());
    table.line("  " + shown(name), times.size(),
               std::to_string(times[times.size() / 2].count()) + ", " + std::to_string(times.back().count()));
  }
}

void add_transfers(const Comparison& found, Table& table) {
  table.line("transfers", found.committed + found.failed + found.unknown + found.cut_short);
  table.line("  committed", found.committed);
  table.line("  failed", found.failed);
  for (const auto& [reason, count] : found.reasons) table.line("    " + reason, count);
  table.line("  unknown (CommitUnknown)", found.unknown,
             std::to_string(found.unknown_stored) + " of them turned out stored, " +
                 std::to_string(found.unknown - found.unknown_stored) + " not");
  if (found.cut_short > 0) {
    table.line("  cut short by kill -9", found.cut_short,
               std::to_string(found.cut_short_stored) + " of them turned out stored");
  }
}

}  // namespace

std::string to_text(const Report& report) {
  const Comparison& found = report.comparison;
  Table table;
  add_faults(report, table);
  add_transfers(found, table);
  if (report.pool.connects > 0) {
    table.line("connections opened", report.pool.connects,
               "and " + std::to_string(report.pool.connect_failures) + " attempts failed");
  }
  table.line("longest call beyond its deadline, ms", static_cast<std::size_t>(found.longest_beyond_deadline.count()));
  table.line("violations", found.violations.size());
  std::ostringstream text;
  text << "ledger on " << report.database << ": " << report.time.count() / 1000 << " s, seed " << report.seed << "\n"
       << table.text();
  for (std::size_t i = 0; i < std::min(found.violations.size(), most_violations); ++i) {
    text << "  " << found.violations[i] << "\n";
  }
  return text.str();
}

}  // namespace core_lib::ledger
