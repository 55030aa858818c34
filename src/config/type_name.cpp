// SPDX-License-Identifier: Apache-2.0
#include "config/type_name.hpp"

#include <cstdlib>
#include <memory>

#include <cxxabi.h>

namespace core_lib::config {

std::string type_name(std::type_index type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                    &std::free);
  return status == 0 ? name.get() : type.name();
}

}  // namespace core_lib::config
