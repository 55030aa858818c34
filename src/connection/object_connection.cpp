// SPDX-License-Identifier: Apache-2.0
#include "core_lib/connection/object_connection.hpp"

#include <string>

#include "core_lib/connection/object_connection_registry.hpp"
#include "core_lib/error/error.hpp"

namespace core_lib::detail {

void throw_connection_misuse() {
  throw UsageError("a connection serves one scope: call enter() once, then exit() once; get() gives the next one");
}

void throw_no_client() { throw UsageError("the open callback of an object registry returned no object"); }

void throw_no_object() { throw UsageError("an object registry was made with a null object"); }

void throw_registry_closed(std::string_view name) {
  throw UsageError("cannot open a scope: the registry \"" + std::string(name) + "\" is closed");
}

}  // namespace core_lib::detail
