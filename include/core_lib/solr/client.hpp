// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/observability/trace_parent.hpp"
#include "core_lib/solr/client_options.hpp"
#include "core_lib/solr/document.hpp"
#include "core_lib/solr/query.hpp"
#include "core_lib/solr/results.hpp"
#include "core_lib/solr/transport.hpp"
#include "core_lib/solr/update_options.hpp"

namespace core_lib::solr {
namespace detail {
struct Observed;
class RequestWatch;
}  // namespace detail

/// Of Client::terms(): `terms.limit`, where -1 is no limit, and `terms.mincount`.
struct TermsOptions {
  int limit = 10;
  int min_count = 1;
};

/// A file for Solr to take text from, with Tika.
struct Extraction {
  std::string content;             ///< The bytes of the file.
  std::string file_name = "file";  ///< `resource.name`: its ending tells Tika what it might be.
  /// Only returns the text and what is known about the file; off, stores a document with the literals as fields.
  bool only = true;
  /// Such as `literal.id`. They stand in the body, where Jetty, as it comes with Solr, takes 1,000 of them and 200,000
  /// bytes; a name with a quote, a backslash or a control character stands in the address.
  Parameters parameters{};
};

/// What is asked of one core or collection of Solr. A cheap handle: copies share connections.
///
/// Errors: SyntaxError where Solr does not understand what it is asked (bad query, unknown field, handler or core),
/// ConstraintViolation where it refuses a document, VersionConflict, AuthenticationError, ConnectionLost, CommitUnknown
/// where the answer to an update was lost, DeadlineExceeded; Error::native_code() is the status that Solr gave.
/// Messages are Solr's, without the values of documents and queries in them. Thread safety: all functions, from any
/// thread.
class Client {
 public:
  /// Connects at the first request. @throws UsageError, ConfigError  where options make no sense
  explicit Client(ClientOptions options);
  /// Over another transport. `options` need no url.
  explicit Client(std::shared_ptr<Transport> transport, ClientOptions options = {});

  /// The same client, whose calls each end within this time.
  [[nodiscard]] Client within(std::chrono::milliseconds time) const;
  /// The same client, whose requests carry the header `traceparent`, by which Solr's traces join those of the program.
  [[nodiscard]] Client traced(const TraceParent& trace) const;

  // --- Searching ---
  /// Asks the handler of the query, which is `select` unless Query::handler() was told another.
  [[nodiscard]] Results search(const Query& query) const;
  /// The same for a query in Solr's own language, as the program wrote it; see Clause for text of users.
  [[nodiscard]] Results search(std::string_view query) const { return search(Query(query)); }
  /// A query of the JSON Request DSL, as Solr's manual shows it.
  [[nodiscard]] Results search_json(std::string json) const;
  /// Documents by id as they are now, committed or not, from `get`; an id that is not there has none in the results.
  /// @throws UsageError  there is no id, or an empty one
  /// @{
  [[nodiscard]] Results get_by_ids(std::span<const std::string> ids) const;
  [[nodiscard]] Results get_by_id(const std::string& id) const { return get_by_ids({&id, 1}); }
  /// @}

