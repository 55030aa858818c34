// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib {

/// Hears of the life of a CoreLib: see CoreLib::attach().
class CoreLibListener {
 public:
  virtual ~CoreLibListener() = default;

  /// CoreLib::start() runs. Errors: what this throws stops the start, and start() throws it on.
  virtual void on_ready() {}
  /// The CoreLib ends; its data sources still work. Errors: what this throws is logged.
  virtual void on_destroy() {}
};

}  // namespace core_lib
