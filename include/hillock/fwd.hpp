// SPDX-License-Identifier: MIT
#pragma once

/// The table of contents: the network, and the class templates that most programs name, with their defaults
/// and aliases. The umbrella header, hillock.hpp, includes all others.

#include <hillock/isa.hpp>
#include <hillock/simd/lane.hpp>

namespace hillock::inline HILLOCK_ISA {

// -- Networks --------------------------------------------------------------------------------------

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

/// A variable of some cells of a network, made by `net.variable(cells, name)`.
template <class Network>
class CellVariable;
/// Weights of some connections, as `weights` of a network gives them.
template <class Real>
class Weights;

// -- Cells, and what they are made of --------------------------------------------------------------

/// The base of a cell type, which fills in its steps: `struct MyCell : Cell<MyCell>`.
template <class Derived>
struct Cell;
/// A cell that is a process without membrane, driven by events.
template <class Process>
struct ArtificialCell;
/// The base of a point neuron: `template <class T> struct basic_mine : PointCell<basic_mine<T>>`.
template <class Derived>
struct PointCell;
/// A channel and the sections that it is inserted in; made by `insert`.
template <class M>
struct Insertion;
/// A synapse in its place; made by `place`.
template <class S>
struct PlacedSynapse;
/// A stimulus that every cell of a type gets; made by `stimulus`.
template <class S>
struct OwnStimulus;

// -- Mechanisms, over their number type ------------------------------------------------------------

template <class T>
struct basic_connor_stevens;
template <class T>
struct basic_hodgkin_huxley;
template <class T>
struct basic_passive;
template <class T>
struct basic_traub_miles;
template <class T>
struct basic_wang_buzsaki;

using ConnorStevens = basic_connor_stevens<double>;  // sodium, delayed rectifier, A current, leak
using HodgkinHuxley = basic_hodgkin_huxley<double>;  // the squid axon: sodium, potassium, leak
using Passive = basic_passive<double>;               // leak
using TraubMiles = basic_traub_miles<double>;        // sodium, potassium, leak of a hippocampal cell
using WangBuzsaki = basic_wang_buzsaki<double>;      // sodium, potassium, leak of a fast-spiking interneuron

/// A channel with its rates from a table of `Points` voltages from `From` to `To` mV.
template <class C, int From = -100, int To = 100, int Points = 201>
struct Tabulated;

template <class T>
struct basic_alphasyn;
template <class T>
struct basic_exp2syn;
template <class T>
struct basic_expcurrent;
template <class T>
struct basic_expsyn;
template <class T>
struct basic_gaba_a;
template <class T>
struct basic_tsodyks_markram;

using AlphaSyn = basic_alphasyn<double>;                  // a conductance g t/tau exp(1 - t/tau)
using Exp2Syn = basic_exp2syn<double>;                    // a conductance that rises and decays
using ExpCurrent = basic_expcurrent<double>;              // a current that decays
using ExpSyn = basic_expsyn<double>;                      // a conductance that decays
using GabaA = basic_gaba_a<double>;                       // receptors that bind pulses of transmitter
using TsodyksMarkramSyn = basic_tsodyks_markram<double>;  // one that depresses and facilitates

// -- Point neurons, over their number type ---------------------------------------------------------

template <class T>
struct basic_adex;
template <class T>
struct basic_glif;
template <class T>
struct basic_iaf_cond_exp;
template <class T>
struct basic_iaf_psc_alpha;
template <class T>
struct basic_iaf_psc_exp;
template <class T>
struct basic_iaf_psc_exp_pooled;
template <class T>
struct basic_int_fire1;
template <class T>
struct basic_izhikevich;
template <class T>
struct basic_izhikevich2007;

using AdEx = basic_adex<double>;                  // exponential integrator with adaptation
using Glif = basic_glif<double>;                  // leaky integrators of the Allen Institute, levels 1 to 5
using IafCondExp = basic_iaf_cond_exp<double>;    // leaky integrator, exponential conductances
using IafPscAlpha = basic_iaf_psc_alpha<double>;  // leaky integrator, alpha currents; exact
using IafPscExp = basic_iaf_psc_exp<double>;      // leaky integrator, exponential currents; exact
using IafPscExpPooled = basic_iaf_psc_exp_pooled<double>;  // the same with one current for both signs
using IntFire1 = basic_int_fire1<double>;             // of an ArtificialCell: a leaky integrator of events
using Izhikevich = basic_izhikevich<double>;          // quadratic integrator with recovery, of 2003
using Izhikevich2007 = basic_izhikevich2007<double>;  // the same in physical units, of 2007

// -- For mechanisms of your own --------------------------------------------------------------------

/// The name, unit, place and legal values of a parameter or state.
template <class Owner, class T>
struct Field;
/// A current that is linear in the voltage; made by `ohmic`, `injected`, `linearised`.
template <class T>
struct Current;
/// A gate by its steady state and rate; made by `gate`, `steady_state`.
template <class T>
struct Gate;
/// A gate that is always at its steady state.
template <class T>
struct Instantaneous;
/// A quotient kept as numerator and denominator.
template <class T>
struct Ratio;
/// The node variables of one node.
template <class T, class Uses>
class Nearby;

}  // namespace hillock::inline HILLOCK_ISA
