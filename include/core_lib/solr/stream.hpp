// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <type_traits>

#include "core_lib/solr/client.hpp"

namespace core_lib::solr {

/// How the documents of a stream are fetched. The stream throws UsageError where `page` is below 1.
struct StreamOptions {
  int page = 1'000;               ///< Documents of each request.
  std::string unique_key = "id";  ///< The sort must end with it; it is added where it is missing.
};

/// All documents that a query finds, page by page over a cursor, with the memory of one page.
///
/// ```cpp
/// for (const solr::Value document : solr::DocumentStream(client, solr::Query("title:doc")))
/// use(document["id"].text());
/// ```
/// Documents that are added meanwhile are met where they sort behind; none is met twice. Walk it once. A page that is
/// partial, as of Query::time_allowed(), is a DeadlineExceeded: none is left out in silence.
/// Thread safety: none. Lifetime: a document is valid until the next one.
class DocumentStream {
 public:
  using is_scope_bound = void;

  /// Walks once, up to end(); all of a stream stand at the same document. Lifetime: the stream outlives it.
  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = Value;

    explicit Iterator(DocumentStream* stream = nullptr) noexcept : stream_(stream) {}
    [[nodiscard]] Value operator*() const noexcept { return *stream_->at_; }
    Iterator& operator++() {
      stream_->advance();
      return *this;
    }
    void operator++(int) { ++*this; }
    [[nodiscard]] bool operator==(std::default_sentinel_t) const noexcept { return stream_->done(); }

   private:
    DocumentStream* stream_;
  };

  DocumentStream(Client client, const Query& query, const StreamOptions& options = {});
  DocumentStream(const DocumentStream&) = delete;
  DocumentStream& operator=(const DocumentStream&) = delete;

  /// Asks for the first page.
  [[nodiscard]] Iterator begin();
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }
  /// How many documents the query finds, known from the first page on.
  [[nodiscard]] std::int64_t found() const noexcept { return found_; }

 private:
  void advance();
  void fetch();
  [[nodiscard]] bool done() const noexcept { return at_ == end_; }

  Client client_;
  Request request_;
  std::string mark_ = "*";
  std::optional<Results> page_{};
  std::int64_t found_ = 0;
  Value::Iterator at_{};
  Value::Iterator end_{};
};

/// The same as structs. The one that an iterator gives is valid until the next. Only the fields of the struct are asked
/// for, unless the query names others.
template <class T>
class EntityStream {
 public:
  using is_scope_bound = void;

  /// Walks once, up to end(); all of a stream stand at the same document. Lifetime: the stream outlives it.
  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = T;

    explicit Iterator(EntityStream* stream = nullptr) noexcept : stream_(stream) {}
    [[nodiscard]] const T& operator*() const noexcept { return stream_->current_; }
    Iterator& operator++() {
      ++stream_->at_;
      stream_->read();
      return *this;
    }
    void operator++(int) { ++*this; }
    [[nodiscard]] bool operator==(std::default_sentinel_t end) const noexcept { return stream_->at_ == end; }

   private:
    EntityStream* stream_;
  };

  EntityStream(Client client, const Query& query, const StreamOptions& options = {})
      : documents_(std::move(client), with_fields(query), options) {}

  [[nodiscard]] Iterator begin() {
    at_ = documents_.begin();
    read();
    return Iterator(this);
  }
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return {}; }

 private:
  static Query with_fields(Query query) {
    if (!query.parameters().contains("fl")) query.fields_of<T>();
    return query;
  }
  void read() {
    if (at_ == std::default_sentinel) return;
    if constexpr (std::is_copy_assignable_v<T>) {
      current_ = blank_;  // so that texts and lists keep their memory
    } else {
      current_ = T{};
    }
    (*at_).decode(mapping::fields_of<T>(), &current_, hint_);
  }

  DocumentStream documents_;
  DocumentStream::Iterator at_{};
  const T blank_{};
  T current_{};
  std::size_t hint_ = 0;
};

/// Hands each document of one answer over as it arrives, so that a long page takes the memory of a short one. Nothing
/// else of the answer is read; one that is partial is a DeadlineExceeded, as above. The answer has the client's format,
/// whatever `wt` the query names.
/// @param receive  gets documents that are valid during the call; what it throws ends the request and reaches the
/// caller
/// @returns how many there were
std::size_t receive_documents(const Client& client, const Query& query, const std::function<void(Value)>& receive);

/// The same for Solr's export: all that a query finds, sorted, without scores, and only of fields with docValues. The
/// query needs a sort and fields.
std::size_t export_documents(const Client& client, const Query& query, const std::function<void(Value)>& receive);

namespace detail {

/// The struct that documents are read into, one after the other.
struct EntitySink {
  std::span<const mapping::Field> fields;
  std::function<void*()> begin;  ///< Gives a new one, in place of the one before.
  std::function<void()> end;     ///< It has all that the document has for it.
};

std::size_t export_entities(const Client& client, const Query& query, const EntitySink& sink);

}  // namespace detail

/// The same as structs.
template <class T, class Receive>
std::size_t export_entities(const Client& client, const Query& query, Receive&& receive) {
  std::optional<T> entity;
  return detail::export_entities(
      client, query,
      {mapping::fields_of<T>(), [&] { return &entity.emplace(); }, [&] { receive(*std::move(entity)); }});
}

}  // namespace core_lib::solr
