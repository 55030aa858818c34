// SPDX-License-Identifier: Apache-2.0
// error: NotFoundErrorHandler(...)(fn): fn must return what may be missing, such as an optional
#include "core_lib/error/not_found_error_handler.hpp"

void use() {
  core_lib::NotFoundErrorHandler("user {}", 7)([] {});
}
