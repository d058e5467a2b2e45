// SPDX-License-Identifier: MIT

// Statistics of a spike file: counts, trains, rates, intervals and a spectrogram, as tables and as pictures.
//
//     05_analysis --spikes spikes_1.dat --cells 1000 --tstop 250 --output analysis
//                 --group excitatory=0..799 --group inhibitory=800..999
//
// writes into the folder `analysis`
//     histogram.csv    t,count                        spikes in each bin; t is its left edge in ms
//     trains.npy       bins x cells                   spikes of each cell in each bin, for numpy.load
//     rates.csv        t,all,excitatory,inhibitory    rate in each bin, in Hz per cell
//     cells.csv        gid,spikes,rate,interval,cv    each cell's rate (Hz), mean interval (ms), variation
//     intervals.csv    gid,t,interval                 each interval (ms) and the spike at which it begins
//     spectrogram.csv  frequency (Hz) down, time (ms) across
//     raster.png, histogram.png, train.png, trains.png, spectrogram.png
// Undefined statistics (the variation of fewer than two intervals) are nan. Where --tstop is no whole number
// of bins, the last one is narrower; the Fano factor, the synchrony and the spectrogram leave it out.

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <hillock/analysis/bins.hpp>
#include <hillock/analysis/correlation.hpp>
#include <hillock/analysis/counts.hpp>
#include <hillock/analysis/intervals.hpp>
#include <hillock/analysis/npy.hpp>
#include <hillock/analysis/plot.hpp>
#include <hillock/analysis/rates.hpp>
#include <hillock/analysis/spectrum.hpp>
#include <hillock/analysis/synchrony.hpp>
#include <hillock/analysis/trains.hpp>
#include <hillock/files/output_file.hpp>
#include <hillock/spikes/file.hpp>
#include <hillock/words/cells.hpp>
#include <hillock/words/error.hpp>

#include "program.hpp"

namespace hk = hillock;
namespace ha = hillock::analysis;
namespace fs = std::filesystem;

namespace {

struct Options {
    fs::path spikes, output;
    hk::Gid cells = 0, neuron = 0;
    double tstop = 0, bin = 1;
    std::vector<std::string> groups;
};

constexpr double most_numbers = 1e9;  // in trains.npy

struct Study {
    hk::Raster spikes;
    hk::Gid cells;
    double tstop;
    ha::Bins bins;
    std::vector<hk::plot::Group> groups;
    fs::path folder;

    hk::Cells all() const { return {0, cells}; }
};

/// `left=0..399,800..899`: a label and the gids of a group, both ends included.
hk::plot::Group parse_group(std::string_view text, hk::Gid cells) {
    auto const number = [&](std::string_view digits) {
        hk::Gid gid{};
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), gid);
        hk::require(error == std::errc{} && end == digits.data() + digits.size() && gid < cells,
                    "--group {}: '{}' must be a gid, a whole number below {}", text, digits, cells);
        return gid;
    };
    auto const equals = text.find('=');
    hk::require(equals != text.npos && equals > 0 &&
                    text.substr(0, equals).find_first_of(",\"\n\r") == text.npos,
                "--group {}: must be like left=0..399,800..899", text);
    hk::plot::Group group{std::string{text.substr(0, equals)}, {}};
    for (auto rest = text.substr(equals);;) {
        rest.remove_prefix(1);
        auto const range = rest.substr(0, rest.find(','));
        auto const dots = range.find("..");
        auto const first = number(range.substr(0, dots)),
                   last = dots == range.npos ? first : number(range.substr(dots + 2));
        hk::require(first <= last && !group.cells.overlaps({first, last + 1}),
                    "--group {}: {} runs backwards or overlaps another range", text, range);
        group.cells = group.cells + hk::Cells{first, last + 1};
        if (rest.size() == range.size()) return group;
        rest.remove_prefix(range.size());
    }
}

/// Throws if a column of rates.csv has the label of a group.
void require_new(std::string_view label, std::span<hk::plot::Group const> groups) {
    bool const is_taken =
        label == "t" || label == "all" ||
        std::any_of(groups.begin(), groups.end(), [&](auto const& group) { return group.label == label; });
    hk::require(!is_taken, "--group {}: there is another column of this name in rates.csv", label);
}

void write_histogram(Study const& study, std::span<ha::Count const> counts) {
    hk::OutputFile file{study.folder / "histogram.csv"};
    file.print("t,count\n");
    for (std::size_t bin = 0; bin < counts.size(); ++bin)
        file.print("{:.12g},{}\n", study.bins.edge(bin), counts[bin]);
    file.commit();
    hk::plot::Series series{"", {counts.begin(), counts.end()}};
    auto const picture = hk::plot::steps(study.folder / "histogram.png", study.bins, {series},
                                         {.title = "Spikes of all cells",
                                          .x = {"time (ms)"},
                                          .y = {fmt::format("spikes per {} ms", study.bins.width())},
                                          .height = 500});
    fmt::print("{}\n", picture.message());
}

