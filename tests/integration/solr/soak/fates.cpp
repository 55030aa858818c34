// SPDX-License-Identifier: Apache-2.0
#include "integration/solr/soak/fates.hpp"

#include <algorithm>

namespace core_lib::solr::soak {

Word word_of(const Error& error) {
  const bool of_server = error.native_code().size() == 3 && error.native_code()[0] == '5';
  if (error.is_in_doubt() || of_server) return Word::unknown;
  if (dynamic_cast<const ConstraintViolation*>(&error) != nullptr) return Word::refused;
  return error.native_code().size() == 3 ? Word::answered : Word::not_done;
}

Fate fate_after(Word word, std::size_t documents) {
  if (word == Word::done) return Fate::stored;
  if (word == Word::unknown) return Fate::either;
  return word == Word::not_done || documents == 1 ? Fate::absent : Fate::either;
}

Fate fate_after(Outcome::State state) {
  if (state == Outcome::State::stored) return Fate::stored;
  return state == Outcome::State::unknown ? Fate::either : Fate::absent;
}

bool fits_a_refused_document(Word word) { return word != Word::done && word != Word::answered; }

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
