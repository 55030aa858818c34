// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/error.hpp"

#include <utility>

namespace core_lib {

struct Error::State {
  ErrorDetails details;
  std::source_location location;
  std::vector<std::string> suppressed;
  bool in_doubt = false;
};

Error::Error(const std::string& message, ErrorDetails details, std::source_location location)
    : Error(message, std::move(details), 500, location) {}

Error::Error(const std::string& message, ErrorDetails details, int default_status, std::source_location location)
    : std::runtime_error(message) {
  if (details.status_code == 0) details.status_code = default_status;
  state_ = std::make_shared<State>(State{std::move(details), location, {}, false});
}

int Error::status_code() const noexcept { return state_->details.status_code; }
bool Error::is_retryable() const noexcept { return state_->details.retryable && !is_in_doubt(); }
bool Error::breaks_connection() const noexcept { return state_->details.breaks_connection; }
bool Error::is_in_doubt() const noexcept { return state_->in_doubt; }
const std::string& Error::native_code() const noexcept { return state_->details.native_code; }
std::exception_ptr Error::cause() const noexcept { return state_->details.cause; }
const std::source_location& Error::location() const noexcept { return state_->location; }

void Error::set_in_doubt() noexcept { state_->in_doubt = true; }
void Error::add_suppressed(std::string message) { state_->suppressed.push_back(std::move(message)); }
const std::vector<std::string>& Error::suppressed() const noexcept { return state_->suppressed; }

}  // namespace core_lib
