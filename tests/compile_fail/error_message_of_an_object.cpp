// SPDX-License-Identifier: Apache-2.0
// error: an argument of an error message must be a number, a bool, an enum or text
#include "core_lib/error/not_found_error_handler.hpp"

struct User {};

void use(const User& user) { (void)core_lib::NotFoundErrorHandler("user {}", user); }
