// SPDX-License-Identifier: MIT
#pragma once

/// Ions, with NEURON's names, defaults and rules. An ion has four node variables (node_variable.hpp):
///
///   ion::ca::current    "ica"   mA/cm2, outward positive: the sum over the mechanisms that add to it
///   ion::ca::reversal   "eca"   mV
///   ion::ca::inside     "cai"   mM
///   ion::ca::outside    "cao"   mM
///
/// Any other ion is declared by its name and valence: `using cl = Ion<"cl", -1>;`.
///
/// Where some mechanism writes a concentration, the reversal potential follows Nernst: when cells are
/// initialised, after each mechanism that initialises a concentration, and at the beginning of every step's
/// currents. Where mechanisms only read one, it is Nernst's when cells are initialised, as in NEURON.
/// Elsewhere it is a parameter: `net.set(cells, "ena", 55)`. So are concentrations that nobody writes.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <string_view>

#include <hillock/isa.hpp>
#include <hillock/model/node_variable.hpp>
#include <hillock/simd/cmath.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/math.hpp>
#include <hillock/simd/plain.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace ion {

inline constexpr double faraday = 96485.3321233100141;    // C/mol
inline constexpr double gas_constant = 8.31446261815324;  // J/(K mol)

/// Values of an ion until they are set.
struct Defaults {
    double reversal, inside, outside;  // mV, mM, mM
};
/// NEURON's defaults.
constexpr Defaults defaults(std::string_view name) {
    if (name == "na") return {50, 10, 140};
    if (name == "k") return {-77, 54.4, 2.5};
    if (name == "ca") return {132.4579341637009, 5e-5, 2};
    return {0, 1, 1};
}

/// The name of an ion, as a template's argument.
template <std::size_t size>
struct Name {
    std::array<char, size> text{};  // without the 0 at its end

    constexpr Name(char const (&chars)[size + 1]) { std::copy_n(chars, size, text.begin()); }  // its letters
};
/// Leaves out the 0 at the end of a literal.
template <std::size_t size>
Name(char const (&)[size]) -> Name<size - 1>;

/// The letters of the name of an ion's variable: `before`, the ion's name, `after`.
template <Name name, char before, char after>
inline constexpr auto letters = [] {
    std::array<char, name.text.size() + 1> all{};
    std::copy(name.text.begin(), name.text.end(), all.begin() + (before ? 1 : 0));
    (before ? all.front() : all.back()) = before ? before : after;
    return all;
}();
/// The same as text.
template <Name name, char before, char after>
constexpr std::string_view called() {
    auto const& all = letters<name, before, after>;
    return {all.data(), all.size()};
}

}  // namespace ion

/// An ion of any name and valence; of valence 0, a substance without charge, whose reversal potential by
/// Nernst is 0 as in NEURON.
template <ion::Name name_, int valence_>
struct Ion {
    static constexpr std::string_view name{name_.text.data(), name_.text.size()};  // as in NEURON
    static constexpr int valence = valence_;                                       // elementary charges
    static constexpr ion::Defaults defaults = ion::defaults(name);                 // mV, mM, mM

    /// The density of the current, outward positive.
    struct current {
        using ion = Ion;
        static constexpr NodeVariable is{
            .name = hillock::ion::called<name_, 'i', 0>(), .unit = "mA/cm2", .summed = true};
    };
    /// The reversal potential.
    struct reversal {
        using ion = Ion;
        static constexpr NodeVariable is{
            .name = hillock::ion::called<name_, 'e', 0>(), .unit = "mV", .initial = defaults.reversal};
    };
    /// The concentration inside.
    struct inside {
        using ion = Ion;
        static constexpr NodeVariable is{
            .name = hillock::ion::called<name_, 0, 'i'>(), .unit = "mM", .initial = defaults.inside};
    };
    /// The concentration outside.
    struct outside {
        using ion = Ion;
        static constexpr NodeVariable is{
            .name = hillock::ion::called<name_, 0, 'o'>(), .unit = "mM", .initial = defaults.outside};
    };

    /// Nernst's potential in mV, of concentrations in mM.
    template <class T>
    static T nernst(T within, T without, T celsius) {
        if constexpr (valence == 0) {
            return T(0);
        } else {
            constexpr double mv_per_kelvin =
                1000 * hillock::ion::gas_constant / hillock::ion::faraday / valence;
            return mv_per_kelvin * (celsius + 273.15) * log(without / within);
        }
    }

    /// The current in mA/cm2 through a membrane of permeability 1 cm/s, of constant field (Goldman, J Gen
    /// Physiol 27:37, 1943; Hodgkin & Katz, J Physiol 108:37, 1949), at `v` mV and concentrations in mM:
    ///
    ///   i = 0.001 z F (ci u/(1 - exp(-u)) - co u/(exp(u) - 1))      u = z F V/(R T)
    ///
    /// It is not linear in `v`: give it as `differenced(v, i)` (current.hpp).
    template <class T>
    static T constant_field(T v, T within, T without, T celsius) {
        constexpr double kelvin_per_mv = valence * hillock::ion::faraday / hillock::ion::gas_constant / 1000;
        T const u = kelvin_per_mv * v / (celsius + 273.15);
        return 1e-3 * valence * hillock::ion::faraday * (within / exprel(-u) - without / exprel(u));
    }
};

namespace ion {

using na = Ion<"na", 1>;  // sodium
using k = Ion<"k", 1>;    // potassium
using ca = Ion<"ca", 2>;  // calcium

}  // namespace ion

/// A concentration of an ion.
template <class V>
concept IsConcentration = requires {
    typename V::ion;
} && (std::same_as<V, typename V::ion::inside> || std::same_as<V, typename V::ion::outside>);

}  // namespace hillock::inline HILLOCK_ISA
