// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "core_lib/mapping/civil_time.hpp"

#include "solr/json/javabin_scalar.hpp"
#include "solr/json/scalar_json.hpp"
#include "solr/json/tree.hpp"

namespace core_lib::solr::detail {

/// Version 2 of Solr's binary format, into the same tree that JSON gives: dates become texts, lists of names objects.
/// A position is handed on and given back, so that it stays in a register: a node that is written could change it.
class JavabinReader {
 public:
  /// The bytes cannot be read, or not yet.
  struct Malformed {
    bool cut_short = false;
  };
  /// What follows of an object or an array: so many, or all up to an end.
  struct Members {
    std::size_t left = 0;
    bool counted = false;
  };

  /// So many of the shared texts have their number in the byte that announces them.
  static constexpr std::size_t short_names = 0x1E;

  explicit JavabinReader(Tree& tree) : tree_(tree) { shared_.reserve(32); }

  /// Reads the text of the tree as a whole answer.
  void read() {
    begin(tree_.text_, tree_.text_.size());
    const char* at = tree_.text_.data();
    if (take(at) != 2 || read_value(at, {}, 0) != end_) throw Malformed{};
  }

  /// Positions are in these bytes from now on. Forgets the values that were read, but not the shared texts.
  /// @param largest  what a size or a count may say, as more than that may follow
  void begin(std::string_view bytes, std::size_t largest) {
    end_ = bytes.data() + bytes.size();
    largest_ = largest;
    tree_.resize(0);
    tree_.texts_ = {};
  }
  unsigned take(const char*& at) const {
    if (at == end_) throw Malformed{.cut_short = true};
    return static_cast<unsigned char>(*at++);
  }
  [[nodiscard]] bool is_at_document_list(const char* at) const { return peek(at) == tag_document_list; }
  /// At an object that enter_object() takes, and not at a document, in which others may be.
  [[nodiscard]] bool is_at_entries(const char* at) const {
    const unsigned tag = peek(at);
    return tag == tag_entry_iterator || tag == tag_map || tag >> 5U == sized_map || tag >> 5U == sized_named_list;
  }

  Members enter_object(const char*& at) const {
    const unsigned tag = take(at);
    if (tag == tag_entry_iterator) return {};
    if (tag == tag_map) return {checked(take_varying(at)), true};
    if (tag >> 5U != sized_map && tag >> 5U != sized_named_list) throw Malformed{};
    return {size_of(at, tag), true};
  }
  Members enter_array(const char*& at) const {
    const unsigned tag = take(at);
    if (tag == tag_iterator) return {};
    if (tag >> 5U != sized_array) throw Malformed{};
    return {size_of(at, tag), true};
  }
  bool has_next(const char* at, const Members& members) const {
    return members.counted ? members.left > 0 : peek(at) != tag_end;
  }

  /// The position among the shared texts of a name that may be there, in one byte; what is no position where it is
  /// another name.
  [[nodiscard]] std::size_t shared_name(const char* at) const {
    const unsigned tag = peek(at);
    const std::size_t index = tag & 0x1FU;
    return tag >> 5U == sized_shared_text && index <= short_names ? index - 1 : std::size_t(-1);
  }
  /// The name of an entry, which may be missing.
  std::string_view take_name(const char*& at) {
    // Mostly one that was there before.
    if (const std::size_t known = shared_name(at); known < shared_.size()) {
      ++at;
      return shared_[known];
    }
    const unsigned tag = take(at);
    return tag == tag_null ? std::string_view() : take_text_value(at, tag);
  }

  /// A value that is what a field of that kind holds. False, and nothing is taken, where it is another.
  bool take_plain(const char*& at, mapping::Kind wanted, mapping::Scalar& value) const {
    const unsigned tag = peek(at);
    if (tag >> 5U == sized_text && wanted == mapping::Kind::text) {
      value = mapping::Scalar::text(take_text(++at, tag));
    } else if ((tag >> 5U == sized_int || tag >> 5U == sized_long) && wanted == mapping::Kind::integer) {
      value = mapping::Scalar::integer(take_small_integer(++at, tag));
    } else if (tag == tag_float && wanted == mapping::Kind::real) {
      value = mapping::Scalar::real(widened(take_number<float>(++at)));
    } else if (tag == tag_double && wanted == mapping::Kind::real) {
      value = mapping::Scalar::real(take_number<double>(++at));
    } else {
      return false;
    }
    return true;
  }

  /// A value without a key, in place of the one before: the root of the tree.
  const char* read_root(const char* at, std::size_t depth) {
    tree_.resize(0);
    return read_value(at, {}, depth);
  }

  /// The texts that were shared until now, which their owner may move, or take back.
  [[nodiscard]] std::vector<std::string_view>& shared() noexcept { return shared_; }

