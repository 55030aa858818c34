// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/bookmark_manager.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace core_lib::neo4j {
namespace {

void add_once(Bookmarks& to, const Bookmarks& from) {
  for (const std::string& bookmark : from) {
    if (std::find(to.begin(), to.end(), bookmark) == to.end()) to.push_back(bookmark);
  }
}

class MemoryBookmarks final : public BookmarkManager {
 public:
  explicit MemoryBookmarks(BookmarkManagerOptions options) : options_(std::move(options)) {
    add_once(bookmarks_, options_.initial);
  }

  Bookmarks get_bookmarks() override {
    Bookmarks all;
    {
      const std::scoped_lock lock(mutex_);
      all = bookmarks_;
    }
    if (options_.supplier) add_once(all, options_.supplier());
    return all;
  }

  void update_bookmarks(const Bookmarks& previous, const Bookmarks& next) override {
    if (next.empty()) return;
    Bookmarks all;
    {
      const std::scoped_lock lock(mutex_);
      std::erase_if(bookmarks_, [&](const std::string& bookmark) {
        return std::find(previous.begin(), previous.end(), bookmark) != previous.end();
      });
      add_once(bookmarks_, next);
      all = bookmarks_;
    }
    if (options_.consumer) options_.consumer(all);
  }

 private:
  BookmarkManagerOptions options_;
  std::mutex mutex_;
  Bookmarks bookmarks_{};
};

}  // namespace

std::shared_ptr<BookmarkManager> make_bookmark_manager(BookmarkManagerOptions options) {
  return std::make_shared<MemoryBookmarks>(std::move(options));
}

}  // namespace core_lib::neo4j
