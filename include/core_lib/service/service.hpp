// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib {

/// Marks a class of business rules. It works through data accesses and other services, and knows no data source.
class Service {
 protected:
  Service() = default;
  Service(const Service&) = default;
  Service(Service&&) = default;
  Service& operator=(const Service&) = default;
  Service& operator=(Service&&) = default;
  ~Service() = default;
};

}  // namespace core_lib
