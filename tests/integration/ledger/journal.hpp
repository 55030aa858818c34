// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace core_lib::ledger {

/// What the library said of a transfer.
enum class Outcome {
  started,  ///< Nothing yet, and nothing ever where the process was killed.
  committed,
  failed,
  unknown,
  unexpected,  ///< Nothing: no fault explains what came out of the scope.
};

struct Entry {
  Outcome outcome = Outcome::started;
  std::chrono::milliseconds beyond_deadline{0};  ///< How long the call outlived the deadline of its scope.
  std::string reason{};                          ///< What `with` threw.
};

/// The last word on each transfer, by its id.
using Journal = std::map<std::int64_t, Entry>;

/// The file in which workers, of any thread and process, say what became of their transfers.
class JournalFile {
 public:
  /// Appends to it.
  explicit JournalFile(std::string path);
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;
  ~JournalFile();

  /// A line, as a whole, before it returns: it is there even where the process is killed right behind it.
  void write(std::int64_t transfer, const Entry& entry);
  /// How many transfers it calls committed by now. Thread safety: one thread.
  [[nodiscard]] std::size_t count_committed();
  /// All of it.
  [[nodiscard]] Journal read() const;

 private:
  std::string path_;
  int file_;
  std::int64_t counted_bytes_ = 0;
  std::size_t committed_ = 0;
};

}  // namespace core_lib::ledger
