// SPDX-License-Identifier: Apache-2.0
#include "integration/solr/soak/writer.hpp"

#include <chrono>
#include <thread>

#include "core_lib/error/error.hpp"
#include "core_lib/observability/failure.hpp"
#include "core_lib/solr/bulk_update.hpp"

namespace core_lib::solr::soak {
namespace {

// So that ten minutes make a million documents and not ten.
constexpr std::chrono::milliseconds pause_between_requests{10};

}  // namespace

Writer::Writer(int number, Client client, unsigned seed) : number_(number), client_(std::move(client)), random_(seed) {}

void Writer::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    act();
    std::this_thread::sleep_for(pause_between_requests);
  }
}

std::string Writer::id(int writer, std::size_t document) {
  return std::to_string(writer) + "-" + std::to_string(document);
}

void Writer::act() {
  switch (random_() % 11) {
    case 0:
      return add_in_bulk();
    case 1:
      return remove_one();
    case 2:
    case 3:
      return increment();
    case 4:
      return read_one();
    case 5:
      return add_refused();
    default:
      return add_some();
  }
}

Word Writer::ask(const std::function<void()>& request) {
  try {
    request();
    ++acknowledged_;
    return Word::done;
  } catch (const Error& error) {
    const Failure failure = Failure::of(std::current_exception());
    ++failures_[failure.error_class + (failure.native_code.empty() ? "" : " " + failure.native_code)];
    return word_of(error);
  }
}

Document Writer::make(std::size_t number) const {
  return Document()
      .set("id", id(number_, number))
      .set("writer_i", number_)
      .set("number_i", number)
      .set("title", "document " + std::to_string(number));
}

Document Writer::make_refused(std::size_t number) const { return make(number).set("popularity", "not a number"); }

void Writer::keep(std::size_t documents, Fate fate, bool idempotent) {
  expected_.fates.resize(expected_.fates.size() + documents, fate);
  idempotent_.resize(expected_.fates.size(), idempotent);
}

void Writer::add_some() {
  std::vector<Document> documents;
  const std::size_t first = expected_.fates.size();
  for (std::size_t i = 0; i <= random_() % 8; ++i) documents.push_back(make(first + i));
  const bool idempotent = by_chance(3);
  const Word word = ask([&] { client_.add(documents, {.idempotent = idempotent}); });
  keep(documents.size(), fate_after(word, documents.size()), idempotent);
}

void Writer::add_refused() {
  const std::size_t number = expected_.fates.size();
  const Word word = ask([&] { client_.add(make_refused(number)); });
  keep(1, Fate::absent);
  if (word == Word::refused) ++acknowledged_;
  if (!fits_a_refused_document(word)) wrong_.push_back("no refusal of document " + std::to_string(number));
}

void Writer::add_in_bulk() {
  constexpr std::size_t documents = 40;
  const std::size_t first = expected_.fates.size();
  const UpdateOptions options{.chain = by_chance(2) ? "tolerant" : "", .idempotent = by_chance(3)};
  std::vector<bool> refused(documents);
  std::vector<Outcome::State> states(documents, Outcome::State::stored);
  BulkUpdate bulk(client_, {.batch_documents = 10, .update = options});
  for (std::size_t i = 0; i < documents; ++i) {
    refused[i] = by_chance(20);
    bulk.add(refused[i] ? make_refused(first + i) : make(first + i));
  }
  const BulkReport report = bulk.finish();
  for (const Outcome& outcome : report.failures) states[outcome.number] = outcome.state;
  bool all_said = true;
  for (std::size_t i = 0; i < documents; ++i) {
    keep(1, refused[i] ? Fate::absent : fate_after(states[i]), options.idempotent);
    all_said &= states[i] == (refused[i] ? Outcome::State::refused : Outcome::State::stored);
    if (refused[i] && states[i] == Outcome::State::stored) {
      wrong_.push_back("no refusal of document " + std::to_string(first + i) + " in bulk");
    }
  }
  if (all_said) ++acknowledged_;
  failures_["outcomes of BulkUpdate that are not stored"] += report.not_stored;
}

std::optional<std::size_t> Writer::some_stored() {
  if (expected_.fates.empty()) return std::nullopt;
  const std::size_t any = random_() % expected_.fates.size();
  return expected_.fates[any] == Fate::stored ? std::optional(any) : std::nullopt;
}

void Writer::remove_one() {
  const std::optional<std::size_t> document = some_stored();
  // The first attempt at an idempotent update may arrive after the second one, and after this.
  if (!document || idempotent_[*document]) return;
  const Word word = ask([&] { client_.remove(id(number_, *document)); });
  if (word == Word::done) expected_.fates[*document] = Fate::absent;
  if (word == Word::unknown) expected_.fates[*document] = Fate::either;
}

void Writer::increment() {
  const Word word = ask([&] { client_.update(AtomicUpdate(counter_id(number_)).increment("count_i", 1)); });
  if (word == Word::done) ++expected_.least_count;
  if (fate_after(word, 1) != Fate::absent) ++expected_.most_count;
}

void Writer::read_one() {
  const std::optional<std::size_t> document = some_stored();
  if (!document) return;
  (void)ask([&] {
    // Solr may not find it while it replays its log after a crash: what is missing shows in the end.
    const auto found = client_.get_by_id(id(number_, *document));  // its values are views
    for (const Value read : found.documents()) {
      if (read["id"].text() == id(number_, *document) && read["number_i"].integer() == std::int64_t(*document))
        continue;
      wrong_.push_back("asked for " + id(number_, *document) + ", got " + read.json());
    }
  });
}

}  // namespace core_lib::solr::soak
