// SPDX-License-Identifier: MIT
#pragma once

/// The network and the aliases that people use.

#include <hillock/isa.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A network whose state is of type `Real`, in vectors of xsimd's architecture `Arch` (or `simd::scalar`).
template <class Real, class Arch, class... C>
class basic_network;

/// In double precision, as NEURON computes.
template <class... C>
using Network = basic_network<double, simd::native, C...>;

/// In single precision: half the memory, about twice the speed; spikes differ from those in double precision.
template <class... C>
using SingleNetwork = basic_network<float, simd::native, C...>;

/// One cell at a time, for comparison: the same bits as `Network`.
template <class... C>
using ScalarNetwork = basic_network<double, simd::scalar, C...>;

}  // namespace hillock::inline HILLOCK_ISA
