// SPDX-License-Identifier: Apache-2.0
// Version 2 of Solr's binary format, into the same tree that JSON gives: dates become texts, lists of names objects.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>
#include <limits>
#include <vector>

#include <simdjson.h>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/civil_time.hpp"

#include "solr/json/scalar_json.hpp"
#include "solr/json/tree.hpp"

namespace core_lib::solr::detail {
namespace {

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

struct Malformed {};

/// The double that is written like the float, as JSON would have it: 12.59, not 12.59000015258789.
double widened(float value) {
  // Exact up to here: a float has 24 bits, and so has 10^7; the quotient of whole numbers is the double of its digits.
  if (std::abs(value) < 0x1p24F) {
    double scale = 1;
    for (int digits = 0; digits <= 7; ++digits, scale *= 10) {
      const double candidate = std::nearbyint(static_cast<double>(value) * scale) / scale;
      if (static_cast<float>(candidate) == value) return candidate;
    }
  }
  char digits[32];
  double wide = static_cast<double>(value);
  const auto written = std::to_chars(std::begin(digits), std::end(digits), value);
  (void)std::from_chars(digits, written.ptr, wide);
  return wide;
}

template <class Bytes>
Bytes load(const char* from) noexcept {
  Bytes bytes = 0;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

/// Most texts are, and seeing that takes less than asking simdjson.
bool is_ascii(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  std::uint64_t seen = 0;
  if (text.size() >= 8) {
    for (const char* at = text.data(); at < end - 8; at += 8) seen |= load<std::uint64_t>(at);
    seen |= load<std::uint64_t>(end - 8);
  } else if (text.size() >= 4) {
    seen = load<std::uint32_t>(text.data()) | load<std::uint32_t>(end - 4);
  } else {
    for (const char c : text) seen |= static_cast<unsigned char>(c);
  }
  return (seen & 0x8080'8080'8080'8080U) == 0;
}

}  // namespace

class JavabinReader {
 public:
  explicit JavabinReader(Tree& tree)
      : tree_(tree), at_(tree.text_.data()), end_(tree.text_.data() + tree.text_.size()) {}

  void read() {
    if (take() != 2) throw Malformed{};
    read_value({}, 0);
    if (at_ != end_) throw Malformed{};
  }

 private:
  unsigned take() {
    if (at_ == end_) throw Malformed{};
    return static_cast<unsigned char>(*at_++);
  }
  unsigned peek() const {
    if (at_ == end_) throw Malformed{};
    return static_cast<unsigned char>(*at_);
  }

  std::string_view take_bytes(std::size_t size) {
    if (size > static_cast<std::size_t>(end_ - at_)) throw Malformed{};
    const std::string_view bytes(at_, size);
    at_ += size;
    return bytes;
  }

  template <class Number>
  Number take_number() {
    const std::string_view bytes = take_bytes(sizeof(Number));
    Number number = 0;
    for (const char byte : bytes) number = static_cast<Number>(number << 8U | static_cast<unsigned char>(byte));
    return number;
  }

  /// Seven bits a byte, the lowest first.
  std::uint64_t take_varying() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const unsigned byte = take();
      number |= std::uint64_t{byte & 0x7FU} << shift;
      if ((byte & 0x80U) == 0) return number;
    }
    throw Malformed{};
  }

  std::size_t size_of(unsigned tag) {
    const std::uint64_t size = (tag & 0x1FU) == 0x1FU ? 0x1FU + take_varying() : tag & 0x1FU;
    if (size > tree_.text_.size()) throw Malformed{};
    return static_cast<std::size_t>(size);
  }

  std::string_view take_text(unsigned tag) {
    const std::string_view text = take_bytes(size_of(tag));
    if (!is_ascii(text) && !simdjson::validate_utf8(text.data(), text.size())) throw Malformed{};
    return text;
  }

  std::string_view take_shared_text(unsigned tag) {
    const std::size_t index = size_of(tag);
    if (index > shared_.size()) throw Malformed{};
    if (index != 0) return shared_[index - 1];
    const unsigned plain = take();
    if (plain >> 5U != sized_text) throw Malformed{};
    shared_.push_back(take_text(plain));
    return shared_.back();
  }

  /// A text where nothing else may be, as for a name.
  std::string_view take_text_value(unsigned tag) {
    if (tag >> 5U == sized_shared_text) return take_shared_text(tag);
    if (tag >> 5U == sized_text) return take_text(tag);
    throw Malformed{};
  }

  void add_integer(std::string_view key, std::int64_t value) { tree_.add(key, ValueKind::integer).integer = value; }
  void add_real(std::string_view key, double value) { tree_.add(key, ValueKind::real).real = value; }
  void add_own_text(std::string_view key, std::string text) { tree_.add_text(key, tree_.texts_.keep(std::move(text))); }

  std::size_t open(std::string_view key, ValueKind kind, std::size_t depth) {
    if (depth >= Tree::max_depth) throw Malformed{};
    return tree_.open(key, kind);
  }

  void read_value(std::string_view key, std::size_t depth) {
    const unsigned tag = take();
    switch (tag >> 5U) {
      case sized_text:
        tree_.add_text(key, take_text(tag));
        return;
      case sized_int:
      case sized_long: {
        const std::uint64_t low = tag & 0x0FU;
        add_integer(key, std::bit_cast<std::int64_t>((tag & 0x10U) != 0 ? take_varying() << 4U | low : low));
        return;
      }
      case sized_shared_text:
        tree_.add_text(key, take_shared_text(tag));
        return;
      case 0:
        if (tag <= tag_date) {
          read_scalar(tag, key);
        } else {
          read_container(tag, key, depth);
        }
        return;
      case sized_array:
        read_array(size_of(tag), key, depth);
        return;
      default:
        read_entries(size_of(tag), key, depth);
    }
  }

