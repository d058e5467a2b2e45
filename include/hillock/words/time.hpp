// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/ids.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A time or a delay: its nearest step, and the ms from there to it, at most half a step either way.
struct GridTime {
    Step step;      // the nearest
    double offset;  // ms

    /// The time of a step, or so many ms beyond it.
    GridTime(Step nearest, double beyond = 0) : step{nearest}, offset{beyond} {}
};

/// The grid t = 0, dt, 2 dt, ... of a network's steps. Times become whole steps on it before anything is
/// decided.
class TimeGrid {
public:
    /// `dt` in ms, positive and finite.
    explicit TimeGrid(double dt) : dt_{dt} {
        require(std::isfinite(dt) && dt > 0, "dt {} ms: must be positive and finite", dt);
    }

    double dt() const { return dt_; }  // ms

    /// The step nearest to time `t` ms, floor(t/dt + 1/2); half-way between two steps the later one. The
    /// tolerance keeps the rounding of `t` (0.35/0.025 < 14) from deciding.
    Step step_of(double t) const {
        require(reaches(t), "time {} ms: must be less than {} steps of {} ms from 0", t, largest, dt_);
        return static_cast<Step>(std::floor(t / dt_ + 0.5 + tolerance));
    }

    /// The same with what is left of `t`, where that is more than rounding.
    GridTime nearest(double t) const {
        auto const step = step_of(t);
        auto const offset = t - time_of(step);
        return {step, std::abs(offset) < 1e-8 ? 0 : offset};
    }

    /// Whether time `t` ms is near enough to 0 to have a step.
    bool reaches(double t) const { return std::abs(t) < largest * dt_; }

    /// A step that no run comes to: that of times which are too far away, such as infinity.
    static constexpr Step never = std::numeric_limits<Step>::max() / 2;
    /// The step of a time, `never` of one that is too far away.
    Step step_or_never(double t) const { return reaches(t) ? step_of(t) : never; }

    /// The first step whose middle, (step + 1/2) dt, is not before `t` ms: a current that begins at `t` is on
    /// from that step.
    Step first_middle_after(double t) const {
        return static_cast<Step>(std::clamp(std::ceil(t / dt_ - 0.5 - tolerance), -largest, largest));
    }

    /// The time of a step in ms.
    double time_of(Step step) const { return static_cast<double>(step) * dt_; }

private:
    static constexpr double tolerance = 1e-9;
    static constexpr double largest = 1e15;

    double dt_;
};

}  // namespace hillock::inline HILLOCK_ISA
