// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <span>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/simd/column.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// A column of numbers that its copies share until one of them writes it. Copies may be read, written and
/// dropped on threads of their own.
template <class T>
class SharedColumn {
public:
    SharedColumn() = default;
    explicit SharedColumn(Column<T> numbers)
        : shared_{new Shared{std::move(numbers)}}, data_{shared_->numbers.data()} {}
    SharedColumn(SharedColumn const& other) noexcept : shared_{other.shared_}, data_{other.data_} {
        if (shared_) shared_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    SharedColumn(SharedColumn&& other) noexcept { swap(other); }
    SharedColumn& operator=(SharedColumn other) noexcept {
        swap(other);
        return *this;
    }
    ~SharedColumn() {
        if (shared_ && shared_->owners.fetch_sub(1, std::memory_order_acq_rel) == 1) delete shared_;
    }

    std::size_t size() const { return shared_ ? shared_->numbers.size() : 0; }
    bool empty() const { return size() == 0; }
    T const* data() const { return data_; }
    T const* begin() const { return data_; }
    T const* end() const { return data_ + size(); }
    T const& operator[](std::size_t k) const { return data_[k]; }

    /// Whether nobody else has these numbers.
    bool is_own() const { return !shared_ || shared_->owners.load(std::memory_order_acquire) == 1; }
    /// The numbers, to be written: own ones from now on.
    std::span<T> own() {
        if (!is_own()) *this = SharedColumn(Column<T>(begin(), end()));
        return {data_, size()};
    }

private:
    struct Shared {
        Column<T> numbers;
        std::atomic<std::size_t> owners = 1;
    };

    void swap(SharedColumn& other) noexcept {
        std::swap(shared_, other.shared_);
        std::swap(data_, other.data_);
    }

    Shared* shared_ = nullptr;
    T* data_ = nullptr;  // what is read most often, one step nearer
};

}  // namespace hillock::inline HILLOCK_ISA::simd
