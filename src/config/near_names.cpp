// SPDX-License-Identifier: Apache-2.0
#include "config/near_names.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "config/ascii.hpp"

namespace core_lib::config {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t least_prefix = 5;  // of a name that was not written to its end
constexpr std::size_t most_compared = 1000;
constexpr std::size_t most_suggested = 3;
constexpr std::size_t most_listed = 10;

// Edits (insert, remove, replace, swap of neighbours) from one name to the other, without regard to case.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::vector<std::string_view> nearest(std::string_view wrong, const std::vector<std::string>& known) {
  std::vector<std::pair<std::size_t, std::size_t>> candidates;  // distance and position
  if (wrong.size() > longest_name) return {};
  const std::size_t allowed = std::max<std::size_t>(1, wrong.size() / 3);
  for (std::size_t i = 0; i < std::min(known.size(), most_compared); ++i) {
    const std::string_view name = known[i];
    if (name.size() > longest_name) continue;
    const std::size_t length_gap = std::max(name.size(), wrong.size()) - std::min(name.size(), wrong.size());
    if (wrong.size() >= least_prefix && name.starts_with(wrong)) {
      candidates.emplace_back(length_gap, i);
    } else if (length_gap <= allowed) {
      if (const std::size_t edits = distance(wrong, name); edits <= allowed) candidates.emplace_back(edits, i);
    }
  }
  std::sort(candidates.begin(), candidates.end());
  std::vector<std::string_view> names;
  for (const auto& [edits, position] : candidates) {
    if (names.size() < most_suggested) names.push_back(known[position]);
  }
  return names;
}

}  // namespace

std::string suggest(std::string_view wrong, const std::vector<std::string>& known) {
  std::string text;
  const auto near = nearest(wrong, known);
  for (const std::string_view name : near) {
    text += text.empty() ? "; did you mean '" : " or '";
    text.append(name).append("'");
  }
  if (!near.empty()) return text + "?";
  for (std::size_t i = 0; i < std::min(known.size(), most_listed); ++i) {
    text += (i == 0 ? "; known: " : ", ") + known[i];
  }
  return known.size() > most_listed ? text + ", ..." : text;
}

}  // namespace core_lib::config
