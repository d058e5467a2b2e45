// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// Bins of equal width over a stretch of time, counted as `numpy.histogram` does: a bin holds its left edge
/// and not its right one, but for the last, which holds both.
class Bins {
public:
    /// Bins of `width` ms from `start` ms on that cover the time up to `stop`: where that is not a whole
    /// number of bins, the last one reaches past it. The same as `numpy.arange(size + 1) * width + start` for
    /// edges.
    Bins(double width, double stop, double start = 0) : start_{start}, width_{width} {
        require(std::isfinite(width) && width > 0, "bin width {} ms: must be positive and finite", width);
        require(std::isfinite(start), "bins from {} ms: must be finite", start);
        require(std::isfinite(stop) && stop > start,
                "bins up to {} ms: must be finite and after their start, {} ms", stop, start);
        auto const size = std::ceil((stop - start) / width - tolerance);
        require(size <= most, "bins of {} ms from {} to {} ms: {} of them, may be at most {}", width, start,
                stop, size, most);
        size_ = std::max<std::size_t>(1, static_cast<std::size_t>(size));
    }

    std::size_t size() const { return size_; }
    double width() const { return width_; }
    double start() const { return start_; }
    double stop() const { return edge(size_); }

    /// The left edge (ms) of a bin; `edge(size())` is the right one of the last.
    double edge(std::size_t bin) const { return start_ + static_cast<double>(bin) * width_; }

    /// The left edges (ms) of all bins.
    std::vector<double> left_edges() const {
        std::vector<double> edges(size_);
        for (std::size_t bin = 0; bin < size_; ++bin) edges[bin] = edge(bin);
        return edges;
    }

    /// The bin of a time (ms); none if it lies outside.
    std::optional<std::size_t> of(double time) const {
        if (!(time >= start_ && time <= stop())) return {};
        auto bin = std::min(static_cast<std::size_t>((time - start_) / width_), size_ - 1);
        while (bin > 0 && time < edge(bin)) --bin;  // the quotient is rounded: the edges decide
        while (bin + 1 < size_ && time >= edge(bin + 1)) ++bin;
        return bin;
    }

private:
    static constexpr double tolerance = 1e-9;  // of a bin: 25/0.1 is 250 bins, however it is rounded
    static constexpr double most = 1e9;

    double start_, width_;
    std::size_t size_;
};

}  // namespace hillock::inline HILLOCK_ISA::analysis
