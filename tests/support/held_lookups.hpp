// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib::support {

/// Holds back the look-ups of "localhost" by all libraries of this program, as a name server would that never answers.
/// They go on when this object is gone. One at a time; the program takes held_lookups.cpp in.
class HeldLookups {
 public:
  /// @param passing  look-ups that are answered before
  explicit HeldLookups(int passing = 0);
  ~HeldLookups();
  HeldLookups(const HeldLookups&) = delete;
  HeldLookups& operator=(const HeldLookups&) = delete;

  /// How many wait now.
  [[nodiscard]] int count() const;
};

/// As long as it lives, "localhost" is another address for all libraries of this program.
class MovedLocalhost {
 public:
  /// @param address  in digits; it outlives this object
  explicit MovedLocalhost(const char* address);
  ~MovedLocalhost();
  MovedLocalhost(const MovedLocalhost&) = delete;
  MovedLocalhost& operator=(const MovedLocalhost&) = delete;
};

}  // namespace core_lib::support
