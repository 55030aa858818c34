// SPDX-License-Identifier: Apache-2.0
#include "sql/statement_cache.hpp"

#include <utility>

#include "sql/fingerprint.hpp"

namespace core_lib::sql::detail {

std::string_view CachedStatement::fingerprint(const Dialect& dialect) {
  const std::string_view own = std::string_view(sql).substr(0, own_size);
  if (generated) return own;
  if (fingerprint_.empty()) fingerprint_ = detail::fingerprint(dialect, own);
  return fingerprint_;
}

CachedStatement& StatementCache::take(std::span<const Token> shape, const std::optional<TraceParent>& trace) {
  const std::string_view key(reinterpret_cast<const char*>(shape.data()), shape.size_bytes());
  if (trace) [[unlikely]] {
    Rendered rendered = render(dialect_, shape);
    CachedStatement& made = insert_traced(std::move(rendered.sql), std::move(rendered.bindings), *trace);
    made.generated = true;
    return made;
  }
  if (CachedStatement* const found = find(key)) return *found;
  Rendered rendered = render(dialect_, shape);
  CachedStatement& made = insert(key, std::move(rendered.sql), std::move(rendered.bindings));
  made.generated = true;
  return made;
}

CachedStatement& StatementCache::take(std::string_view sql, const std::optional<TraceParent>& trace) {
  if (trace) [[unlikely]] {
    return insert_traced(std::string(sql), {}, *trace);
  }
  if (CachedStatement* const found = find(sql)) return *found;
  return insert(sql, std::string(sql), {});
}

CachedStatement* StatementCache::find(std::string_view key) {
  if (!statements_.empty()) [[likely]] {
    CachedStatement& last = statements_.front();
    if (last.key == key && !last.in_use) [[likely]] {
      last.in_use = true;
      return &last;
    }
  }
  const auto found = index_.find(key);
  if (found == index_.end() || found->second->in_use) return nullptr;
  statements_.splice(statements_.begin(), statements_, found->second);
  found->second->in_use = true;
  return &*found->second;
}

CachedStatement& StatementCache::insert(std::string_view key, std::string sql, std::vector<Binding> bindings) {
  std::unique_ptr<driver::Statement> statement = prepare(sql);
  const bool cached = !index_.contains(key);
  if (cached) make_room();
  List& list = cached ? statements_ : uncached_;
  CachedStatement& entry = list.emplace_front();
  entry.key = key;
  entry.own_size = sql.size();
  entry.sql = std::move(sql);
  entry.bound.resize(bindings.size());
  entry.statement = std::move(statement);
  entry.bindings = std::move(bindings);
  entry.in_use = true;
  entry.cached = cached;
  if (cached) index_.emplace(entry.key, list.begin());
  return entry;
}

CachedStatement& StatementCache::insert_traced(std::string sql, std::vector<Binding> bindings,
                                               const TraceParent& trace) {
  sql.resize(sql.find_last_not_of("; \t\r\n") + 1);
  const std::size_t own_size = sql.size();
  // On a line of its own where the text may end in a comment.
  const bool has_comment = sql.find("--") != std::string::npos || sql.find('#') != std::string::npos;
  sql += has_comment ? "\n/*traceparent='" : " /*traceparent='";
  sql += trace.text();
  sql += "'*/";
  std::unique_ptr<driver::Statement> statement = prepare(sql);
  CachedStatement& entry = uncached_.emplace_front();
  entry.sql = std::move(sql);
  entry.own_size = own_size;
  entry.bound.resize(bindings.size());
  entry.statement = std::move(statement);
  entry.bindings = std::move(bindings);
  entry.in_use = true;
  entry.cached = false;
  return entry;
}

std::unique_ptr<driver::Statement> StatementCache::prepare(std::string& sql) {
  try {
    return connection_.prepare(sql);
  } catch (...) {
    refused_ = std::move(sql);
    throw;
  }
}

std::string StatementCache::refused() noexcept {
  try {
    return detail::fingerprint(dialect_, std::exchange(refused_, {}));
  } catch (const std::exception&) {
    return {};
  }
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
  if (statement.cached) [[likely]] {
    return;
  }
  uncached_.remove_if([&](const CachedStatement& other) { return &other == &statement; });
}

}  // namespace core_lib::sql::detail
