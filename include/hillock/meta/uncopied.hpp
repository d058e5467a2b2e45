// SPDX-License-Identifier: MIT
#pragma once

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::meta {

/// A value of its owner alone, which moves with it: a copy of the owner has a new one.
template <class T>
struct Uncopied : T {
    Uncopied() = default;
    Uncopied(Uncopied const&) : T() {}
    Uncopied(Uncopied&&) noexcept = default;
    Uncopied& operator=(Uncopied&&) noexcept = default;
    ~Uncopied() = default;
    using T::operator=;
};

}  // namespace hillock::inline HILLOCK_ISA::meta
