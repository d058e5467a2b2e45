// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The number that a normal variable of mean 0 and standard deviation 1 stays below with probability `p`, for
/// p from 1e-11 to 1 - 1e-11; relative error about 1e-16 (Wichura, Appl Stat 37:477, 1988: algorithm AS 241).
inline double normal_quantile(double p) {
    using Coefficients = std::array<double, 8>;  // of a polynomial, the constant first
    auto const ratio = [](Coefficients const& numerator, Coefficients const& denominator, double x) {
        double a = numerator[7], b = denominator[7];
        for (std::size_t k = 7; k-- > 0;) {
            a = a * x + numerator[k];
            b = b * x + denominator[k];
        }
        return a / b;
    };
    static constexpr Coefficients middle_numerator{
        3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
        45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727};
    static constexpr Coefficients middle_denominator{1,
                                                     42.313330701600911252,
                                                     687.18700749205790830,
                                                     5394.1960214247511077,
                                                     21213.794301586595867,
                                                     39307.895800092710610,
                                                     28729.085735721942674,
                                                     5226.4952788528545610};
    static constexpr Coefficients tail_numerator{
        1.42343711074968357734, 4.63033784615654529590,  5.76949722146069140550,   3.64784832476320460504,
        1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4};
    static constexpr Coefficients tail_denominator{1,
                                                   2.05319162663775882187,
                                                   1.67638483018380384940,
                                                   0.689767334985100004550,
                                                   0.148103976427480074590,
                                                   0.0151986665636164571966,
                                                   5.47593808499534494600e-4,
                                                   1.05075007164441684324e-9};
    auto const q = p - 0.5;
    if (std::abs(q) <= 0.425) return q * ratio(middle_numerator, middle_denominator, 0.180625 - q * q);
    auto const r = std::sqrt(-std::log(std::min(p, 1 - p))) - 1.6;
    auto const tail = ratio(tail_numerator, tail_denominator, r);
    return q < 0 ? -tail : tail;
}

}  // namespace hillock::inline HILLOCK_ISA
