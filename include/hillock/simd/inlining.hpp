// SPDX-License-Identifier: MIT
#pragma once

/// How kernels are compiled. By itself g++ calls a function as long as `exp`, with its lanes in memory, which
/// takes twice as long.
///
///   HILLOCK_INLINE          before a function of lanes: it becomes part of its callers
///   HILLOCK_INLINE_LAMBDA   the same after the parameters of a lambda
///   HILLOCK_KERNEL          before a pass over many blocks: all that it calls becomes part of it, but it
///                           becomes part of nothing, where it would compete for registers
///   HILLOCK_UNROLL          before a loop over registers or columns, of at most 32 turns: g++ unrolls it at
///                           -O2 as it does at -O3, and keeps what it fills in registers
///
/// With g++'s address and thread sanitizers they mean nothing: there one such function takes minutes to
/// compile.

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HILLOCK_INLINE inline
#define HILLOCK_INLINE_LAMBDA
#define HILLOCK_KERNEL
#else
#define HILLOCK_INLINE [[gnu::always_inline]] inline
#define HILLOCK_INLINE_LAMBDA __attribute__((always_inline))
#define HILLOCK_KERNEL [[gnu::flatten, gnu::noinline]]
#endif

#if defined(__clang__)
#define HILLOCK_UNROLL _Pragma("unroll")
#else
#define HILLOCK_UNROLL _Pragma("GCC unroll 32")
#endif
