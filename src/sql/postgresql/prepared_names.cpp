// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/prepared_names.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace core_lib::sql::postgresql {
namespace {

/// Two lanes of 64 bits with different multipliers: together no two texts of a program meet.
class Hash {
 public:
  void add(std::string_view bytes) noexcept {
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      first_ = (first_ ^ byte) * 0x100000001B3U;  // FNV-1a
      second_ = (second_ + byte + 1) * 0x9E3779B97F4A7C15U;
      second_ ^= second_ >> 29U;
    }
  }
  [[nodiscard]] std::string text() const {
    constexpr char digits[] = "0123456789abcdef";
    std::string text = "core_lib_";
    for (const std::uint64_t lane : {first_, second_}) {
      for (unsigned shift = 64; shift != 0; shift -= 4) text += digits[(lane >> (shift - 4)) & 0xFU];
    }
    return text;
  }

 private:
  std::uint64_t first_ = 0xCBF29CE484222325U;
  std::uint64_t second_ = 0x2545F4914F6CDD1DU;
};

}  // namespace

std::string prepared_name(std::string_view sql, std::span<const Oid> types) {
  Hash hash;
  hash.add(sql);
  for (const Oid type : types) hash.add('\0' + std::to_string(type));
  return hash.text();
}

const bool& PreparedNames::use(const std::string& name) {
  Use& use = uses_[name];
  if (use.count++ != 0) return use.prepared;
  const auto unused = std::find(unused_.begin(), unused_.end(), name);
  if (unused != unused_.end()) {
    unused_.erase(unused);
    use.prepared = true;
  }
  return use.prepared;
}

void PreparedNames::discard(const std::string& name) {
  forget(name);
  unused_.push_back(name);
}

void PreparedNames::release(const std::string& name) {
  const auto found = uses_.find(name);
  if (--found->second.count != 0) return;
  if (found->second.prepared) unused_.push_back(name);
  uses_.erase(found);
}

bool PreparedNames::is_prepared(const std::string& name) const {
  const auto found = uses_.find(name);
  return found != uses_.end() && found->second.prepared;
}

void PreparedNames::forget(const std::string& name) {
  const auto found = uses_.find(name);
  if (found != uses_.end()) found->second.prepared = false;
}

void PreparedNames::forget_all() noexcept {
  for (auto& [name, use] : uses_) use.prepared = false;
  unused_.clear();
}

std::vector<std::string> PreparedNames::take_unused() noexcept { return std::exchange(unused_, {}); }

}  // namespace core_lib::sql::postgresql
