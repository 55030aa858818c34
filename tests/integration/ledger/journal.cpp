// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/journal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace core_lib::ledger {
namespace {

constexpr std::array<std::string_view, 5> names{"started", "committed", "failed", "unknown", "unexpected"};

Outcome outcome_of(const std::string& name) {
  const auto* const found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw std::runtime_error("the journal holds an outcome that is none: " + name);
  return static_cast<Outcome>(found - names.begin());
}

}  // namespace

JournalFile::JournalFile(std::string path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644)) {
  if (file_ < 0) throw std::system_error(errno, std::generic_category(), "cannot open the journal " + path_);
}

JournalFile::~JournalFile() { ::close(file_); }

void JournalFile::write(std::int64_t transfer, const Entry& entry) {
  std::string line = std::to_string(transfer) + " " + std::string(names[static_cast<std::size_t>(entry.outcome)]) +
                     " " + std::to_string(entry.beyond_deadline.count()) + " " + entry.reason + "\n";
  std::replace(line.begin(), line.end() - 1, '\n', ' ');
  if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::system_error(errno, std::generic_category(), "cannot write the journal " + path_);
  }
}

std::size_t JournalFile::count_committed() {
  std::ifstream file(path_);
  file.seekg(counted_bytes_);
  for (std::string line; std::getline(file, line) && !file.eof();) {
    counted_bytes_ += static_cast<std::int64_t>(line.size()) + 1;
    committed_ += line.find(" committed ") != std::string::npos ? 1U : 0U;
  }
  return committed_;
}

Journal JournalFile::read() const {
  Journal journal;
  std::ifstream file(path_);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::int64_t transfer = 0;
    std::string outcome;
    std::int64_t beyond = 0;
    if (!(words >> transfer >> outcome >> beyond)) throw std::runtime_error("the journal holds half a line: " + line);
    Entry entry{outcome_of(outcome), std::chrono::milliseconds(beyond), {}};
    std::getline(words >> std::ws, entry.reason);
    journal[transfer] = std::move(entry);
  }
  return journal;
}

}  // namespace core_lib::ledger