  void read_array(std::size_t count, std::string_view key, std::size_t depth) {
    const std::size_t at = open(key, ValueKind::array, depth);
    for (; count > 0; --count) read_value({}, depth + 1);
    tree_.close(at);
  }

  void read_scalar(unsigned tag, std::string_view key) {
    switch (tag) {
      case tag_null:
        tree_.add(key, ValueKind::null);
        return;
      case tag_true:
      case tag_false:
        tree_.add(key, ValueKind::boolean).boolean = tag == tag_true;
        return;
      case tag_byte:
        add_integer(key, static_cast<signed char>(take()));
        return;
      case tag_short:
        add_integer(key, std::bit_cast<std::int16_t>(take_number<std::uint16_t>()));
        return;
      case tag_int:
        add_integer(key, std::bit_cast<std::int32_t>(take_number<std::uint32_t>()));
        return;
      case tag_long:
        add_integer(key, std::bit_cast<std::int64_t>(take_number<std::uint64_t>()));
        return;
      case tag_float:
        add_real(key, widened(std::bit_cast<float>(take_number<std::uint32_t>())));
        return;
      case tag_double:
        add_real(key, std::bit_cast<double>(take_number<std::uint64_t>()));
        return;
      default:
        read_date(key);
    }
  }

  void read_date(std::string_view key) {
    const auto milliseconds = std::bit_cast<std::int64_t>(take_number<std::uint64_t>());
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

  void read_container(unsigned tag, std::string_view key, std::size_t depth) {
    switch (tag) {
      case tag_map: {
        const std::uint64_t size = take_varying();
        if (size > tree_.text_.size()) throw Malformed{};
        read_entries(static_cast<std::size_t>(size), key, depth);
        return;
      }
      case tag_document:
        read_document(key, depth);
        return;
      case tag_document_list:
        read_document_list(key, depth);
        return;
      case tag_bytes: {
        const std::string_view bytes = take_bytes(static_cast<std::size_t>(take_varying()));
        add_own_text(key, encode_base64(std::as_bytes(std::span(bytes.data(), bytes.size()))));
        return;
      }
      case tag_iterator: {
        const std::size_t at = open(key, ValueKind::array, depth);
        while (peek() != tag_end) read_value({}, depth + 1);
        (void)take();
        tree_.close(at);
        return;
      }
      case tag_entry_iterator: {
        const std::size_t at = open(key, ValueKind::object, depth);
        while (peek() != tag_end) read_entry(depth);
        (void)take();
        tree_.close(at);
        return;
      }
      case tag_enum: {
        if (depth >= Tree::max_depth) throw Malformed{};
        const std::size_t before = tree_.nodes_.size();
        read_value({}, depth + 1);  // its number, of which nobody knows the meaning
        tree_.nodes_.resize(before);
        tree_.add_text(key, take_text_value(take()));
        return;
      }
      default:
        throw Malformed{};
    }
  }

  void read_entry(std::size_t depth) {
    const unsigned tag = take();
    // A name may be missing.
    read_value(tag == tag_null ? std::string_view() : take_text_value(tag), depth + 1);
  }

  void read_entries(std::size_t count, std::string_view key, std::size_t depth) {
    const std::size_t at = open(key, ValueKind::object, depth);
    for (; count > 0; --count) read_entry(depth);
    tree_.close(at);
  }

  /// Fields, and behind them documents without a name.
  void read_document(std::string_view key, std::size_t depth) {
    const std::size_t at = open(key, ValueKind::object, depth);
    std::size_t left = size_of(take());
    for (; left > 0 && peek() != tag_document; --left) read_entry(depth);
    if (left > 0) {
      const std::size_t children = open("_childDocuments_", ValueKind::array, depth + 1);
      for (; left > 0; --left) read_value({}, depth + 2);
      tree_.close(children);
    }
    tree_.close(at);
  }

  void read_document_list(std::string_view key, std::size_t depth) {
    constexpr std::string_view names[] = {"numFound", "start", "maxScore", "numFoundExact"};
    const std::size_t at = open(key, ValueKind::object, depth);
    const unsigned tag = take();
    if (tag >> 5U != sized_array) throw Malformed{};
    const std::size_t count = size_of(tag);
    if (count > std::size(names)) throw Malformed{};
    for (std::size_t i = 0; i < count; ++i) read_value(names[i], depth + 1);
    read_value("docs", depth + 1);
    tree_.close(at);
  }

  Tree& tree_;
  const char* at_;
  const char* end_;
  std::vector<std::string_view> shared_{};
};

std::shared_ptr<const Tree> Tree::parse_javabin(std::string bytes, std::string_view what) {
  auto tree = std::make_shared<Tree>();
  if (bytes.size() < std::numeric_limits<std::uint32_t>::max()) {
    tree->text_ = std::move(bytes);
    try {
      JavabinReader(*tree).read();
      return tree;
    } catch (const Malformed&) {
    }
  }
  throw Error("cannot read " + std::string(what) + ": it is no javabin of version 2, or was cut short",
              {.status_code = 502});
}

}  // namespace core_lib::solr::detail
