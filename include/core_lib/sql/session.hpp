// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <source_location>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core_lib/observability/deadline.hpp"
#include "core_lib/observability/transaction_event.hpp"
#include "core_lib/pool/lease.hpp"
#include "core_lib/sql/argument.hpp"
#include "core_lib/sql/batch.hpp"
#include "core_lib/sql/cursor.hpp"
#include "core_lib/sql/query/query.hpp"
#include "core_lib/sql/result.hpp"
#include "core_lib/sql/scope_options.hpp"

namespace core_lib {
class SqlConnection;
class SqlConnectionRegistry;
}  // namespace core_lib

namespace core_lib::sql {

namespace detail {
class Database;
struct SessionLink;

/// A function kept for later, without <functional>.
struct Callback {
  virtual ~Callback() = default;
  virtual void run() = 0;
};

/// The transaction that is under way, as an observer knows it.
struct TransactionWatch {
  std::uint64_t id = 0;  // 0: none, or nobody watches
  Deadline::clock::time_point began{};
};
}  // namespace detail

/// Asks Session::add_all() for the keys that the database makes.
struct FillKeys {};
inline constexpr FillKeys fill_keys{};

/// A unit of work on a database. It takes a connection and begins a transaction at its first statement, and gives the
/// connection back when the transaction ends.
///
/// The error of any statement outside a savepoint dooms the transaction, one of a value that does not fit as well:
/// later statements and the commit throw TransactionAborted with that first error, on every engine, until rollback().
/// Thread safety: none; two threads at a time get a UsageError. Lifetime: ends with its connection's scope.
class Session {
 public:
  Session(detail::Database& database, const ScopeOptions& options, Deadline deadline, std::source_location location);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// A question to the table of `Entity`.
  template <class Entity>
  [[nodiscard]] Query<Entity, Entity> query() {
    return Query<Entity, Entity>(*this);
  }

  /// Inserts a row, and returns it with its key: one of 0, where the key is a single integer, is made by the database.
  /// A variable is filled in itself; of one that is const a copy is.
  /// @{
  template <class Entity>
  Entity& add(Entity& entity) {
    insert(detail::table_ref_of<Entity>, &entity);
    return entity;
  }
  template <class Entity>
  Entity add(const Entity& entity) {
    return add(Entity(entity));
  }
  template <class Entity>
    requires(!std::is_lvalue_reference_v<Entity>)
  Entity add(Entity&& entity) {
    insert(detail::table_ref_of<Entity>, &entity);
    return std::move(entity);
  }
  /// @}
  /// Inserts all rows of a contiguous range, many in one statement, and tells how many. Keys that the database makes
  /// are not filled in. PostgreSQL takes long ranges by COPY.
  template <class Range>
  std::size_t add_all(const Range& entities) {
    const std::span rows(entities);
    using Entity = std::remove_const_t<typename decltype(rows)::element_type>;
    return write_all({detail::table_ref_of<Entity>}, const_cast<Entity*>(rows.data()), rows.size(), sizeof(Entity));
  }
  /// The same, and fills in the keys that the database makes: `session.add_all(users, sql::fill_keys)`.
  template <class Range>
  std::size_t add_all(Range& entities, FillKeys) {
    const std::span rows(entities);
    using Entity = typename decltype(rows)::element_type;
    static_assert(!std::is_const_v<Entity>, "core_lib: add_all() cannot fill in the keys of rows that are const");
    return write_all({.table = detail::table_ref_of<Entity>, .fill_keys = true}, rows.data(), rows.size(),
                     sizeof(Entity));
  }
  /// Inserts a row, or writes all fields of the one that is there already: the one with its key or, as in
  /// `upsert<&User::email>(user)`, with the same value in these columns, which are unique together. A key of 0 that the
  /// database makes is filled in, be the row new or not, as by add(). On MariaDB any of the table's unique keys finds
  /// the row. Errors: UsageError where there is neither a key nor a column.
  /// @{
  template <auto... Unique, class Entity>
  Entity& upsert(Entity& entity) {
    upsert_all<Unique...>(&entity, 1, true);
    return entity;
  }
  template <auto... Unique, class Entity>
  Entity upsert(const Entity& entity) {
    return upsert<Unique...>(Entity(entity));
  }
  template <auto... Unique, class Entity>
    requires(!std::is_lvalue_reference_v<Entity>)
  Entity upsert(Entity&& entity) {
    upsert_all<Unique...>(&entity, 1, true);
    return std::move(entity);
  }
  /// @}
  /// The same for all rows of a contiguous range, many in one statement; tells how many they were. Keys are not filled
  /// in. Two rows of the range must not be the same one.
  template <auto... Unique, class Range>
  std::size_t upsert_all(const Range& entities) {
    const std::span rows(entities);
    using Entity = std::remove_const_t<typename decltype(rows)::element_type>;
    return upsert_all<Unique...>(const_cast<Entity*>(rows.data()), rows.size(), false);
  }
  /// Writes all fields of a row that is there already, found by its key. Errors: NotFoundError where it is not.
  template <class Entity>
  void save(const Entity& entity) {
    save_entity(detail::table_ref_of<Entity>, &entity);
  }

