// SPDX-License-Identifier: MIT
#pragma once

/// The units of all numbers in the library, which are NEURON's, and the conversions between them.
///
///   time                                ms         capacitance          uF/cm2
///   voltage                             mV         axial resistivity    ohm cm
///   current density                     mA/cm2     length, diameter     um
///   conductance density                 S/cm2      area                 um2
///   point current                       nA
///   point conductance, synaptic weight  uS

#include <numbers>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::units {

/// Density (mA/cm2 per nA, or S/cm2 per uS) of a point process on a membrane of `area` um2.
constexpr double density_per_point(double area) { return 100. / area; }

/// Conductance density (S/cm2) of a capacitance of `cm` uF/cm2 in an implicit Euler step of `dt` ms.
constexpr double capacitive_conductance(double cm, double dt) { return 1e-3 * cm / dt; }

/// Lateral area (um2) of a cylinder of length `L` and diameter `diam` (um).
constexpr double cylinder_area(double L, double diam) { return std::numbers::pi * diam * L; }

/// Axial resistance (megohm) of a frustum of length `L` and end diameters `d1` and `d2` (um), filled with a
/// medium of `Ra` ohm cm.
constexpr double axial_resistance(double Ra, double L, double d1, double d2) {
    return 0.04 * Ra * L / (std::numbers::pi * d1 * d2);
}

/// Conductance (uS) or current (nA) per density (S/cm2, mA/cm2) on a membrane of `area` um2.
constexpr double point_per_density(double area) { return 0.01 * area; }

}  // namespace hillock::inline HILLOCK_ISA::units
