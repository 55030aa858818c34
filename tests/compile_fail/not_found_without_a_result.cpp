// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/not_found_error_handler.hpp"

void use() {
  core_lib::NotFoundErrorHandler("user {}", 7)([] {});
}
