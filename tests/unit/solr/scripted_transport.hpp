// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core_lib/solr/transport.hpp"

namespace core_lib::solr {

/// Answers each request by a function of its number and itself, and keeps the requests.
class ScriptedTransport final : public Transport {
 public:
  using Script = std::function<Response(std::size_t number, const Request& request)>;

  explicit ScriptedTransport(Script script) : script_(std::move(script)) {}

  Response send(const Request& request) override {
    std::size_t number = 0;
    {
      const std::scoped_lock lock(mutex_);
      number = requests_.size();
      requests_.push_back(request);
    }
    return script_(number, request);
  }
  [[nodiscard]] std::string_view name() const noexcept override { return "http://scripted/solr/core0"; }
  [[nodiscard]] std::vector<Request> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  Script script_;
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
};

inline Response json_response(std::string_view json, int status = 200) {
  return {.status = status, .content_type = "application/json", .body = std::string(json), .node = "scripted"};
}

}  // namespace core_lib::solr