void write_rates(Study const& study) {
    std::vector<std::string> labels{"all"};
    std::vector<std::vector<double>> columns{ha::rates(study.spikes, study.bins, study.all())};
    for (auto const& [label, cells] : study.groups) {
        labels.push_back(label);
        columns.push_back(ha::rates(study.spikes, study.bins, cells));
    }
    hk::OutputFile file{study.folder / "rates.csv"};
    file.print("t,{}\n", fmt::join(labels, ","));
    for (std::size_t bin = 0; bin < study.bins.size(); ++bin) {
        file.print("{:.12g}", study.bins.edge(bin));
        for (auto const& rates : columns) file.print(",{:.12g}", rates[bin]);
        file.print("\n");
    }
    file.commit();

    fmt::print("mean rate of all cells: {:.3f} Hz\n", ha::mean_rate(study.spikes, study.all(), study.tstop));
    for (auto const& [label, cells] : study.groups)
        fmt::print("mean rate of the {} cells: {:.3f} Hz\n", label,
                   ha::mean_rate(study.spikes, cells, study.tstop));
    for (std::size_t i = 1; i < columns.size(); ++i)
        for (std::size_t j = i + 1; j < columns.size(); ++j)
            fmt::print("correlation of the {} and {} rates: {:.4f}\n", labels[i], labels[j],
                       ha::correlation(columns[i], columns[j]));
}

void write_intervals(Study const& study) {
    hk::OutputFile cells{study.folder / "cells.csv"}, every{study.folder / "intervals.csv"};
    cells.print("gid,spikes,rate,interval,cv\n");
    every.print("gid,t,interval\n");
    auto const trains = ha::trains_by_cell(study.spikes, study.cells);
    for (std::size_t gid = 0; gid < trains.size(); ++gid) {
        auto const& train = trains[gid];
        auto const intervals = ha::intervals(train);
        for (std::size_t i = 0; i < intervals.size(); ++i)
            every.print("{},{:.12g},{:.12g}\n", gid, train[i], intervals[i]);
        cells.print("{},{},{:.12g},{:.12g},{:.12g}\n", gid, train.size(),
                    1000 * static_cast<double>(train.size()) / study.tstop, ha::moments(intervals).mean,
                    ha::coefficient_of_variation(intervals));
    }
    cells.commit();
    every.commit();
}

void write_trains(Study const& study, hk::Gid neuron) {
    auto const synchrony = ha::synchrony(ha::binned_trains(study.spikes, study.bins.full(), study.cells));
    fmt::print("synchrony (chi of Golomb & Rinzel, bins of {} ms): {:.4f}\n", study.bins.width(), synchrony);
    auto const trains = ha::binned_trains(study.spikes, study.bins, study.cells);
    ha::write_npy(study.folder / "trains.npy", trains);

    auto const one = ha::spike_counts(study.spikes, study.bins, {neuron, neuron + 1});
    auto const train =
        hk::plot::steps(study.folder / "train.png", study.bins, {{"", {one.begin(), one.end()}}},
                        {.title = fmt::format("Spike train of cell {}", neuron),
                         .x = {"time (ms)"},
                         .y = {fmt::format("spikes per {} ms", study.bins.width())},
                         .height = 350});
    fmt::print("{}\n", train.message());

    ha::Matrix<double> first(std::min<std::size_t>(100, study.cells),
                             study.bins.size());  // time across, cells up
    for (std::size_t cell = 0; cell < first.rows(); ++cell)
        for (std::size_t bin = 0; bin < first.columns(); ++bin) first(cell, bin) = trains(bin, cell);
    auto const title = fmt::format("Spike trains of the first {} cells", first.rows());
    auto const image =
        hk::plot::heat_map(study.folder / "trains.png",
                           {.values = std::move(first),
                            .first_x = study.bins.edge(0) + study.bins.width() / 2,
                            .step_x = study.bins.width(),
                            .first_y = 0,
                            .step_y = 1,
                            .colour = {fmt::format("spikes per {} ms", study.bins.width()), 0}},
                           {.title = title, .x = {"time (ms)"}, .y = {"cell"}}, hk::plot::Palette::ink);
    fmt::print("{}\n", image.message());
}

