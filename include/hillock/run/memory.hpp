// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <hillock/isa.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::machine {

/// The peak memory of this process (bytes).
inline std::size_t peak_memory_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
    return static_cast<std::size_t>(usage.ru_maxrss);
#else
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
#endif
}

/// The memory of the machine (bytes).
inline std::size_t physical_memory_bytes() {
    return static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) *
           static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Throws if `call` takes more bytes than the machine has, or than the system gives to this process now: better
/// at once than after it has been at work for a minute.
inline void require_memory(std::string_view call, double bytes) {
    if (bytes < 1e8) return;  // not worth asking for
    auto const available = static_cast<double>(physical_memory_bytes());
    require(bytes < available, "{} {:.1f} GB, the machine has {:.1f} GB", call, bytes * 1e-9,
            available * 1e-9);
    auto const n = static_cast<std::size_t>(bytes);
    auto* const tried = mmap(nullptr, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(tried != MAP_FAILED, "{} {:.1f} GB, which the system does not give", call, bytes * 1e-9);
    munmap(tried, n);
}

}  // namespace hillock::inline HILLOCK_ISA::machine