  /// The same as a struct: see Value::as(); nothing where there is no such document. @throws UsageError  an empty id
  template <class T>
  [[nodiscard]] std::optional<T> get(const std::string& id) const {
    const Results results = get_fields(id, mapping::fields_of<T>());
    if (results.empty()) return std::nullopt;
    return results.documents()[0].as<T>();
  }
  /// Documents like the first that fits, by the words in these fields.
  [[nodiscard]] Results more_like_this(const Query& query, std::initializer_list<std::string_view> fields,
                                       std::string_view handler = "mlt") const;
  /// Terms of a field that begin so, with how many documents have each, the commonest first.
  [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> terms(std::string_view field, std::string_view prefix,
                                                                        const TermsOptions& options = {},
                                                                        std::string_view handler = "terms") const;
  /// What a suggester of the configuration makes of the beginning of a text.
  /// @param build  has Solr make the dictionary first, of what is indexed
  [[nodiscard]] std::vector<std::string> suggest(std::string_view dictionary, std::string_view text, int count = 10,
                                                 bool build = false, std::string_view handler = "suggest") const;

  // --- Changing ---
  /// Stores a struct, or several in one request, by the shared mapping; empty optionals are left out. Of several, Solr
  /// stops at the first that it refuses, and keeps those before: see BulkUpdate, and UpdateOptions::chain.
  /// @{
  template <class T>
    requires std::is_aggregate_v<T>
  UpdateReply add(const T& entity, const UpdateOptions& options = {}) const {
    return add_entities(&entity, 1, sizeof(T), mapping::fields_of<T>(), options);
  }
  template <class T>
  UpdateReply add(std::span<const T> entities, const UpdateOptions& options = {}) const {
    return add_entities(entities.data(), entities.size(), sizeof(T), mapping::fields_of<T>(), options);
  }
  template <class T>
  UpdateReply add(const std::vector<T>& entities, const UpdateOptions& options = {}) const {
    return add(std::span<const T>(entities), options);
  }
  /// @}

  /// Stores a document of any fields, or several in one request.
  /// @{
  UpdateReply add(const Document& document, const UpdateOptions& options = {}) const;
  UpdateReply add(std::span<const Document> documents, const UpdateOptions& options = {}) const;
  UpdateReply add(const std::vector<Document>& documents, const UpdateOptions& options = {}) const {
    return add(std::span<const Document>(documents), options);
  }
  /// @}

  /// Changes one stored document, or several in one request. One that is not there is made of the
  /// changed fields, unless AtomicUpdate::version() forbids it.
  /// @{
  UpdateReply update(const AtomicUpdate& change, const UpdateOptions& options = {}) const;
  UpdateReply update(std::span<const AtomicUpdate> changes, const UpdateOptions& options = {}) const;
  /// @}

  /// Deletes by id; an id that is not there is no error. @throws UsageError  there is no id, or an empty one
  /// @{
  UpdateReply remove(std::span<const std::string> ids, const UpdateOptions& options = {}) const;
  UpdateReply remove(const std::string& id, const UpdateOptions& options = {}) const {
    return remove({&id, 1}, options);
  }
  /// @}

  /// Deletes the document where it has this version, which is positive; else VersionConflict. @throws UsageError
  UpdateReply remove_version(const std::string& id, std::int64_t version, const UpdateOptions& options = {}) const;
  /// Deletes by query: all documents that fit, in one command; that none does is no error.
  UpdateReply remove_where(const Clause& clause, const UpdateOptions& options = {}) const;
  /// Makes all updates so far durable and visible.
  UpdateReply commit(const CommitOptions& options = {}) const;
  /// Makes them visible.
  UpdateReply soft_commit() const;
  /// Merges the index into this many segments. Dear.
  UpdateReply optimize(int max_segments = 1) const;
  /// Takes back what was not committed, by anybody. Not in SolrCloud.
  UpdateReply rollback() const;
  /// Posts the file to `extract` below UpdateOptions::handler, so to `/update/extract`, which the core must have.
  /// @throws ConversionError  a parameter is no valid UTF-8
  [[nodiscard]] Reply extract(const Extraction& extraction, const UpdateOptions& options = {}) const;

  // --- Looking after ---
  /// @throws Error  where Solr does not answer well; returns how it did
  Reply ping(std::string_view handler = "admin/ping") const;
  /// What the index knows of its fields.
  [[nodiscard]] Reply luke() const;
  /// The node's `solr-spec-version`, such as "9.7.0", from `admin/info/system`; empty where the answer has none.
  [[nodiscard]] std::string server_version() const;

  /// Anything else: the answer as a tree. @throws Error  where the status is not 2xx
  Reply send(Request request) const;
  /// The same for a request with Request::receive, which takes a good answer.
  /// @param finish  is called when all of it has come, and tells observers how many documents there were; what it
  /// throws is the failure of the request
  void send_streamed(Request request, const std::function<std::size_t()>& finish = {}) const;
  /// Posts what the update handler takes: an array of documents, or commands.
  UpdateReply send_update(std::string body, const UpdateOptions& options, Parameters parameters = {}) const;
  /// Shared by all copies of the client; never null.
  [[nodiscard]] const std::shared_ptr<Transport>& transport() const noexcept { return transport_; }
  /// As the constructor got them, passwords too. Lifetime: as the last copy of the client.
  [[nodiscard]] const ClientOptions& options() const noexcept { return *options_; }

 private:
  UpdateReply add_entities(const void* first, std::size_t count, std::size_t size,
                           std::span<const mapping::Field> fields, const UpdateOptions& options) const;
  UpdateReply send_command(std::string body) const;
  [[nodiscard]] Results get_fields(const std::string& id, std::span<const mapping::Field> fields) const;
  void complete(Request& request) const;
  [[nodiscard]] Response send_checked(Request& request, detail::RequestWatch& watch) const;
  [[nodiscard]] Response send_attempts(const Request& request, detail::RequestWatch& watch, bool& maybe_done) const;
  [[nodiscard]] Results send_search(Request request) const;

  std::shared_ptr<Transport> transport_;
  std::shared_ptr<const ClientOptions> options_;
  std::shared_ptr<detail::Observed> observed_{};  ///< Null where nobody watches.
  std::chrono::milliseconds limit_{0};
  std::optional<TraceParent> trace_{};
};

}  // namespace core_lib::solr
