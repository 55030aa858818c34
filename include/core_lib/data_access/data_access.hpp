// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib {

/// Marks a class that reads and writes one kind of thing. It owns or shares the registries it works through, opens a
/// scope in each of its functions, and returns plain values.
class DataAccess {
 protected:
  DataAccess() = default;
  DataAccess(const DataAccess&) = default;
  DataAccess(DataAccess&&) = default;
  DataAccess& operator=(const DataAccess&) = default;
  DataAccess& operator=(DataAccess&&) = default;
  ~DataAccess() = default;
};

}  // namespace core_lib
