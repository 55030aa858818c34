// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib {

/// What a scope intends to do. A reading scope may be served by readers that never wait for a writer.
enum class Access { read_write, read_only };

inline constexpr Access read_write = Access::read_write;
inline constexpr Access read_only = Access::read_only;

}  // namespace core_lib
