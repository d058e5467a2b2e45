// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <utility>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::meta {

/// A value that is copied with its owner, and stays where it is when its owner moves.
template <class T>
class Boxed {
public:
    explicit Boxed(T value) : at_{std::make_unique<T>(std::move(value))} {}
    explicit Boxed(std::unique_ptr<T> at) noexcept : at_{std::move(at)} {}
    Boxed(Boxed const& other) : at_{std::make_unique<T>(*other)} {}
    Boxed(Boxed&&) noexcept = default;
    Boxed& operator=(Boxed other) noexcept {
        at_ = std::move(other.at_);
        return *this;
    }
    ~Boxed() = default;

    T& operator*() const { return *at_; }
    T* operator->() const { return at_.get(); }

private:
    std::unique_ptr<T> at_;
};

}  // namespace hillock::inline HILLOCK_ISA::meta
