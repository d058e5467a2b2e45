// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The events on their way to a population: for each coming step, each synapse number and each cell the sum
/// of the weights that arrive. A ring of `slots` steps; the slot of a step is emptied when the step has been
/// taken.
///
/// Events are delivered at the end of each epoch, when the slots of its E steps are empty again, over delays
/// from E to D: a weight lands at most D - 1 steps after the next epoch's first one, so D slots keep every
/// sum apart; where no delay is as long, E slots are enough for what reaches the next epoch from outside. Where
/// nothing ever arrives, one slot is, which stays empty.
template <class Real>
class Inbox {
public:
    Inbox() = default;
    /// Room for `steps` steps, which are unwritten until they are cleared.
    Inbox(std::size_t synapses, std::size_t cells, std::size_t steps)
        : synapses_{synapses},
          cells_{cells},
          slots_{steps == 0 ? 0 : std::bit_ceil(steps)},
          sums_(slots_ * synapses * cells) {}

    /// Room for `steps` steps from `now` on; what is on its way stays.
    void ensure_capacity(Step now, std::size_t steps) {
        if (std::bit_ceil(steps) <= slots_) return;
        Inbox larger(synapses_, cells_, steps);
        larger.clear();
        for (std::size_t k = 0; k < slots_; ++k)
            std::copy_n(at(now + static_cast<Step>(k)), synapses_ * cells_,
                        larger.at(now + static_cast<Step>(k)));
        *this = std::move(larger);
    }

    void clear() { clear(0, cells_); }
    /// Empties what is on its way to the cells [first, last).
    void clear(std::size_t first, std::size_t last) {
        for (std::size_t row = 0; row < slots_ * synapses_; ++row)
            std::fill(sums_.data() + row * cells_ + first, sums_.data() + row * cells_ + last, Real{0});
    }

    std::size_t slots() const { return slots_; }

    /// The sums for one step: all cells' for synapse 0, then for synapse 1, ...
    Real* at(Step step) {
        return sums_.data() + (static_cast<std::size_t>(step) & (slots_ - 1)) * synapses_ * cells_;
    }
    Real* at(Step step, std::size_t synapse) { return at(step) + synapse * cells_; }

private:
    std::size_t synapses_ = 0, cells_ = 0, slots_ = 0;
    simd::Column<Real> sums_;
};

}  // namespace hillock::inline HILLOCK_ISA::population
