// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

/// The names in another language, as gettext keeps them.
class Translations {
 public:
  /// Reads LOCALES/LANGUAGE/LC_MESSAGES/DOMAIN.mo; without such a file nothing is translated.
  /// Errors: core_lib::Error where the file is damaged.
  Translations(const std::string& locales, const std::string& language, const std::string& domain);

  [[nodiscard]] std::optional<std::string> find(const std::string& text) const;

 private:
  std::map<std::string, std::string> texts_;
};