 private:
  /// What a byte announces: one of these, or a kind in its upper three bits and a size in the others.
  enum Tag : unsigned {
    tag_null = 0,
    tag_true = 1,
    tag_false = 2,
    tag_byte = 3,
    tag_short = 4,
    tag_double = 5,
    tag_int = 6,
    tag_long = 7,
    tag_float = 8,
    tag_date = 9,
    tag_map = 10,
    tag_document = 11,
    tag_document_list = 12,
    tag_bytes = 13,
    tag_iterator = 14,
    tag_end = 15,
    tag_entry_iterator = 17,
    tag_enum = 18,
  };
  enum SizedTag : unsigned {
    sized_text = 1,
    sized_int = 2,
    sized_long = 3,
    sized_array = 4,
    sized_map = 5,
    sized_named_list = 6,
    sized_shared_text = 7,
  };

  [[nodiscard]] unsigned peek(const char* at) const { return take(at); }

  std::string_view take_bytes(const char*& at, std::size_t size) const {
    if (size > static_cast<std::size_t>(end_ - at)) throw Malformed{.cut_short = true};
    const std::string_view bytes(at, size);
    at += size;
    return bytes;
  }
  template <class Number>
  Number take_number(const char*& at) const {
    std::array<char, sizeof(Number)> bytes;
    std::ranges::copy(take_bytes(at, sizeof(Number)), bytes.begin());
    if constexpr (std::endian::native == std::endian::little) std::ranges::reverse(bytes);
    return std::bit_cast<Number>(bytes);
  }
  /// Seven bits a byte, the lowest first.
  std::uint64_t take_varying(const char*& at) const {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const unsigned byte = take(at);
      number |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) return number;
    }
    throw Malformed{};
  }
  /// Four bits in the tag, and the others behind it where there are more.
  std::int64_t take_small_integer(const char*& at, unsigned tag) const {
    const std::uint64_t low = tag & 0x0FU;
    return std::bit_cast<std::int64_t>((tag & 0x10U) != 0 ? take_varying(at) << 4U | low : low);
  }
  [[nodiscard]] std::size_t checked(std::uint64_t size) const {
    if (size > largest_) throw Malformed{};
    return static_cast<std::size_t>(size);
  }

  std::size_t size_of(const char*& at, unsigned tag) const {
    const unsigned size = tag & 0x1FU;
    return size == 0x1FU ? checked(0x1FU + take_varying(at)) : size;
  }

  std::string_view take_text(const char*& at, unsigned tag) const {
    const std::string_view text = take_bytes(at, size_of(at, tag));
    if (!is_ascii(text) && !simdjson::validate_utf8(text.data(), text.size())) throw Malformed{};
    return text;
  }

  std::string_view take_shared_text(const char*& at, unsigned tag) {
    const std::size_t index = size_of(at, tag);
    if (index > shared_.size()) throw Malformed{};
    if (index != 0) return shared_[index - 1];
    const unsigned plain = take(at);
    if (plain >> 5U != sized_text) throw Malformed{};
    return shared_.emplace_back(take_text(at, plain));
  }

  /// A text where nothing else may be, as for a name.
  std::string_view take_text_value(const char*& at, unsigned tag) {
    if (tag >> 5U == sized_shared_text) return take_shared_text(at, tag);
    if (tag >> 5U == sized_text) return take_text(at, tag);
    throw Malformed{};
  }

  void add_integer(std::string_view key, std::int64_t value) { tree_.add(key, ValueKind::integer).integer = value; }
  void add_real(std::string_view key, double value) { tree_.add(key, ValueKind::real).real = value; }
  void add_own_text(std::string_view key, std::string text) { tree_.add_text(key, tree_.texts_.keep(std::move(text))); }

  std::size_t open(std::string_view key, ValueKind kind, std::size_t depth) {
    if (depth >= Tree::max_depth) throw Malformed{};
    return tree_.open(key, kind);
  }

  [[gnu::always_inline]] const char* read_value(const char* at, std::string_view key, std::size_t depth) {
    const unsigned tag = take(at);
    if (tag >> 5U == sized_text) {  // as most values are
      tree_.add_text(key, take_text(at, tag));
      return at;
    }
    return read_other(at, tag, key, depth);
  }
  /// What is no text.
  [[gnu::noinline]] const char* read_other(const char* at, unsigned tag, std::string_view key, std::size_t depth) {
    switch (tag >> 5U) {
      case sized_int:
      case sized_long:
        add_integer(key, take_small_integer(at, tag));
        return at;
      case sized_shared_text:
        tree_.add_text(key, take_shared_text(at, tag));
        return at;
      case 0:
        return tag <= tag_date ? read_scalar(at, tag, key) : read_container(at, tag, key, depth);
      case sized_array: {
        const std::size_t count = size_of(at, tag);
        return read_array(at, count, key, depth);
      }
      default: {
        const std::size_t count = size_of(at, tag);
        return read_entries(at, count, key, depth);
      }
    }
  }

  const char* read_array(const char* at, std::size_t count, std::string_view key, std::size_t depth) {
    const std::size_t node = open(key, ValueKind::array, depth);
    for (; count > 0; --count) at = read_value(at, {}, depth + 1);
    tree_.close(node);
    return at;
  }

  const char* read_scalar(const char* at, unsigned tag, std::string_view key) {
    switch (tag) {
      case tag_null:
        tree_.add(key, ValueKind::null);
        break;
      case tag_true:
      case tag_false:
        tree_.add(key, ValueKind::boolean).boolean = tag == tag_true;
        break;
      case tag_byte:
        add_integer(key, static_cast<signed char>(take(at)));
        break;
      case tag_short:
        add_integer(key, take_number<std::int16_t>(at));
        break;
      case tag_int:
        add_integer(key, take_number<std::int32_t>(at));
        break;
      case tag_long:
        add_integer(key, take_number<std::int64_t>(at));
        break;
      case tag_float:
        add_real(key, widened(take_number<float>(at)));
        break;
      case tag_double:
        add_real(key, take_number<double>(at));
        break;
      default:
        add_date(key, take_number<std::int64_t>(at));
    }
    return at;
  }

  void add_date(std::string_view key, std::int64_t milliseconds) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1000;
    if (milliseconds > most || milliseconds < -most) throw Malformed{};
    // As JSON has it: digits behind the second only where they say something.
    char text[mapping::civil_text_size];
    std::size_t size = mapping::format_timestamp(milliseconds * 1000, text);
    constexpr std::size_t fraction = std::string_view(".000000").size();
    *std::find(text, text + size, ' ') = 'T';
    size -= milliseconds % 1000 == 0 ? fraction : 3;
    text[size++] = 'Z';
    add_own_text(key, std::string(text, size));
  }

  const char* read_container(const char* at, unsigned tag, std::string_view key, std::size_t depth) {
    switch (tag) {
      case tag_map: {
        const std::size_t count = checked(take_varying(at));
        return read_entries(at, count, key, depth);
      }
      case tag_document:
        return read_document(at, key, depth);
      case tag_document_list:
        return read_document_list(at, key, depth);
      case tag_bytes: {
        const std::string_view bytes = take_bytes(at, checked(take_varying(at)));
        add_own_text(key, encode_base64(std::as_bytes(std::span(bytes.data(), bytes.size()))));
        return at;
      }
      case tag_iterator: {
        const std::size_t node = open(key, ValueKind::array, depth);
        while (peek(at) != tag_end) at = read_value(at, {}, depth + 1);
        tree_.close(node);
        return at + 1;
      }
      case tag_entry_iterator: {
        const std::size_t node = open(key, ValueKind::object, depth);
        while (peek(at) != tag_end) at = read_entry(at, depth);
        tree_.close(node);
        return at + 1;
      }
      case tag_enum: {
        if (depth >= Tree::max_depth) throw Malformed{};
        const std::size_t before = tree_.count();
        at = read_value(at, {}, depth + 1);  // its number, of which nobody knows the meaning
        tree_.resize(before);
        const unsigned name = take(at);
        tree_.add_text(key, take_text_value(at, name));
        return at;
      }
      default:
        throw Malformed{};
    }
  }

  const char* read_entry(const char* at, std::size_t depth) {
    const std::string_view name = take_name(at);
    return read_value(at, name, depth + 1);
  }

  const char* read_entries(const char* at, std::size_t count, std::string_view key, std::size_t depth) {
    const std::size_t node = open(key, ValueKind::object, depth);
    for (; count > 0; --count) at = read_entry(at, depth);
    tree_.close(node);
    return at;
  }

  /// Fields, and behind them documents without a name.
  const char* read_document(const char* at, std::string_view key, std::size_t depth) {
    const std::size_t node = open(key, ValueKind::object, depth);
    const unsigned tag = take(at);
    std::size_t left = size_of(at, tag);
    for (; left > 0 && peek(at) != tag_document; --left) at = read_entry(at, depth);
    if (left > 0) {
      const std::size_t children = open("_childDocuments_", ValueKind::array, depth + 1);
      for (; left > 0; --left) at = read_value(at, {}, depth + 2);
      tree_.close(children);
    }
    tree_.close(node);
    return at;
  }

  const char* read_document_list(const char* at, std::string_view key, std::size_t depth) {
    constexpr std::string_view names[] = {"numFound", "start", "maxScore", "numFoundExact"};
    const std::size_t node = open(key, ValueKind::object, depth);
    const unsigned tag = take(at);
    if (tag >> 5U != sized_array) throw Malformed{};
    const std::size_t count = size_of(at, tag);
    if (count > std::size(names)) throw Malformed{};
    for (std::size_t i = 0; i < count; ++i) at = read_value(at, names[i], depth + 1);
    at = read_value(at, "docs", depth + 1);
    tree_.close(node);
    return at;
  }

  Tree& tree_;
  const char* end_ = nullptr;
  std::size_t largest_ = 0;
  std::vector<std::string_view> shared_{};
};

}  // namespace core_lib::solr::detail
