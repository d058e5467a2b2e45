// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace wiring {

/// The time for which weights that are handed out are good. It is over when somebody says so, and when its
/// owner has gone; a copy of the owner has another.
class TimeOfWeights {
public:
    TimeOfWeights() = default;
    TimeOfWeights(TimeOfWeights const&) : TimeOfWeights() {}
    TimeOfWeights(TimeOfWeights&&) noexcept = default;
    TimeOfWeights& operator=(TimeOfWeights other) noexcept {
        age_.swap(other.age_);
        return *this;
    }
    ~TimeOfWeights() {
        if (age_) end();
    }

    void end() { ++*age_; }
    /// A number that rises when the time is over.
    std::shared_ptr<std::uint64_t const> age() const { return age_; }

private:
    std::shared_ptr<std::uint64_t> age_ = std::make_shared<std::uint64_t>(0);
};

}  // namespace wiring

/// The sum of the weights of a projection onto a cell.
struct WeightSum {
    Gid target;  // the cell
    double sum;  // uS, nA or pA
};

/// The weights of some connections, to be read and written like a `std::span`. It is an error to use them
/// when their time is over: after a run, which has to know of weights that change, and after the connections,
/// or the network, have gone. What `Network::weights` returns needs a name before a loop over one of them:
/// `auto const weights = net.weights(projection); for (double& w : weights[0]) w *= 2;`.
template <class Real>
class Weights {
public:
    /// `age`: a number that rises when the time of the weights is over.
    Weights(std::span<Real> all, std::shared_ptr<std::uint64_t const> age)
        : all_{all}, age_{std::move(age)}, made_at_{*age_} {}

    std::size_t size() const { return all_.size(); }                // the number of weights
    Real& operator[](std::size_t k) const { return current()[k]; }  // uS or nA
    Real* data() const { return current().data(); }                 // the first
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
