// SPDX-License-Identifier: MIT
#pragma once

/// The one coherent system of units, NEURON's; every number in the library is a plain number in it.
///
///   time ms | voltage mV | current density mA/cm2 | conductance density S/cm2 | point current nA
///   point conductance, synaptic weight uS | capacitance uF/cm2 | axial resistivity ohm cm | length, diameter um | area um2
///
/// The functions below are the places where two of these meet.

#include <numbers>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::units {

/// Density (mA/cm2 per nA, or S/cm2 per uS) of a point process on a membrane of `area` um2.
constexpr double density_per_point(double area) { return 100. / area; }

/// Conductance density (S/cm2) that stands for a capacitance of `cm` uF/cm2 in an implicit Euler step of `dt`
/// ms.
constexpr double capacitive_conductance(double cm, double dt) { return 1e-3 * cm / dt; }

/// Lateral area (um2) of a cylinder of length `L` and diameter `diam` (um).
constexpr double cylinder_area(double L, double diam) { return std::numbers::pi * diam * L; }

/// Resistance (megohm) along the axis of a frustum of length `L` whose ends have the diameters `d1` and `d2`
/// (um), of a medium of `Ra` ohm cm.
constexpr double axial_resistance(double Ra, double L, double d1, double d2) {
    return 0.04 * Ra * L / (std::numbers::pi * d1 * d2);
}

/// What a density of 1 (S/cm2, or mA/cm2) amounts to on a membrane of `area` um2 (in uS, or nA).
constexpr double point_per_density(double area) { return 0.01 * area; }

}  // namespace hillock::inline HILLOCK_ISA::units
