// SPDX-License-Identifier: Apache-2.0
// Moves money from 8 threads while everything breaks, and checks that the library's word about each commit was true.
// usage: ledger [--minutes N] [OVERRIDE...], such as engine=sqlite threads=16. See run, which starts what it needs.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "integration/ledger/crew.hpp"
#include "integration/ledger/settings.hpp"
#include "integration/ledger/supervisor.hpp"

namespace {

std::vector<std::string> overrides_of(int argc, char** argv) {
  std::vector<std::string> overrides;
  for (int i = 1; i < argc; ++i) {
    const bool minutes = std::strcmp(argv[i], "--minutes") == 0 && i + 1 < argc;
    overrides.push_back(minutes ? std::string("minutes=") + argv[++i] : argv[i]);
  }
  return overrides;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const core_lib::ledger::Settings settings(overrides_of(argc, argv));
    if (settings.process != 0) return core_lib::ledger::Crew::run_process(settings);
    const core_lib::ledger::Report report = core_lib::ledger::run(settings);
    std::fputs(core_lib::ledger::to_text(report).c_str(), stdout);
    return report.comparison.violations.empty() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ledger: %s\n", error.what());
    return 2;
  }
}
