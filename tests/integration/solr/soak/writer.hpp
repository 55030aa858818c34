// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <vector>

#include "core_lib/solr/client.hpp"

#include "integration/solr/soak/fates.hpp"

namespace core_lib::solr::soak {

/// Stores, changes, removes and reads documents of its own, and keeps what the library says of each.
/// Thread safety: none but acknowledged().
class Writer {
 public:
  Writer(int number, Client client, unsigned seed);

  /// Works until it is stopped.
  void run(const std::stop_token& stop);

  [[nodiscard]] static std::string id(int writer, std::size_t document);
  [[nodiscard]] static std::string counter_id(int writer) { return "counter-" + std::to_string(writer); }

  /// How many requests of it were answered well. From any thread.
  [[nodiscard]] std::size_t acknowledged() const noexcept { return acknowledged_; }
  [[nodiscard]] const Expected& expected() const noexcept { return expected_; }
  /// By class and code: how many requests failed so.
  [[nodiscard]] const std::map<std::string, std::size_t>& failures() const noexcept { return failures_; }
  /// What it read that it had not written, and what it was told that cannot be.
  [[nodiscard]] const std::vector<std::string>& wrong_answers() const noexcept { return wrong_; }

 private:
  void act();
  void add_some();
  void add_refused();
  void add_in_bulk();
  void remove_one();
  void increment();
  void read_one();

  [[nodiscard]] Word ask(const std::function<void()>& request);
  [[nodiscard]] Document make(std::size_t number) const;
  [[nodiscard]] Document make_refused(std::size_t number) const;
  /// Keeps what became of the next documents.
  void keep(std::size_t documents, Fate fate, bool idempotent = false);
  [[nodiscard]] bool by_chance(unsigned one_in) { return random_() % one_in == 0; }
  /// A document of which it is known that it is stored; nothing where chance finds none.
  [[nodiscard]] std::optional<std::size_t> some_stored();

  const int number_;
  const Client client_;
  std::minstd_rand random_;
  Expected expected_{};
  std::vector<bool> idempotent_{};  ///< Which documents an update of theirs may have sent twice.
  std::map<std::string, std::size_t> failures_{};
  std::vector<std::string> wrong_{};
  std::atomic<std::size_t> acknowledged_{0};
};

}  // namespace core_lib::solr::soak
