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

/// Bins of equal width over an interval of time. As in `numpy.histogram`, a bin includes its left edge and
/// excludes its right one; the last includes both.
class Bins {
public:
    /// Bins of `width` ms from `start` to `stop` ms. If that is not a whole number of bins, the last one is
    /// narrower and ends at `stop`: numpy's edges are `numpy.append(numpy.arange(size) * width + start,
    /// stop)`.
    Bins(double width, double stop, double start = 0) : start_{start}, width_{width} {
        require(std::isfinite(width) && width > 0, "bin width {} ms: must be positive and finite", width);
        require(std::isfinite(start), "bins from {} ms: must be finite", start);
        require(std::isfinite(stop) && stop > start,
                "bins up to {} ms: must be finite and after their start, {} ms", stop, start);
        auto const bins = (stop - start) / width;
        require(bins <= most, "bins of {} ms from {} to {} ms: {} of them, may be at most {}", width, start,
                stop, std::ceil(bins), most);
        auto const rounded = std::max(1., std::round(bins));
        bool const is_whole =
            std::abs(bins - rounded) <= 1e-9 + 1e-15 * bins;  // 25/0.1 is 250, however rounded
        size_ = static_cast<std::size_t>(is_whole ? rounded : std::ceil(bins));
        stop_ = is_whole ? start + rounded * width : stop;
        last_width_ = is_whole ? width : stop - edge(size_ - 1);
    }

    std::size_t size() const { return size_; }  // the number of bins
    double start() const { return start_; }     // ms
    double stop() const { return stop_; }       // ms

    /// The width (ms) of all bins but the last, which may be narrower.
    double width() const { return width_; }
    double width(std::size_t bin) const { return bin + 1 < size_ ? width_ : last_width_; }

    /// Only the bins of full width, for statistics that compare bins; all bins if the only one is narrower.
    Bins full() const {
        return last_width_ == width_ || size_ == 1 ? *this : Bins(width_, edge(size_ - 1), start_);
    }

    /// The left edge (ms) of a bin; `edge(size())` is the right one of the last.
    double edge(std::size_t bin) const {
        return bin < size_ ? start_ + static_cast<double>(bin) * width_ : stop_;
    }

    /// The left edges (ms) of all bins.
    std::vector<double> left_edges() const {
        std::vector<double> edges(size_);
        for (std::size_t bin = 0; bin < size_; ++bin) edges[bin] = edge(bin);
        return edges;
    }

    /// The bin that holds a time (ms); none if it lies outside.
    std::optional<std::size_t> of(double time) const {
        if (!(time >= start_ && time <= stop())) return {};
        auto bin = std::min(static_cast<std::size_t>((time - start_) / width_), size_ - 1);
        while (bin > 0 && time < edge(bin)) --bin;  // the quotient is rounded: the edges decide
        while (bin + 1 < size_ && time >= edge(bin + 1)) ++bin;
        return bin;
    }

private:
    static constexpr double most = 1e9;

    double start_, width_, last_width_ = 0, stop_ = 0;
    std::size_t size_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::analysis