  /// Runs one statement as it is written, with a value for each of its placeholders, and reads all of its rows.
  /// Errors: UsageError for a second statement in the text, a wrong number of values, or a statement that begins or
  /// ends a transaction, which the session does itself; SyntaxError.
  template <class... Arguments>
  Result execute(std::string_view sql, const Arguments&... arguments) {
    mapping::Scratch scratch;
    const mapping::Scalar values[sizeof...(Arguments) + 1] = {detail::encode_argument(arguments, scratch)...};
    return Result(detail::Execution(*this, sql, {values, sizeof...(Arguments)}));
  }
  /// Runs the statements of a batch in order, and gives back a result for each. It stops at the first that fails: those
  /// behind it do not run. PostgreSQL gets all of them in one round trip. Errors: as those of its statements.
  std::vector<Result> execute(const Batch& batch);
  /// Runs `body` so that its failure undoes its own work alone: the way to tolerate an expected error. Its exception
  /// passes through; catch it outside. Nesting is fine.
  template <class Body>
  auto savepoint(Body&& body) {
    const std::size_t depth = begin_savepoint();
    try {
      if constexpr (std::is_void_v<decltype(body())>) {
        body();
        release_savepoint(depth);
      } else {
        auto value = body();
        release_savepoint(depth);
        return value;
      }
    } catch (...) {
      roll_back_savepoint(depth);
      throw;
    }
  }

  /// Commits what was done so far; the next statement begins a new transaction. Errors: as the end of the scope; where
  /// it fails the session is doomed until rollback().
  void commit();
  /// Undoes what was done since the last commit, and lifts the doom. Errors: UsageError inside a savepoint().
  void rollback();
  /// The scope will end in a rollback, without an exception.
  void rollback_only() noexcept { rollback_only_ = true; }
  /// Runs `function` once the commit is acknowledged, and not otherwise. An exception of it is logged: the work is
  /// stored by then.
  template <class Function>
  void after_commit(Function&& function) {
    struct Kept final : detail::Callback {
      explicit Kept(Function&& kept) : function(std::forward<Function>(kept)) {}
      void run() override { function(); }
      std::decay_t<Function> function;
    };
    keep_callback(std::make_unique<Kept>(std::forward<Function>(function)));
  }

  /// True from the first statement to the next commit or rollback.
  [[nodiscard]] bool in_transaction() const noexcept { return static_cast<bool>(link_); }

 private:
  friend class detail::Execution;
  friend class core_lib::SqlConnection;
  friend class core_lib::SqlConnectionRegistry;
  class Use;
  class BatchReader;

  void take();
  void let_go() noexcept;
  void end(bool failed);
  void commit_link();
  void commit_transaction();
  void tell_begun() noexcept;
  void tell_ended(TransactionEnd end, Deadline::clock::time_point closing_since,
                  const std::exception_ptr& error) noexcept;
  void run_after_commit();
  void run_callbacks();
  void abandon() noexcept;
  enum class Work { read, any };
  detail::SessionLink& open_link(Work work);
  void doom(std::exception_ptr error) noexcept;
  void refuse_doomed() const;
  void close_executions() noexcept;
  void give_back_link() noexcept;
  void roll_back_link();
  void undo() noexcept;
  std::size_t begin_savepoint();
  void release_savepoint(std::size_t depth);
  void roll_back_savepoint(std::size_t depth) noexcept;
  void insert(const detail::TableRef& table, void* entity);
  struct Write {
    const detail::TableRef& table;
    bool upserts = false;
    bool fill_keys = false;
    std::span<const detail::ColumnRef* const> unique{};  // find the row that is there; none: the key does
  };
  std::size_t write_all(const Write& write, void* entities, std::size_t count, std::size_t stride);
  /// Entities beside each other whose keys the database makes, or all of which bring one.
  struct Run {
    std::byte* first;
    std::size_t count;
    std::size_t stride;
    bool make_key;
    [[nodiscard]] std::byte* entity(std::size_t position) const noexcept { return first + position * stride; }
  };
  void insert_run(const Write& write, const Run& run);
  /// Stores the run, and lengthens it while more of `most` entities belong to it.
  bool load(const mapping::EntityTable& table, Run& run, std::size_t most);
  template <auto... Unique, class Entity>
  std::size_t upsert_all(Entity* entities, std::size_t count, bool fill) {
    static_assert((std::is_same_v<mapping::member_class_t<Unique>, Entity> && ...),
                  "core_lib: upsert() finds rows by columns of the entity itself");
    static constexpr std::array<const detail::ColumnRef*, sizeof...(Unique)> unique{&detail::column_ref_of<Unique>...};
    return write_all({detail::table_ref_of<Entity>, true, fill, unique}, entities, count, sizeof(Entity));
  }
  void save_entity(const detail::TableRef& table, const void* entity);
  template <class Encode>
  auto encode_or_doom(Encode encode);
  void keep_callback(std::unique_ptr<detail::Callback> callback);

  detail::Database& database_;
  ScopeOptions options_;
  Deadline deadline_;
  std::source_location location_;
  Lease<detail::SessionLink> link_;
  detail::Execution* executions_ = nullptr;  // those that are open, the newest first
  std::exception_ptr first_error_;
  std::vector<std::unique_ptr<detail::Callback>> after_commit_;
  std::size_t savepoints_ = 0;
  detail::TransactionWatch transaction_;
  bool begun_ = false;       // the connection is in a transaction of this session
  bool autocommit_ = false;  // it never is: each statement stands for itself
  bool rollback_only_ = false;
  bool ended_ = false;
  std::atomic<const void*> user_{nullptr};  // stands for the thread that holds the session
  std::size_t uses_ = 0;                    // how often it does
};

}  // namespace core_lib::sql
