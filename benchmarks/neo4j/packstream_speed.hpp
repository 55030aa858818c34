// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace benchmarks {

/// Reports how fast PackStream is written and read in memory.
void measure_packstream();

}  // namespace benchmarks
