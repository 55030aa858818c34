// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/failure.hpp"

#include <cstdlib>
#include <memory>
#include <string_view>
#include <typeinfo>

#include <cxxabi.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

std::string class_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> demangled(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                         &std::free);
  std::string name = status == 0 ? demangled.get() : type.name();
  constexpr std::string_view own = "core_lib::";
  if (name.starts_with(own)) name.erase(0, own.size());
  return name;
}

}  // namespace

Failure Failure::of(const std::exception_ptr& error) noexcept {
  if (!error) return {};
  try {
    try {
      std::rethrow_exception(error);
    } catch (const Error& known) {
      return {class_name(typeid(known)), known.native_code()};
    } catch (const std::exception& other) {
      return {class_name(typeid(other)), {}};
    } catch (...) {
      return {"unknown", {}};
    }
  } catch (...) {
    return {"bad_alloc", {}};  // short enough to need no memory
  }
}

}  // namespace core_lib
