// SPDX-License-Identifier: Apache-2.0
// What each way to consume core_lib builds and runs.
#include <iostream>

#include "core_lib/error/error.hpp"

int main() {
  const core_lib::NotFoundError missing{"user 7"};
  std::cout << missing.status_code() << '\n';
  return missing.status_code() == 404 ? 0 : 1;
}
