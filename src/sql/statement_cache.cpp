// SPDX-License-Identifier: Apache-2.0
#include "sql/statement_cache.hpp"

#include <utility>

#include "sql/query/renderer.hpp"

namespace core_lib::sql::detail {

CachedStatement& StatementCache::take(std::span<const Token> shape) {
  const std::string_view key(reinterpret_cast<const char*>(shape.data()), shape.size_bytes());
  if (CachedStatement* const found = find(key)) return *found;
  Rendered rendered = render(dialect_, shape);
  return insert(key, std::move(rendered.sql), std::move(rendered.parameters));
}

CachedStatement& StatementCache::take(std::string_view sql) {
  if (CachedStatement* const found = find(sql)) return *found;
  return insert(sql, std::string(sql), {});
}

CachedStatement* StatementCache::find(std::string_view key) {
  if (!statements_.empty() && statements_.front().key == key && !statements_.front().in_use) {
    statements_.front().in_use = true;
    return &statements_.front();
  }
  const auto found = index_.find(key);
  if (found == index_.end() || found->second->in_use) return nullptr;
  statements_.splice(statements_.begin(), statements_, found->second);
  found->second->in_use = true;
  return &*found->second;
}

CachedStatement& StatementCache::insert(std::string_view key, std::string sql, std::vector<std::uint32_t> parameters) {
  std::unique_ptr<driver::Statement> statement = connection_.prepare(sql);
  const bool cached = !index_.contains(key);
  if (cached) make_room();
  List& list = cached ? statements_ : uncached_;
  CachedStatement& entry = list.emplace_front();
  entry.key = key;
  entry.sql = std::move(sql);
  entry.bound.resize(parameters.size());
  entry.statement = std::move(statement);
  entry.parameters = std::move(parameters);
  entry.in_use = true;
  entry.cached = cached;
  if (cached) index_.emplace(entry.key, list.begin());
  return entry;
}

void StatementCache::make_room() {
  for (auto oldest = statements_.end(); statements_.size() >= capacity_ && oldest != statements_.begin();) {
    --oldest;
    if (oldest->in_use) continue;
    index_.erase(oldest->key);
    oldest = statements_.erase(oldest);
  }
}

void StatementCache::give_back(CachedStatement& statement) noexcept {
  statement.statement->close();
  statement.in_use = false;
  if (statement.cached) return;
  uncached_.remove_if([&](const CachedStatement& other) { return &other == &statement; });
}

}  // namespace core_lib::sql::detail
