// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include <sys/resource.h>
#include <unistd.h>

#include <hillock/isa.hpp>

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

}  // namespace hillock::inline HILLOCK_ISA::machine
