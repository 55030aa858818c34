// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace core_lib::sql::detail {

/// A growing array whose first N elements need no allocation: expressions are built and thrown away per statement.
template <class T, std::size_t N>
class InlineVector {
 public:
  InlineVector() noexcept = default;
  InlineVector(T first, T second) noexcept : size_(2) {
    static_assert(N >= 2);
    ::new (static_cast<void*>(inline_)) T(std::move(first));
    ::new (static_cast<void*>(inline_ + sizeof(T))) T(std::move(second));
  }
  InlineVector(InlineVector&& other) noexcept { take(other); }
  InlineVector(const InlineVector& other) { append(other); }
  InlineVector& operator=(InlineVector&& other) noexcept {
    if (this != &other) {
      destroy();
      take(other);
    }
    return *this;
  }
  InlineVector& operator=(const InlineVector& other) { return *this = InlineVector(other); }
  ~InlineVector() { destroy(); }

  void push_back(T&& value) {
    if (size_ == capacity_) reserve(size_ + 1);
    ::new (static_cast<void*>(data() + size_)) T(std::move(value));
    ++size_;
  }
  void push_back(const T& value) { push_back(T(value)); }
  template <std::size_t M>
  void append(const InlineVector<T, M>& other) {
    for (const T& value : other) push_back(value);
  }
  template <std::size_t M>
  void append(InlineVector<T, M>&& other) {
    reserve(size_ + other.size());
    for (T& value : other) ::new (static_cast<void*>(data() + size_++)) T(std::move(value));
  }

  [[nodiscard]] T* data() noexcept { return heap_ ? heap_ : reinterpret_cast<T*>(inline_); }
  [[nodiscard]] const T* data() const noexcept { return heap_ ? heap_ : reinterpret_cast<const T*>(inline_); }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] T* begin() noexcept { return data(); }
  [[nodiscard]] T* end() noexcept { return data() + size_; }
  [[nodiscard]] const T* begin() const noexcept { return data(); }
  [[nodiscard]] const T* end() const noexcept { return data() + size_; }
  [[nodiscard]] T& operator[](std::size_t index) noexcept { return data()[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept { return data()[index]; }

 private:
  void reserve(std::size_t least) {
    if (least <= capacity_) return;
    const std::size_t capacity = least > capacity_ * 2 ? least : capacity_ * 2;
    T* const heap = std::allocator<T>{}.allocate(capacity);
    for (std::size_t i = 0; i < size_; ++i) ::new (static_cast<void*>(heap + i)) T(std::move(data()[i]));
    const std::size_t size = size_;
    destroy();
    heap_ = heap;
    size_ = size;
    capacity_ = capacity;
  }
  void take(InlineVector& other) noexcept {
    if (other.heap_) {
      heap_ = std::exchange(other.heap_, nullptr);
      capacity_ = std::exchange(other.capacity_, N);
      size_ = std::exchange(other.size_, 0);
      return;
    }
    for (T& value : other) ::new (static_cast<void*>(data() + size_++)) T(std::move(value));
    other.destroy();
  }
  void destroy() noexcept {
    std::destroy_n(data(), size_);
    if (heap_) std::allocator<T>{}.deallocate(heap_, capacity_);
    heap_ = nullptr;
    size_ = 0;
    capacity_ = N;
  }

  T* heap_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = N;
  alignas(T) std::byte inline_[N * sizeof(T)];
};

}  // namespace core_lib::sql::detail
