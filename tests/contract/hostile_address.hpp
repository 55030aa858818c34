// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/config/instantiate_config.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"

namespace core_lib::contract {

/// Each part of an address, in words of YAML.
using Address = std::map<std::string, std::string>;

inline std::shared_ptr<SqlConnectionRegistry> connect_to(const Address& address, const std::string& options = "") {
  std::string yaml;
  for (const auto& [key, value] : address) yaml += (yaml.empty() ? "" : ", ") + key + ": " + value;
  return instantiate_config<SqlConnectionRegistry>(
      Config::parse("{url: {" + yaml + "}, options: {" + options + "}}", "app.yaml"));
}

/// A password of every character that can be typed, and a few more.
inline std::string every_character() {
  std::string text;
  for (char c = ' '; c <= '~'; ++c) text += c;
  return text + "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x88";
}
/// Between quotes, which are doubled within.
inline std::string quoted(const std::string& text) {
  std::string made = "'";
  for (const char c : text) made += c == '\'' ? std::string("''") : std::string(1, c);
  return made + "'";
}

/// Puts text into each part that would mean something to a program that takes addresses apart, or that ends early.
/// There is no such user, host or database: each is refused, with one error that holds no password.
inline void expect_hostile_parts_refused(const Address& good) {
  ASSERT_NO_THROW((void)connect_to(good));
  const std::pair<const char*, const char*> parts[] = {
      {"username", R"("app' host=127.0.0.2 user='app")"},
      {"username", R"("app\0")"},
      {"username", R"("app@elsewhere")"},
      {"password", R"("secret\0")"},
      {"password", R"("secret' sslmode='disable")"},
      {"password", R"("secret%s\\")"},
      {"host", R"("127.0.0.1 user=app")"},
      {"host", R"("127.0.0.1\0.example")"},
      {"host", R"("app:secret@127.0.0.1")"},
      {"host", R"("127.0.0.1/../..")"},
      {"host", R"("localhost;DROP TABLE users")"},
      {"port", R"("1 user=app")"},
      {"port", R"("0x1F")"},
      {"port", R"("-1")"},
      {"port", R"("1;")"},
      {"file", R"("postgresql://app:secret@127.0.0.1/postgres")"},
      {"file", R"("host=127.0.0.1 dbname=postgres user=app")"},
      {"file", R"("app?ssl-mode=disabled")"},
      {"file", R"("app\0")"},
      {"file", R"("app'; DROP TABLE users; --")"},
      {"file", R"("app`; DROP DATABASE app; #")"},
      {"protocol", R"("sqlite:///etc/passwd")"},
  };
  for (const auto& [part, text] : parts) {
    SCOPED_TRACE(std::string(part) + " " + text);
    Address bad = good;
    bad[part] = text;
    try {
      (void)connect_to(bad);
      ADD_FAILURE() << "it connected";
    } catch (const Error& error) {
      // A database that is not there is named.
      const bool repeats = part == std::string("file") && bad.at(part).find("secret") != std::string::npos;
      EXPECT_EQ(std::string(error.what()).find("secret") != std::string::npos, repeats) << error.what();
    }
  }
}

}  // namespace core_lib::contract
