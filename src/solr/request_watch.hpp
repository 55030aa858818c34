// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "core_lib/observability/observer.hpp"
#include "core_lib/solr/request.hpp"

namespace core_lib::solr::detail {

/// What all copies of a client share where somebody watches.
struct Observed {
  std::shared_ptr<Observer> observer;
  std::string source;  ///< As the name of a registry: "solr http://localhost:8983/solr/core0".
  std::atomic<std::uint64_t> last_id{0};
};

/// Handler and names of parameters, with `?` for the values: "select?q=?&rows=?". Of what is posted only its shape:
/// "update [...]" for documents, "update {delete}" for a command.
[[nodiscard]] std::string fingerprint(const Request& request);

/// One request from its start to the end of its answer, with all attempts.
class RequestWatch {
 public:
  /// @param observed  null where nobody watches
  RequestWatch(Observed* observed, const Request& request);

  [[nodiscard]] bool watches() const noexcept { return observed_ != nullptr; }
  void tried() noexcept { ++http_.attempts; }
  void answered(const Response& response);
  void ended(std::uint64_t rows, std::chrono::milliseconds server_time) noexcept;
  void failed(const std::exception_ptr& error) noexcept;

 private:
  void tell(QueryOutcome outcome) noexcept;

  Observed* observed_;
  std::string statement_{};
  std::string node_{};
  HttpExchange http_{};
  std::uint64_t id_ = 0;
  std::chrono::steady_clock::time_point since_{};
};

}  // namespace core_lib::solr::detail
