// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// The weights that fade a segment of a signal in and out before its transform; equal to
/// `scipy.signal.get_window(name, n)`: periodic, that is, the first n of the n + 1 points of the symmetric
/// window.
class Window {
public:
    static Window boxcar() { return Window{Shape::cosines, 1}; }            // all weights 1
    static Window hann() { return Window{Shape::cosines, 0.5, 0.5}; }       // 0.5 - 0.5 cos x
    static Window hamming() { return Window{Shape::cosines, 0.54, 0.46}; }  // 0.54 - 0.46 cos x
    /// 0.42 - 0.5 cos x + 0.08 cos 2x, where x = 2 pi k/n.
    static Window blackman() { return Window{Shape::cosines, 0.42, 0.5, 0.08}; }

    /// Flat except for a cosine flank at either end; `alpha`, the fraction of the window that the two flanks
    /// take, goes from 0 (boxcar) to 1 (Hann).
    static Window tukey(double alpha) {
        require(alpha >= 0 && alpha <= 1, "Tukey window with alpha {}: must be from 0 to 1", alpha);
        return alpha == 0 ? boxcar() : alpha == 1 ? hann() : Window{Shape::tukey, alpha};
    }

    /// The `n` weights.
    std::vector<double> weights(std::size_t n) const {
        std::vector<double> weights(n, 1.);
        if (n > 1)
            for (std::size_t i = 0; i < n; ++i)
                weights[i] = weight(static_cast<double>(i) / static_cast<double>(n));
        return weights;
    }

private:
    enum class Shape { cosines, tukey };

    explicit Window(Shape shape, double a, double b = 0, double c = 0) : shape_{shape}, a_{a}, b_{b}, c_{c} {}

    /// The weight at x in [0, 1).
    double weight(double x) const {
        auto const turn = 2 * std::numbers::pi * x;
        if (shape_ == Shape::cosines) return a_ - b_ * std::cos(turn) + c_ * std::cos(2 * turn);
        auto const into_flank = std::min(x, 1 - x) / (a_ / 2);  // from 0 at the end to 1 where it is flat
        return into_flank < 1 ? 0.5 * (1 - std::cos(std::numbers::pi * into_flank)) : 1;
    }

    Shape shape_;
    double a_, b_, c_;
};

}  // namespace hillock::inline HILLOCK_ISA::analysis
