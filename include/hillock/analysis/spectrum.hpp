// SPDX-License-Identifier: MIT
#pragma once

/// Power spectra of a sampled signal, numerically those of `scipy.signal.spectrogram` and
/// `scipy.signal.welch`. Requires kissfft's C++ header.

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <kissfft/kissfft.hh>

#include <hillock/analysis/matrix.hpp>
#include <hillock/analysis/statistics.hpp>
#include <hillock/analysis/window.hpp>
#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::analysis {

/// Subtracted from each segment before its transform: nothing, its mean, or its least-squares line.
enum class Detrend { none, constant, linear };

/// The unit of power: a density (unit^2/Hz; its integral over frequency is the signal's power), or a spectrum
/// (unit^2; its height at a sine's frequency is the sine's power).
enum class Scaling { density, spectrum };

/// Options for cutting a signal into segments and transforming them; names and defaults are scipy's.
struct SpectrumOptions {
    double fs = 1;                             ///< samples per second (Hz)
    Window window = Window::tukey(0.25);       // multiplied with each segment
    std::size_t nperseg = 256;                 ///< samples in a segment; at most the signal's length
    std::optional<std::size_t> noverlap = {};  ///< samples that neighbours share; default nperseg/8
    std::optional<std::size_t> nfft = {};  ///< length of the transform, the rest is zeros; default nperseg
    Detrend detrend = Detrend::constant;   // taken off each segment first
    Scaling scaling = Scaling::density;    // the unit of power
};

/// One-sided power over frequency.
struct Spectrum {
    std::vector<double> frequencies;  ///< Hz, from 0 to fs/2
    std::vector<double> power;        // at each frequency, in the unit of Scaling
};

/// One-sided power over frequency (rows) and time (columns).
struct Spectrogram {
    std::vector<double> frequencies;  ///< Hz, from 0 to fs/2
    std::vector<double> times;        ///< s, the middles of the segments
    Matrix<double> power;             // in the unit of Scaling
};

namespace spectrum {

inline void check(SpectrumOptions const& options, std::size_t samples) {
    auto const nfft = options.nfft.value_or(options.nperseg);
    require(std::isfinite(options.fs) && options.fs > 0, "spectrum: fs {} Hz must be positive and finite",
            options.fs);
    require(options.nperseg >= 1 && options.nperseg <= samples,
            "spectrum: nperseg {} must be from 1 to the number of samples, {}", options.nperseg, samples);
    require(options.noverlap.value_or(0) < options.nperseg,
            "spectrum: noverlap {} must be less than nperseg, {}", options.noverlap.value_or(0),
            options.nperseg);
    require(nfft >= options.nperseg, "spectrum: nfft {} must be at least nperseg, {}", nfft, options.nperseg);
}

inline void subtract_mean(std::span<double> segment) {
    double sum = 0;
    for (auto const x : segment) sum += x;
    for (auto& x : segment) x -= sum / static_cast<double>(segment.size());
}

inline void subtract_line(std::span<double> segment) {
    subtract_mean(segment);
    auto const middle = (static_cast<double>(segment.size()) - 1) / 2;
    double product = 0, square = 0;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        auto const from_middle = static_cast<double>(i) - middle;
        product += from_middle * segment[i];
        square += from_middle * from_middle;
    }
    if (square > 0)
        for (std::size_t i = 0; i < segment.size(); ++i)
            segment[i] -= product / square * (static_cast<double>(i) - middle);
}

/// The factor from |transform|^2 to power.
inline double scale(SpectrumOptions const& options, std::span<double const> weights) {
    double sum = 0, squares = 0;
    for (auto const w : weights) sum += w, squares += w * w;
    return options.scaling == Scaling::density ? 1 / (options.fs * squares) : 1 / (sum * sum);
}

/// The frequencies (Hz) of the transform: 0, fs/nfft, 2 fs/nfft, ... up to fs/2.
inline std::vector<double> frequencies(double fs, std::size_t nfft) {
    std::vector<double> frequencies(nfft / 2 + 1);
    for (std::size_t k = 0; k < frequencies.size(); ++k)
        frequencies[k] = static_cast<double>(k) * fs / static_cast<double>(nfft);
    return frequencies;
}

}  // namespace spectrum

/// The power of `signal` over frequency and time: one column for each segment that lies within the signal.
/// Throws if the options do not fit the signal or each other.
inline Spectrogram spectrogram(std::span<double const> signal, SpectrumOptions const& options) {
    spectrum::check(options, signal.size());
    require_finite("spectrum", signal);
    auto const nperseg = options.nperseg;
    auto const nfft = options.nfft.value_or(nperseg);
    auto const hop = nperseg - options.noverlap.value_or(nperseg / 8);
    auto const weights = options.window.weights(nperseg);
    auto const scale = spectrum::scale(options, weights);
    auto const segments = (signal.size() - nperseg) / hop + 1;

    Spectrogram result{spectrum::frequencies(options.fs, nfft), {}, {nfft / 2 + 1, segments}};
    kissfft<double> const fourier(nfft, false);
    std::vector<double> segment(nperseg);
    std::vector<std::complex<double>> padded(nfft), transform(nfft);
    for (std::size_t s = 0; s < segments; ++s) {
        auto const first = s * hop;
        std::ranges::copy(signal.subspan(first, nperseg), segment.begin());
        if (options.detrend == Detrend::constant) spectrum::subtract_mean(segment);
        if (options.detrend == Detrend::linear) spectrum::subtract_line(segment);
        for (std::size_t i = 0; i < nperseg; ++i) padded[i] = segment[i] * weights[i];
        fourier.transform(padded.data(), transform.data());
        for (std::size_t k = 0; k <= nfft / 2; ++k) {
            auto const has_mirror_image =
                k > 0 && 2 * k != nfft;  // at -k: a real signal has the same power there
            result.power(k, s) = (has_mirror_image ? 2 : 1) * scale * std::norm(transform[k]);
        }
        result.times.push_back((static_cast<double>(first) + static_cast<double>(nperseg) / 2) / options.fs);
    }
    return result;
}

/// The power of `signal` over frequency, the mean over its segments (Welch's method). `noverlap` is nperseg/2
/// by default here, as in `scipy.signal.welch`, whose default window is Hann's.
inline Spectrum power_spectrum(std::span<double const> signal, SpectrumOptions options) {
    if (!options.noverlap) options.noverlap = options.nperseg / 2;
    auto segments = spectrogram(signal, options);
    Spectrum result{std::move(segments.frequencies), {}};
    for (std::size_t k = 0; k < segments.power.rows(); ++k) {
        double sum = 0;
        for (auto const power : segments.power.row(k)) sum += power;
        result.power.push_back(sum / static_cast<double>(segments.power.columns()));
    }
    return result;
}

}  // namespace hillock::inline HILLOCK_ISA::analysis
