// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
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
  /// What it read that it had not written.
  [[nodiscard]] const std::vector<std::string>& wrong_answers() const noexcept { return wrong_; }

 private:
  enum class Word { done, not_done, unknown };

  void act();
  void add_some();
  void add_in_bulk();
  void remove_one();
  void increment();
  void read_one();

  [[nodiscard]] Word ask(const std::function<void()>& request);
  [[nodiscard]] Document make(std::size_t number) const;
  /// A document of which it is known that it is stored; the first one where chance finds none.
  [[nodiscard]] std::size_t some_stored();

  const int number_;
  const Client client_;
  std::minstd_rand random_;
  Expected expected_{};
  std::map<std::string, std::size_t> failures_{};
  std::vector<std::string> wrong_{};
  std::atomic<std::size_t> acknowledged_{0};
};

}  // namespace core_lib::solr::soak
