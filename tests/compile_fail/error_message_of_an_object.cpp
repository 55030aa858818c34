// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/not_found_error_handler.hpp"

struct User {};

void use(const User& user) { (void)core_lib::NotFoundErrorHandler("user {}", user); }
