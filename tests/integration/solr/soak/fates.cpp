// SPDX-License-Identifier: Apache-2.0
#include "integration/solr/soak/fates.hpp"

#include <algorithm>

namespace core_lib::solr::soak {

std::vector<std::string> violations_of(const Expected& expected, const Found& found) {
  std::vector<std::string> violations;
  const std::size_t documents = std::max(expected.fates.size(), found.copies.size());
  for (std::size_t i = 0; i < documents; ++i) {
    const int copies = i < found.copies.size() ? found.copies[i] : 0;
    const Fate fate = i < expected.fates.size() ? expected.fates[i] : Fate::absent;
    const std::string document = "document " + std::to_string(i);
    if (copies > 1) violations.push_back(document + " is there " + std::to_string(copies) + " times");
    if (copies == 0 && fate == Fate::stored) violations.push_back(document + " was acknowledged and is missing");
    if (copies > 0 && fate == Fate::absent) violations.push_back(document + " is there, which should not be stored");
  }
  if (found.count < expected.least_count || found.count > expected.most_count) {
    violations.push_back("the counter is " + std::to_string(found.count) + ", not from " +
                         std::to_string(expected.least_count) + " to " + std::to_string(expected.most_count));
  }
  return violations;
}

}  // namespace core_lib::solr::soak