void write_spectrogram(Study const& study, std::span<ha::Count const> counts) {
    constexpr std::size_t nperseg = 30, noverlap = 29, nfft = 300;
    constexpr auto largest_pictured = 250.;  // Hz
    if (counts.size() < nperseg) {
        fmt::print("no spectrogram: it takes {} bins, here are {}\n", nperseg, counts.size());
        return;
    }
    auto const fs = 1000 / study.bins.width();  // Hz
    std::vector<double> signal(counts.begin(), counts.end());
    for (auto& count : signal) count *= fs;  // spikes per second
    auto const spectrogram =
        ha::spectrogram(signal, {.fs = fs, .nperseg = nperseg, .noverlap = noverlap, .nfft = nfft});

    hk::OutputFile file{study.folder / "spectrogram.csv"};
    file.print("nan");  // the corner of the table, for readers that accept numbers only
    for (auto const seconds : spectrogram.times) file.print(",{:.12g}", 1000 * seconds);
    file.print("\n");
    for (std::size_t k = 0; k < spectrogram.frequencies.size(); ++k) {
        file.print("{}", spectrogram.frequencies[k]);
        for (auto const power : spectrogram.power.row(k)) file.print(",{}", power);
        file.print("\n");
    }
    file.commit();

    auto const beyond = std::ranges::upper_bound(spectrogram.frequencies, largest_pictured);
    ha::Matrix<double> power(static_cast<std::size_t>(beyond - spectrogram.frequencies.begin()),
                             spectrogram.times.size());
    for (std::size_t k = 0; k < power.rows(); ++k)
        for (std::size_t t = 0; t < power.columns(); ++t)
            power(k, t) = 1e-6 * spectrogram.power(k, t);  // of spikes/ms
    auto const picture = hk::plot::heat_map(study.folder / "spectrogram.png",
                                            {.values = std::move(power),
                                             .first_x = 1000 * spectrogram.times.front(),
                                             .step_x = study.bins.width() * (nperseg - noverlap),
                                             .first_y = 0,
                                             .step_y = fs / nfft,
                                             .colour = {"power density ((spikes/ms)²/Hz)", 0}},
                                            {.title = "Spectrogram of the spikes of all cells",
                                             .x = {"time (ms)", 0, study.bins.stop()},
                                             .y = {"frequency (Hz)", 0}});
    fmt::print("{}\n", picture.message());
}

void write_raster(Study const& study) {
    auto const picture =
        hk::plot::raster(study.folder / "raster.png", study.spikes, study.groups,
                         {.title = fmt::format("{} spikes of {} cells", study.spikes.size(), study.cells),
                          .x = {"time (ms)", 0, study.tstop},
                          .y = {"cell", -1, study.cells},
                          .height = 900});
    fmt::print("{}\n", picture.message());
}

void analyse(Options const& options) {
    hk::require(options.cells > 0, "--cells {}: must be at least 1", options.cells);
    hk::require(options.neuron < options.cells, "--neuron {}: must be below the number of cells, {}",
                options.neuron, options.cells);
    Study study{hk::read_spikes(options.spikes, options.cells),
                options.cells,
                options.tstop,
                ha::Bins{options.bin, options.tstop},
                {},
                options.output};
    for (auto const& text : options.groups) {
        auto group = parse_group(text, options.cells);
        require_new(group.label, study.groups);
        study.groups.push_back(std::move(group));
    }
    hk::require(static_cast<double>(study.bins.size()) * study.cells < most_numbers,
                "{} bins of {} cells: may be at most {} numbers", study.bins.size(), study.cells,
                most_numbers);
    if (auto const late =
            std::erase_if(study.spikes, [&](auto const& spike) { return spike.time > study.bins.stop(); }))
        hk::print_error("05_analysis: {} spikes after --tstop {} ms are left out\n", late, study.tstop);
    std::error_code reason;
    fs::create_directories(study.folder, reason);
    hk::require(!reason, "cannot make the folder '{}': {}", study.folder.string(), reason.message());

    std::vector<FileOption> tables;
    for (auto const* table :
         {"histogram.csv", "trains.npy", "rates.csv", "cells.csv", "intervals.csv", "spectrogram.csv"})
        tables.push_back({"--output", (study.folder / table).string()});
    require_different_files({{"--spikes", options.spikes.string()}}, tables);

    auto const counts = ha::spike_counts(study.spikes, study.bins),
               full_counts = ha::spike_counts(study.spikes, study.bins.full());
    fmt::print("{} spikes of {} cells; Fano factor of the counts per {} ms: {:.4f}\n", study.spikes.size(),
               study.cells, study.bins.width(), ha::fano_factor(full_counts));
    write_histogram(study, counts);
    write_rates(study);
    write_intervals(study);
    write_trains(study, options.neuron);
    write_spectrogram(study, full_counts);
    write_raster(study);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"Counts, trains, rates, intervals, a spectrogram and pictures of a spike file."};
    app.add_option("--spikes", options.spikes,
                   "spike file: a line a spike, `time, gid`, in ascending (time, gid)")
        ->required();
    app.add_option("--cells", options.cells, "number of cells; gids are below it")->required();
    app.add_option("--tstop", options.tstop, "length of the run in ms")->check(is_duration)->required();
    app.add_option("--output", options.output, "folder for tables and pictures; made if it is not there")
        ->required();
    app.add_option("--bin", options.bin, "width of a bin in ms")->check(is_positive)->capture_default_str();
    app.add_option("--neuron", options.neuron, "gid of the cell whose train is drawn by itself")
        ->capture_default_str();
    app.add_option("--group", options.groups,
                   "label and gids of a group, ends included: left=0..399,800..899; repeatable")
        ->expected(1)
        ->take_all();
    return run_program(app, argc, argv, [&] { analyse(options); });
}
