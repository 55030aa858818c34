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

/// Solr answered with a status, so that it has seen the request, and may have stored a part of it: one that was cut in
/// between is a 400.
bool was_seen(const Error& error) { return error.native_code().size() == 3; }

Fate fate_of(const Outcome& outcome) { return outcome.state == Outcome::State::unknown ? Fate::either : Fate::absent; }

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
  switch (random_() % 10) {
    case 0:
      return add_in_bulk();
    case 1:
      return remove_one();
    case 2:
    case 3:
      return increment();
    case 4:
      return read_one();
    default:
      return add_some();
  }
}

Writer::Word Writer::ask(const std::function<void()>& request) {
  try {
    request();
    ++acknowledged_;
    return Word::done;
  } catch (const Error& error) {
    const Failure failure = Failure::of(std::current_exception());
    ++failures_[failure.error_class + (failure.native_code.empty() ? "" : " " + failure.native_code)];
    return error.is_in_doubt() || was_seen(error) ? Word::unknown : Word::not_done;
  }
}

Document Writer::make(std::size_t number) const {
  return Document()
      .set("id", id(number_, number))
      .set("writer_i", number_)
      .set("number_i", number)
      .set("title", "document " + std::to_string(number));
}

void Writer::add_some() {
  std::vector<Document> documents;
  const std::size_t first = expected_.fates.size();
  for (std::size_t i = 0; i <= random_() % 8; ++i) documents.push_back(make(first + i));
  const Word word = ask([&] { client_.add(documents); });
  const Fate fate = word == Word::done ? Fate::stored : word == Word::unknown ? Fate::either : Fate::absent;
  expected_.fates.resize(first + documents.size(), fate);
}

void Writer::add_in_bulk() {
  constexpr std::size_t documents = 40;
  const std::size_t first = expected_.fates.size();
  BulkUpdate bulk(client_, {.batch_documents = 10});
  for (std::size_t i = 0; i < documents; ++i) bulk.add(make(first + i));
  const BulkReport report = bulk.finish();
  expected_.fates.resize(first + documents, Fate::stored);
  for (const Outcome& outcome : report.failures) expected_.fates[first + outcome.number] = fate_of(outcome);
  if (report.not_stored == 0) ++acknowledged_;
  failures_["outcomes of BulkUpdate that are not stored"] += report.not_stored;
}

std::size_t Writer::some_stored() {
  const std::size_t any = random_() % expected_.fates.size();
  return expected_.fates[any] == Fate::stored ? any : 0;
}

void Writer::remove_one() {
  if (expected_.fates.empty()) return;
  const std::size_t document = some_stored();
  if (expected_.fates[document] != Fate::stored) return;
  const Word word = ask([&] { client_.remove(id(number_, document)); });
  if (word == Word::done) expected_.fates[document] = Fate::absent;
  if (word == Word::unknown) expected_.fates[document] = Fate::either;
}

void Writer::increment() {
  const Word word = ask([&] { client_.update(AtomicUpdate(counter_id(number_)).increment("count_i", 1)); });
  if (word == Word::done) ++expected_.least_count;
  if (word != Word::not_done) ++expected_.most_count;
}

void Writer::read_one() {
  if (expected_.fates.empty()) return;
  const std::size_t document = some_stored();
  (void)ask([&] {
    // Solr may not find it while it replays its log after a crash: what is missing shows in the end.
    const auto found = client_.get_by_id(id(number_, document));  // its values are views
    for (const Value read : found.documents()) {
      if (read["id"].text() == id(number_, document) && read["number_i"].integer() == std::int64_t(document)) continue;
      wrong_.push_back("asked for " + id(number_, document) + ", got " + read.json());
    }
  });
}

}  // namespace core_lib::solr::soak
