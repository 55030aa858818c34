// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace core_lib::sql::detail {

/// Refuses a statement that begins or ends a transaction, or a savepoint: the session would no longer know what its
/// commit stands for. Errors: UsageError that names what to call instead.
void refuse_transaction_words(std::string_view sql);

}  // namespace core_lib::sql::detail
