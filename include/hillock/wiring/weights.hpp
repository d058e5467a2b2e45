// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The weights of some connections, to be read and written like a `std::span`. It is an error to use them when
/// their time is over: after a run, which has to know of weights that change, and after the connections, or
/// the network, have gone.
template <class Real>
class Weights {
public:
    /// `age`: a number that rises when the time of the weights is over.
    Weights(std::span<Real> all, std::shared_ptr<std::uint64_t const> age)
        : all_{all}, age_{std::move(age)}, made_at_{*age_} {}

    std::size_t size() const { return all_.size(); }
    Real& operator[](std::size_t k) const { return current()[k]; }
    Real* data() const { return current().data(); }
    Real* begin() const { return data(); }
    Real* end() const { return data() + size(); }

private:
    std::span<Real> current() const {
        require(*age_ == made_at_,
                "weights: there has been a run since, or their connections have gone; ask for them anew");
        return all_;
    }

    std::span<Real> all_;
    std::shared_ptr<std::uint64_t const> age_;
    std::uint64_t made_at_;
};

}  // namespace hillock::inline HILLOCK_ISA
