// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/server_failure.hpp"

#include "neo4j/bolt/version.hpp"

namespace core_lib::neo4j {

/// Lets an error of any class carry what the server said.
class CarriesFailure {
 public:
  explicit CarriesFailure(std::shared_ptr<const ServerFailure> failure) : failure_(std::move(failure)) {}
  virtual ~CarriesFailure() = default;
  [[nodiscard]] const std::shared_ptr<const ServerFailure>& failure() const noexcept { return failure_; }

 protected:
  CarriesFailure(const CarriesFailure&) = default;
  CarriesFailure& operator=(const CarriesFailure&) = default;

 private:
  std::shared_ptr<const ServerFailure> failure_;
};

/// An error of core_lib that came from the server.
template <class Base>
class ServerError final : public Base, public CarriesFailure {
 public:
  ServerError(const std::string& message, ErrorDetails details, std::shared_ptr<const ServerFailure> failure)
      : Base(message, std::move(details)), CarriesFailure(std::move(failure)) {}
};

/// Where a failure came up: at a commit, an error that has no class of its own is a CommitFailed.
enum class FailedAt { statement, commit };

/// The class and the properties that fit the server's code.
[[nodiscard]] std::exception_ptr error_of(std::shared_ptr<const ServerFailure> failure,
                                          FailedAt where = FailedAt::statement, bool handled_by_auth = false);

namespace bolt {
/// What FAILURE tells. Servers before 5.7 tell no GQL status: it is made up as the drivers of Neo4j do it.
[[nodiscard]] std::shared_ptr<const ServerFailure> read_failure(const Map& metadata, Features features);
}  // namespace bolt

}  // namespace core_lib::neo4j
