// SPDX-License-Identifier: MIT
#pragma once

/// The requirement that every header has, C++20, and the instruction set that a unit is compiled for.
///
/// `HILLOCK_ISA` names the inline namespace that holds the whole library, so that units compiled for
/// different machines share no function: otherwise the linker would keep one copy of each, and a program
/// could execute instructions that its machine lacks.

#if (defined(_MSVC_LANG) ? _MSVC_LANG : __cplusplus) <= 201703L
#error hillock needs C++20: compile with -std=c++20
#include <hillock needs C++20>  // not there: the one error after which compilers show no others
#endif

#if defined(__AVX512F__)
#define HILLOCK_ISA isa_avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define HILLOCK_ISA isa_avx2_fma
#elif defined(__AVX2__)
#define HILLOCK_ISA isa_avx2
#elif defined(__AVX__) && defined(__FMA__)
#define HILLOCK_ISA isa_avx_fma
#elif defined(__AVX__)
#define HILLOCK_ISA isa_avx
#elif defined(__SSE4_1__)
#define HILLOCK_ISA isa_sse4
#elif defined(__SSE2__)
#define HILLOCK_ISA isa_sse2
#elif defined(__ARM_FEATURE_SVE)
#define HILLOCK_ISA isa_sve
#elif defined(__ARM_NEON)
#define HILLOCK_ISA isa_neon
#else
#define HILLOCK_ISA isa_baseline
#endif
