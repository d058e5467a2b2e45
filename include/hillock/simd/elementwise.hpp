// SPDX-License-Identifier: MIT
#pragma once

/// Functions that lanes have no own version of: each number of a lane is given to the standard library's.
/// Right, and slow.

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/simd/math.hpp>
#include <hillock/simd/plain.hpp>
#include <hillock/simd/rows.hpp>

namespace hillock::inline HILLOCK_ISA {
namespace simd {

/// f of each number of `x`.
template <class Real, class Arch, class F>
Lane<Real, Arch> each_number(Lane<Real, Arch> x, F const& f) {
    alignas(alignment) std::array<Real, Lane<Real, Arch>::width> numbers;
    x.store(numbers.data());
    for (auto& number : numbers) number = f(number);
    return Lane<Real, Arch>::load(numbers.data());
}
template <class F>
double each_number(double x, F const& f) {
    return f(x);
}

/// f of each number of `x` and the one of `y` in its place.
template <class Real, class Arch, class F>
Lane<Real, Arch> each_pair(Lane<Real, Arch> x, Lane<Real, Arch> y, F const& f) {
    alignas(alignment) std::array<Real, Lane<Real, Arch>::width> numbers, others;
    x.store(numbers.data());
    y.store(others.data());
    for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = f(numbers[k], others[k]);
    return Lane<Real, Arch>::load(numbers.data());
}
template <class F>
double each_pair(double x, double y, F const& f) {
    return f(x, y);
}

}  // namespace simd

/// The function of the standard library of the same name.
/// @{
template <class T>
T sin(T x) {
    return simd::each_number(x, [](auto a) { return std::sin(a); });
}
template <class T>
T cos(T x) {
    return simd::each_number(x, [](auto a) { return std::cos(a); });
}
template <class T>
T tan(T x) {
    return simd::each_number(x, [](auto a) { return std::tan(a); });
}
template <class T>
T asin(T x) {
    return simd::each_number(x, [](auto a) { return std::asin(a); });
}
template <class T>
T acos(T x) {
    return simd::each_number(x, [](auto a) { return std::acos(a); });
}
template <class T>
T atan(T x) {
    return simd::each_number(x, [](auto a) { return std::atan(a); });
}
template <class T>
T erf(T x) {
    return simd::each_number(x, [](auto a) { return std::erf(a); });
}
template <class T>
T floor(T x) {
    return simd::each_number(x, [](auto a) { return std::floor(a); });
}
template <class T>
T ceil(T x) {
    return simd::each_number(x, [](auto a) { return std::ceil(a); });
}
template <class T>
T fmod(T x, std::type_identity_t<T> y) {
    return simd::each_pair(x, y, [](auto a, auto b) { return std::fmod(a, b); });
}
template <class T>
T atan2(T y, std::type_identity_t<T> x) {
    return simd::each_pair(y, x, [](auto a, auto b) { return std::atan2(a, b); });
}
/// @}

/// sinh x, by exponentials.
template <class T>
T sinh(T x) {
    return 0.5 * (exp(x) - exp(-x));
}
/// cosh x, by exponentials.
template <class T>
T cosh(T x) {
    return 0.5 * (exp(x) + exp(-x));
}

/// The logarithm to base 10 of positive numbers.
template <class T>
T log10(T x) {
    return 0.43429448190325182765 * log(x);
}

/// x^y as C has it: of a negative x and a whole y it is |x|^y, with the sign of x where y is odd.
template <class T>
T signed_pow(T x, std::type_identity_t<T> y) {
    using Real = typename simd::number<T>::type;
    auto const is_whole = [](T number) {
        constexpr auto magic = simd::whole_magic<Real>;
        T const nearest = (number + magic) - magic;
        return (nearest <= number) & (nearest >= number);
    };
    T const size = pow(abs(x), y);
    return choose(x >= 0, size,
                  choose(is_whole(y), choose(is_whole(Real(0.5) * y), size, -size),
                         T(std::numeric_limits<Real>::quiet_NaN())));
}

}  // namespace hillock::inline HILLOCK_ISA
