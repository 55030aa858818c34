// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace core_lib::neo4j::packstream {

/// Bytes that grow at the end. Unlike std::vector it does not clear what is to be overwritten.
class Buffer {
 public:
  Buffer() noexcept = default;
  Buffer(Buffer&& other) noexcept
      : bytes_(std::move(other.bytes_)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
    return *this;
  }

  [[nodiscard]] std::byte* data() noexcept { return bytes_.get(); }
  [[nodiscard]] const std::byte* data() const noexcept { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::span<const std::byte> view() const noexcept { return {bytes_.get(), size_}; }

  /// Room for `count` bytes behind the end, which counts as written.
  [[nodiscard]] std::byte* grow(std::size_t count) {
    reserve(count);
    std::byte* const place = bytes_.get() + size_;
    size_ += count;
    return place;
  }
  /// Makes room for `count` bytes behind the end.
  void reserve(std::size_t count) {
    if (count > capacity_ - size_) enlarge(count);
  }
  void append(std::span<const std::byte> bytes) {
    if (!bytes.empty()) std::memcpy(grow(bytes.size()), bytes.data(), bytes.size());
  }
  void append(std::string_view text) { append(std::as_bytes(std::span(text.data(), text.size()))); }
  /// @pre size is at most what size() or capacity() tells
  void resize_within(std::size_t size) noexcept { size_ = size; }
  void clear() noexcept { size_ = 0; }

 private:
  void enlarge(std::size_t count) {
    const std::size_t wanted = std::max({size_ + count, capacity_ * 2, std::size_t{256}});
    auto larger = std::make_unique_for_overwrite<std::byte[]>(wanted);
    if (size_ > 0) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = wanted;
  }

  std::unique_ptr<std::byte[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace core_lib::neo4j::packstream
