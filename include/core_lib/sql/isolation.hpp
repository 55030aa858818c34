// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib {

/// How far a transaction is kept apart from others. An engine may give more than was asked for, never less.
enum class Isolation { engine_default, read_committed, repeatable_read, serializable };

}  // namespace core_lib
