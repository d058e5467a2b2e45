// SPDX-License-Identifier: MIT
#pragma once

/// The functions of lanes on plain numbers, with the same bits: what lets `rates(-50.)` be called on a
/// channel of numbers of type double. In code of your own write `hk::exp(x)`, which serves numbers and lanes
/// alike.

#include <concepts>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/math.hpp>

namespace hillock::inline HILLOCK_ISA {

using simd::abs, simd::choose, simd::sqrt;
using simd::bounded_exp, simd::capped_exp, simd::capped_single, simd::exp, simd::expm1, simd::exprel;
using simd::cbrt, simd::log, simd::pow, simd::quick_pow, simd::rcbrt;
using simd::sigmoid, simd::tanh;

namespace simd {

/// A plain number as a lane of one.
template <std::floating_point Real>
Lane<Real, scalar> alone(Real x) {
    return x;
}

}  // namespace simd

/// The function of the same name of lanes (simd/math.hpp), with its errors.
/// @{
template <std::floating_point Real>
Real abs(Real x) {
    return abs(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real sqrt(Real x) {
    return sqrt(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real exp(Real x) {
    return exp(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real exp(double k, Real u) {
    return exp(k, simd::alone(u)).raw;
}
template <std::floating_point Real>
Real expm1(Real x) {
    return expm1(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real exprel(Real x) {
    return exprel(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real sigmoid(Real x) {
    return sigmoid(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real tanh(Real x) {
    return tanh(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real log(Real x) {
    return log(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real pow(Real x, std::type_identity_t<Real> y) {
    return pow(simd::alone(x), simd::alone(y)).raw;
}
template <std::floating_point Real>
Real quick_pow(Real x, std::type_identity_t<Real> y) {
    return quick_pow(simd::alone(x), simd::alone(y)).raw;
}
template <std::floating_point Real>
Real cbrt(Real x) {
    return cbrt(simd::alone(x)).raw;
}
template <std::floating_point Real>
Real rcbrt(Real x) {
    return rcbrt(simd::alone(x)).raw;
}
template <int Octaves, std::floating_point Real>
Real capped_single(Real x) {
    return capped_single<Octaves>(simd::alone(x)).raw;
}
template <int Double = 330, int Single = 50, std::floating_point Real>
Real capped_exp(Real x) {
    return capped_exp<Double, Single>(simd::alone(x)).raw;
}
template <int Double = 330, int Single = 50, std::floating_point Real>
Real capped_exp(double k, Real u) {
    return capped_exp<Double, Single>(k, simd::alone(u)).raw;
}
template <int Double, int Single, std::floating_point Real>
Real bounded_exp(double k, Real u) {
    return bounded_exp<Double, Single>(k, simd::alone(u)).raw;
}
/// @}

/// a b + c, rounded as lanes round it.
template <std::floating_point Real>
Real fma(Real a, std::type_identity_t<Real> b, std::type_identity_t<Real> c) {
    return fma(simd::alone(a), simd::alone(b), simd::alone(c)).raw;
}

/// `a` where the condition holds, otherwise `b`.
template <class A, class B>
    requires std::is_arithmetic_v<A> && std::is_arithmetic_v<B>
auto choose(bool condition, A a, B b) {
    using Real = std::conditional_t<std::is_floating_point_v<std::common_type_t<A, B>>,
                                    std::common_type_t<A, B>, double>;
    return static_cast<Real>(condition ? a : b);
}

}  // namespace hillock::inline HILLOCK_ISA
