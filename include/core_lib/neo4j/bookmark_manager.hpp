// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace core_lib::neo4j {

/// Marks of transactions: a session that was given them sees what those wrote. Opaque; send them on as they are.
using Bookmarks = std::vector<std::string>;

/// Carries bookmarks from one session to the next, so that each sees what those before it wrote.
/// Thread safety: both functions are called from any thread.
class BookmarkManager {
 public:
  virtual ~BookmarkManager() = default;

  /// What a new transaction has to see.
  [[nodiscard]] virtual Bookmarks get_bookmarks() = 0;
  /// Replaces the bookmarks `previous`, which a transaction had been given, by those that it made.
  virtual void update_bookmarks(const Bookmarks& previous, const Bookmarks& next) = 0;
};

/// What the bookmarks in memory begin with, and who else has or hears of some.
struct BookmarkManagerOptions {
  Bookmarks initial{};
  std::function<Bookmarks()> supplier{};             ///< More bookmarks, asked for each time.
  std::function<void(const Bookmarks&)> consumer{};  ///< Told all bookmarks when they changed.
};

/// Keeps bookmarks in memory. The callbacks are called while nothing is locked.
[[nodiscard]] std::shared_ptr<BookmarkManager> make_bookmark_manager(BookmarkManagerOptions options = {});

}  // namespace core_lib::neo4j
