// SPDX-License-Identifier: MIT
#pragma once

/// The variants of a sweep (analysis/sweep.hpp) from a grid, from random draws or from a list, and the table
/// of their features, as CSV and as a picture.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hillock/analysis/plot.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/wiring/value.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The parameters in which variants differ, as `set` knows them ("gnabar", "soma.gnabar", "dend(0.7).e") or,
/// for a network, as the function that makes it asks for them, and their values. Written out it is a list:
/// `Variants{.names = {"gnabar"}, .values = {{0.1}, {0.12}}}`.
struct Variants {
    std::vector<std::string> names;           // set one after the other
    std::vector<std::vector<double>> values;  // of each variant, one for each name

    std::size_t size() const { return values.size(); }  // the number of variants
};

/// The values of one variant: `value("gnabar")`.
class VariantValues {
public:
    /// Those of variant number `variant`.
    VariantValues(Variants const& variants, std::size_t variant) : variants_{variants}, variant_{variant} {}

    /// The value of the parameter of that name; an error where there is none.
    double operator()(std::string_view name) const {
        auto const& names = variants_.names;
        auto const at = static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
        if (at == names.size())
            throw Error(
                fmt::format("sweep: variants have no '{}'; they have {}", name, fmt::join(names, ", ")));
        return variants_.values[variant_][at];
    }
    std::size_t variant() const { return variant_; }  // its number

private:
    Variants const& variants_;
    std::size_t variant_;
};

/// A parameter of a grid.
struct SweptValues {
    std::string name;            // as `set` knows it
    std::vector<double> values;  // all that it takes
};

/// Every combination of the parameters' values; those of the last one change first.
inline Variants grid(std::vector<SweptValues> const& parameters) {
    Variants made{.names = {}, .values = {{}}};
    for (auto const& [name, values] : parameters) {
        made.names.push_back(name);
        std::vector<std::vector<double>> longer;
        for (auto const& variant : made.values)
            for (auto const value : values) {
                longer.push_back(variant);
                longer.back().push_back(value);
            }
        made.values = std::move(longer);
    }
    return made;
}

/// A parameter that is drawn for each variant.
struct SweptDraw {
    std::string name;                           // as `set` knows it
    std::function<double(RandomStream&)> draw;  // its value in one variant

    /// Draws from `Uniform`, `Normal`, `LogNormal`, each also `Truncated`, or a distribution of your own.
    template <Distribution D>
    SweptDraw(std::string parameter, D distribution) : name{std::move(parameter)} {
        require_possible(distribution);
        draw = [d = std::move(distribution)](RandomStream& random) -> double { return d.draw(random); };
    }
};

/// `n` variants whose parameters are drawn, each from a stream of its own: those of the first variants do not
/// depend on how many follow, those of the first parameters not on the others.
inline Variants random_draws(std::size_t n, std::vector<SweptDraw> const& parameters,
                             std::uint32_t seed = 1) {
    constexpr std::uint32_t key = 5;  // of streams: see `StreamId`
    Variants made{.names = {}, .values = std::vector<std::vector<double>>(n)};
    for (std::uint32_t k = 0; k < parameters.size(); ++k) {
        made.names.push_back(parameters[k].name);
        for (std::size_t variant = 0; variant < n; ++variant) {
            RandomStream random(
                {.id1 = static_cast<std::uint32_t>(variant), .id2 = k, .key0 = seed, .key1 = key});
            made.values[variant].push_back(parameters[k].draw(random));
        }
    }
    return made;
}

/// The answer of one variant, from the beginning of its window on.
struct Features {
    double spikes = 0;                                                 // how many
    double latency = std::numeric_limits<double>::quiet_NaN();         // of the first, ms; NaN without one
    double rate = 0;                                                   // spikes/s
    double first_interval = std::numeric_limits<double>::quiet_NaN();  // ms; NaN with fewer than two spikes
    double mean = 0, trough = 0;  // of V in mV, over its values at all steps

    /// The names of the features, in the order of `all`.
    static constexpr std::array<std::string_view, 6> names{"spikes",         "latency", "rate",
                                                           "first_interval", "mean",    "trough"};
    std::array<double, 6> all() const { return {spikes, latency, rate, first_interval, mean, trough}; }
};

/// The variants of a sweep and their features.
struct SweepTable {
    Variants variants;               // in their order
    std::vector<Features> features;  // of each variant

    /// The names of all columns.
    std::string names() const {
        auto const found = fmt::format("{}", fmt::join(Features::names, ","));
        return variants.names.empty() ? found : fmt::format("{},{}", fmt::join(variants.names, ","), found);
    }
    /// The values of a parameter or feature in all variants.
    std::vector<double> column(std::string_view name) const {
        auto const& parameters = variants.names;
        auto const of = static_cast<std::size_t>(std::ranges::find(parameters, name) - parameters.begin());
        auto const feature =
            static_cast<std::size_t>(std::ranges::find(Features::names, name) - Features::names.begin());
        bool const is_parameter = of < parameters.size();
        require(is_parameter || feature < Features::names.size(),
                "sweep: '{}' is no column of its table: must be one of {}", name, names());
        std::vector<double> found;
        for (std::size_t k = 0; k < features.size(); ++k)
            found.push_back(is_parameter ? variants.values[k][of] : features[k].all()[feature]);
        return found;
    }
};

/// Writes a table: a line for each variant, with its parameters by their names, and its features.
inline void write_sweep(OutputFile& file, SweepTable const& table) {
    file.print("{}\n", table.names());
    for (std::size_t k = 0; k < table.features.size(); ++k) {
        for (auto const value : table.variants.values[k]) file.print("{},", value);
        file.print("{}\n", fmt::format("{}", fmt::join(table.features[k].all(), ",")));
    }
    file.commit();
}
inline void write_sweep(std::filesystem::path const& path, SweepTable const& table) {
    OutputFile file(path);
    write_sweep(file, table);
}

namespace plot {

/// Draws each variant as a point whose place and colour are columns of the table: parameters or features.
/// Where the colour's is NaN, the point is grey.
inline Picture sweep(std::filesystem::path const& image, SweepTable const& table, std::string const& x,
                     std::string const& y, std::string const& colour, Layout layout = {}) {
    auto const picture = gnuplot::beside(image);
    auto const xs = table.column(x), ys = table.column(y), colours = table.column(colour);
    gnuplot::Extent across, up;
    OutputFile data{picture.data};
    for (std::size_t k = 0; k < xs.size(); ++k) {
        data.print("{} {} {}\n", xs[k], ys[k], colours[k]);
        across.include(xs[k]);
        up.include(ys[k]);
    }
    data.commit();
    layout.x = gnuplot::fitted(layout.x, across.widened(0.02));
    layout.y = gnuplot::fitted(layout.y, up.widened(0.02));
    if (layout.x.label.empty()) layout.x.label = x;
    if (layout.y.label.empty()) layout.y.label = y;
    return gnuplot::draw(
        picture, layout,
        fmt::format("set palette defined {}\nset cblabel {} offset 2\nset rmargin 12\n"
                    "\nplot data using 1:2 with points pointtype 7 pointsize 0.9 linecolor rgb "
                    "'#cccccc' notitle, \\\n     data using 1:2:3 with points pointtype 7 "
                    "pointsize 0.9 palette notitle\n",
                    gnuplot::viridis, gnuplot::in_quotes(colour)));
}

}  // namespace plot
}  // namespace hillock::inline HILLOCK_ISA
