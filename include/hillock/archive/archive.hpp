// SPDX-License-Identifier: MIT
#pragma once

/// Archives: visitors of all that a run changes. Every owner names each of them once, in
/// `visit(archive)`:
///
///   archive(thing, at_start)    a number or a list, and its value at t = 0
///   archive.derived(thing, ...) the same for what follows from the time: a reset and a restore set it back
///   archive.cells(population)   the states of a population's cells
///   archive.connections(some)   the weights and traces of plastic connections
///
/// The archive decides their fate: `Reset` sets them back, `StateDigest` takes them in.

#include <cstdint>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::archive {

/// Sets everything back to t = 0.
class Reset {
public:
    template <class Thing>
    void operator()(Thing& thing, Thing const& at_start) {
        thing = at_start;
    }
    template <class Thing>
    void derived(Thing& thing, Thing const& at_start) {
        thing = at_start;
    }
    void cells(auto& population) { population.forget_states(); }
    void connections(auto& plastic) {
        plastic.forget();
        plastic.table.put_back_weights();
    }
};

/// Makes ready for a restored time: what follows from the time follows anew.
class Rewind {
public:
    template <class Thing>
    void operator()(Thing const&, Thing const&) {}
    template <class Thing>
    void derived(Thing& thing, Thing const& at_start) {
        thing = at_start;
    }
    void cells(auto&) {}
    void connections(auto& plastic) {
        plastic.forget();
        plastic.table.put_back_weights();
    }
};

/// A number that the states of all cells and plastic connections decide, every bit of them: the sum of one
/// for each, so that it does not depend on the order in which they are visited, nor on how they are divided
/// among ranks.
class StateDigest {
public:
    template <class Thing>
    void operator()(Thing const&, Thing const&) {}
    template <class Thing>
    void derived(Thing const&, Thing const&) {}

    void cells(auto& population) {
        for (std::size_t cell = 0; cell < population.size(); ++cell) {
            Digest one;
            one.add(population.gid(cell));
            population.for_each_state(cell, [&](auto number) { one.add(number); });
            sum_ += one.value();
        }
    }
    void connections(auto& plastic) { sum_ += plastic.digest(); }

    std::uint64_t value() const { return sum_; }

private:
    std::uint64_t sum_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::archive
