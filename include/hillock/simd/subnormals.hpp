// SPDX-License-Identifier: MIT
#pragma once

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::simd {

/// As long as one lives, results below the smallest normal number become 0 in its thread. A conductance that
/// decays with a tau of 0.1 ms gets there within 9 ms in single precision, 71 ms in double, and on x86 each
/// operation on such a number takes some hundred cycles. On other processors, where it takes none, it does
/// nothing.
class FlushSubnormals {
public:
#if defined(__SSE__)
    FlushSubnormals() : before_{_mm_getcsr()} { _mm_setcsr(before_ | _MM_FLUSH_ZERO_ON); }
    ~FlushSubnormals() { _mm_setcsr(before_); }

private:
    unsigned before_;
#else
    FlushSubnormals() = default;
    ~FlushSubnormals() {}
#endif

public:
    FlushSubnormals(FlushSubnormals const&) = delete;
    FlushSubnormals& operator=(FlushSubnormals const&) = delete;
};

}  // namespace hillock::inline HILLOCK_ISA::simd
