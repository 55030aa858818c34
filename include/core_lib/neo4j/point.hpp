// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace core_lib::neo4j {

/// A place in two or three dimensions. Cypher's POINT.
struct Point {
  std::int32_t srid = 7203;     ///< The coordinate system: 7203 and 9157 are cartesian, 4326 and 4979 are WGS 84.
  std::int32_t dimensions = 2;  ///< 2 or 3.
  double x = 0;
  double y = 0;
  double z = 0;  ///< Means nothing in two dimensions.
  bool operator==(const Point&) const = default;

  /// A place on a plane or in space.
  /// @{
  [[nodiscard]] static constexpr Point cartesian(double x, double y) noexcept { return {7203, 2, x, y, 0}; }
  [[nodiscard]] static constexpr Point cartesian(double x, double y, double z) noexcept { return {9157, 3, x, y, z}; }
  /// @}
  /// A place on earth: degrees, and metres of height.
  /// @{
  [[nodiscard]] static constexpr Point wgs84(double longitude, double latitude) noexcept {
    return {4326, 2, longitude, latitude, 0};
  }
  [[nodiscard]] static constexpr Point wgs84(double longitude, double latitude, double height) noexcept {
    return {4979, 3, longitude, latitude, height};
  }
  /// @}
};

}  // namespace core_lib::neo4j
