// SPDX-License-Identifier: MIT
#pragma once

/// Elementary functions on lanes. Each states its largest error in units in the last place (ULP) and its
/// valid range; a number alone (`Lane<Real, scalar>`, or a plain number: plain.hpp) gives the same bits as a
/// number among others, in vectors of every width. (A build for machines without fused multiply-add rounds
/// more often, so its last bits are its own.)
///
///   exp(x), exp(k, u) = e^(k u), expm1, exprel, sigmoid, tanh     exponential.hpp
///   log, pow, quick_pow                                            logarithm.hpp
///   cbrt, rcbrt                                                    cube_root.hpp

#include <hillock/simd/cube_root.hpp>
#include <hillock/simd/exponential.hpp>
#include <hillock/simd/logarithm.hpp>
