// SPDX-License-Identifier: MIT
#pragma once

/// The one coherent system of units, NEURON's; every number in the library is a plain number in it.
///
///   time ms | voltage mV | current density mA/cm2 | conductance density S/cm2 | point current nA
///   point conductance, synaptic weight uS | capacitance uF/cm2 | axial resistivity ohm cm | length, diameter um | area um2
///
/// The functions below are the places where two of these meet.

#include <numbers>

namespace hillock::units {

/// Density (mA/cm2 per nA, or S/cm2 per uS) of a point process on a membrane of `area` um2.
constexpr double density_per_point(double area) { return 100. / area; }

/// Conductance density (S/cm2) that stands for a capacitance of `cm` uF/cm2 in an implicit Euler step of `dt` ms.
constexpr double capacitive_conductance(double cm, double dt) { return 1e-3 * cm / dt; }

/// Lateral area (um2) of a cylinder of length `L` and diameter `diam` (um).
constexpr double cylinder_area(double L, double diam) { return std::numbers::pi * diam * L; }

}  // namespace hillock::units
