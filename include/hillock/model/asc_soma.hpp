// SPDX-License-Identifier: MIT
#pragma once

/// Somata from their outlines, as NEURON's Import3d (8.2.2) makes them, to be read beside import3d_gui.hoc
/// and import3d_sec.hoc. A single outline becomes a straight row of 21 points along its longest axis, as wide
/// as it is there; a stack of outlines, of which each overlaps the one before in x and y, a row of circles.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>

namespace hillock::inline HILLOCK_ISA::asc {

using Triple = std::array<double, 3>;

inline double dot(Triple const& a, Triple const& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// y at `x` of points joined by lines, whose abscissae ascend; constant outside.
template <class = void>
double interpolated(double x, std::vector<double> const& xs, std::vector<double> const& ys) {
    if (x <= xs.front()) return ys.front();
    if (x >= xs.back()) return ys.back();
    auto const next = static_cast<std::size_t>(std::upper_bound(xs.begin(), xs.end(), x) - xs.begin());
    auto const part = (x - xs[next - 1]) / (xs[next] - xs[next - 1]);
    return (1 - part) * ys[next - 1] + part * ys[next];
}

/// 101 points on an outline at equal distances in x and y, from its first point to its last.
template <class = void>
std::vector<Triple> evenly(std::vector<Point> const& outline) {
    std::vector<double> lengths{0};
    std::array<std::vector<double>, 3> coordinates;
    for (std::size_t k = 0; k < outline.size(); ++k) {
        auto const& p = outline[k];
        for (std::size_t c = 0; c < 3; ++c) coordinates[c].push_back(c == 0 ? p.x : c == 1 ? p.y : p.z);
        if (k > 0)
            lengths.push_back(lengths.back() + std::hypot(p.x - outline[k - 1].x, p.y - outline[k - 1].y));
    }
    std::vector<Triple> all(101);
    for (std::size_t k = 0; k < all.size(); ++k)
        for (std::size_t c = 0; c < 3; ++c)
            all[k][c] = interpolated(static_cast<double>(k) * lengths.back() / 100, lengths, coordinates[c]);
    return all;
}

template <class = void>
Triple mean_of(std::vector<Triple> const& points) {
    Triple mean{};
    for (auto const& p : points)
        for (std::size_t c = 0; c < 3; ++c) mean[c] += p[c] / static_cast<double>(points.size());
    return mean;
}

/// The principal axes of points around their mean, the longest first, by Jacobi's rotations.
template <class = void>
std::array<Triple, 3> principal_axes(std::vector<Triple> const& points) {
    std::array<Triple, 3> m{}, axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};  // axes are rows
    for (auto const& p : points)
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 3; ++j) m[i][j] += p[i] * p[j];
    for (int turn = 0; turn < 60; ++turn) {
        std::size_t i = 0, j = 1;
        for (auto const& [a, b] : {std::array<std::size_t, 2>{0, 2}, std::array<std::size_t, 2>{1, 2}})
            if (std::abs(m[a][b]) > std::abs(m[i][j])) i = a, j = b;
        if (m[i][j] == 0) break;
        auto const angle = std::atan2(2 * m[i][j], m[i][i] - m[j][j]) / 2;
        auto const c = std::cos(angle), s = std::sin(angle);
        auto const rotate = [&](double& a, double& b) {
            auto const kept = a;
            a = c * kept + s * b;
            b = c * b - s * kept;
        };
        for (std::size_t k = 0; k < 3; ++k) rotate(m[k][i], m[k][j]);
        for (std::size_t k = 0; k < 3; ++k) rotate(m[i][k], m[j][k]);
        for (std::size_t k = 0; k < 3; ++k) rotate(axes[i][k], axes[j][k]);
    }
    std::array<std::size_t, 3> order{0, 1, 2};
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return m[a][a] > m[b][b]; });
    return {axes[order[0]], axes[order[1]], axes[order[2]]};
}

/// One side of an outline: positions along the axis, which ascend, and the distances from it.
struct Side {
    std::vector<double> along, aside;

    /// Leaves out what goes back.
    void straighten() {
        for (auto j = along.size(); j-- > 1;)
            while (j < along.size() && j > 0 && along[j] <= along[j - 1]) {
                along.erase(along.begin() + static_cast<std::ptrdiff_t>(j));
                aside.erase(aside.begin() + static_cast<std::ptrdiff_t>(j));
            }
    }
};

/// The soma of one outline.
template <class = void>
std::vector<Point> soma_of(std::vector<Point> const& outline) {
    auto points = evenly(outline);
    auto const mean = mean_of(points);
    for (auto& p : points)
        for (std::size_t c = 0; c < 3; ++c) p[c] -= mean[c];
    auto const axes = principal_axes(points);
    auto major = axes[0];
    // Import3d runs towards larger x or y, whichever changes more. (Where an outline goes back, other points
    // are left out in the other direction. It differs for some outlines that are not flat in z.)
    if (major[std::abs(major[0]) >= std::abs(major[1]) ? 0 : 1] < 0)
        for (auto& c : major) c = -c;
    auto minor = axes[1];
    minor[2] = 0;
    auto const size = std::sqrt(dot(minor, minor));
    for (auto& c : minor) c /= size;

    Side first, second;
    for (auto const& p : points) {
        first.along.push_back(dot(p, major));
        first.aside.push_back(dot(p, minor));
    }
    auto const from_end = std::max_element(first.along.begin(), first.along.end()) - first.along.begin();
    for (auto* row : {&first.along, &first.aside})
        std::rotate(row->begin(), row->begin() + from_end, row->end());
    auto const turn = std::min_element(first.along.begin(), first.along.end()) - first.along.begin();
    second.along.assign(first.along.begin() + turn, first.along.end());
    second.aside.assign(first.aside.begin() + turn, first.aside.end());
    for (auto* row : {&first.along, &first.aside}) {
        row->resize(static_cast<std::size_t>(turn));
        std::reverse(row->begin(), row->end());
    }
    first.straighten();
    second.straighten();

    auto all = first.along;
    all.insert(all.end(), second.along.begin(), second.along.end());
    std::sort(all.begin(), all.end());
    auto const low = all[1], high = all[all.size() - 2];
    std::vector<Point> soma;
    for (int k = 0; k <= 20; ++k) {
        auto const d = low + k * ((high - low) / 20);
        soma.push_back({mean[0] + d * major[0], mean[1] + d * major[1], mean[2] + d * major[2],
                        std::abs(interpolated(d, first.along, first.aside) -
                                 interpolated(d, second.along, second.aside))});
    }
    soma.front().diam = (soma.front().diam + soma[1].diam) / 2;
    soma.back().diam = (soma.back().diam + soma[soma.size() - 2].diam) / 2;
    return soma;
}

/// The circle that stands for one outline of a stack.
template <class = void>
Point circle_of(std::vector<Point> const& outline) {
    double around = 0, radius = 0;
    for (std::size_t k = 0; k < outline.size(); ++k)
        around += distance(outline[k], outline[(k + 1) % outline.size()]);
    auto const points = evenly(outline);
    auto const mean = mean_of(points);
    for (auto const& p : points)
        radius +=
            std::hypot(p[0] - mean[0], p[1] - mean[1], p[2] - mean[2]) / static_cast<double>(points.size());
    return {mean[0], mean[1], mean[2], radius + around / (2 * std::numbers::pi)};
}

}  // namespace hillock::inline HILLOCK_ISA::asc
