// SPDX-License-Identifier: MIT

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <hillock/analysis/counts.hpp>
#include <hillock/analysis/spectrum.hpp>
#include <hillock/analysis/window.hpp>
#include <hillock/words/error.hpp>

#include "expected.hpp"

namespace spectrum_tests {

using namespace hillock;
using namespace hillock::analysis;

namespace {

std::vector<double> counts(double factor = 1) {
    auto const counts = spike_counts(expected::raster(), {1, 100});
    std::vector<double> signal(counts.begin(), counts.end());
    for (auto& x : signal) x *= factor;
    return signal;
}

/// Compares with the numbers stored under `name`: every `stride`-th frequency.
void check(Spectrogram const& found, std::string const& name, std::size_t stride = 1) {
    expected::check_close(found.times, expected::numbers(name + "_times"));
    std::vector<double> frequencies, power;
    for (std::size_t k = 0; k < found.frequencies.size(); k += stride) {
        frequencies.push_back(found.frequencies[k]);
        power.insert(power.end(), found.power.row(k).begin(), found.power.row(k).end());
    }
    expected::check_close(frequencies, expected::numbers(name + "_frequencies"));
    expected::check_close(power, expected::numbers(name + "_power"));
}

}  // namespace

TEST_CASE("windows are scipy's periodic ones") {
    std::vector<std::pair<std::string, Window>> const windows{
        {"boxcar", Window::boxcar()},     {"hann", Window::hann()},           {"hamming", Window::hamming()},
        {"blackman", Window::blackman()}, {"tukey0.25", Window::tukey(0.25)}, {"tukey0", Window::tukey(0)},
        {"tukey0.6", Window::tukey(0.6)}, {"tukey1", Window::tukey(1)},
    };
    for (auto const& window : windows)
        for (std::size_t const n : {1, 2, 7, 30}) {
            auto const name = "window_" + window.first + "_" + std::to_string(n);
            CAPTURE(name);
            expected::check_close(window.second.weights(n), expected::numbers(name));
        }
    CHECK_THROWS_WITH_AS(Window::tukey(1.5), "Tukey window with alpha 1.5: must be from 0 to 1", Error);
    CHECK_THROWS_AS(Window::tukey(-0.1), Error);
    CHECK_THROWS_AS(Window::tukey(std::nan("")), Error);
}

TEST_CASE("the tutorial's spectrogram is scipy's") {
    auto const found = spectrogram(counts(1000), {.fs = 1000, .nperseg = 30, .noverlap = 29, .nfft = 300});
    CHECK(found.power.rows() == 151);
    CHECK(found.power.columns() == 71);
    check(found, "tutorial", 15);
}

TEST_CASE("odd lengths, a linear trend, scaled as a spectrum") {
    auto signal = counts();
    for (std::size_t i = 0; i < signal.size(); ++i) signal[i] += 0.1 * static_cast<double>(i);
    check(spectrogram(signal, {.fs = 10,
                               .window = Window::hamming(),
                               .nperseg = 21,
                               .noverlap = 4,
                               .nfft = 33,
                               .detrend = Detrend::linear,
                               .scaling = Scaling::spectrum}),
          "odd");
}

TEST_CASE("defaults for overlap and transform, nothing subtracted") {
    check(spectrogram(counts(), {.window = Window::blackman(), .nperseg = 16, .detrend = Detrend::none}),
          "plain");
}

TEST_CASE("a power spectrum is Welch's") {
    auto const found = power_spectrum(counts(), {.fs = 1000, .window = Window::hann(), .nperseg = 25});
    expected::check_close(found.frequencies, expected::numbers("welch_frequencies"));
    expected::check_close(found.power, expected::numbers("welch_power"));
}

TEST_CASE("a sine's power stands at its frequency; a density's integral is the signal's power") {
    std::vector<double> sine(200);
    for (std::size_t i = 0; i < sine.size(); ++i)
        sine[i] = 3 * std::sin(2 * std::numbers::pi * 40 * static_cast<double>(i) / 1000);
    SpectrumOptions options{
        .fs = 1000, .window = Window::boxcar(), .nperseg = 200, .scaling = Scaling::spectrum};
    CHECK(power_spectrum(sine, options).power[8] == doctest::Approx(4.5));
    options.scaling = Scaling::density;
    double power = 0;
    for (auto const density : power_spectrum(sine, options).power) power += density * 1000 / 200;
    CHECK(power == doctest::Approx(4.5));
}

TEST_CASE("a signal of one segment, of one sample, of silence") {
    CHECK(spectrogram(counts(), {.nperseg = 100}).times.size() == 1);
    auto const one = spectrogram(std::vector<double>{2},
                                 {.window = Window::boxcar(), .nperseg = 1, .detrend = Detrend::none});
    CHECK(one.power(0, 0) == 4);
    auto const linear = spectrogram(std::vector<double>{2}, {.nperseg = 1, .detrend = Detrend::linear});
    CHECK(linear.power(0, 0) == 0);
    auto const silence = spectrogram(std::vector<double>(50), {.nperseg = 10});
    for (auto const power : silence.power.numbers()) CHECK(power == 0);
}

TEST_CASE("options that do not fit are refused") {
    auto const with = [](SpectrumOptions const& options) { return spectrogram(counts(), options); };
    CHECK_THROWS_WITH_AS(with({.fs = 0, .nperseg = 30}), "spectrum: fs 0 Hz must be positive and finite",
                         Error);
    CHECK_THROWS_WITH_AS(with({}), "spectrum: nperseg 256 must be from 1 to the number of samples, 100",
                         Error);
    CHECK_THROWS_AS(with({.nperseg = 0}), Error);
    CHECK_THROWS_WITH_AS(with({.nperseg = 30, .noverlap = 30}),
                         "spectrum: noverlap 30 must be less than nperseg, 30", Error);
    CHECK_THROWS_WITH_AS(with({.nperseg = 30, .nfft = 29}), "spectrum: nfft 29 must be at least nperseg, 30",
                         Error);
    CHECK_THROWS_AS(spectrogram({}, {.nperseg = 1}), Error);
    CHECK_THROWS_WITH_AS(power_spectrum(std::vector<double>{1, 2, std::nan(""), 4}, {.nperseg = 2}),
                         "spectrum: number 2 is nan: must be finite", Error);
}

}  // namespace spectrum_tests
