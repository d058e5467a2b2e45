// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The number of things in a list, ascending by `serial`, that come before those from a serial number on.
std::size_t count_before(auto const& list, std::uint32_t serial) {
    std::size_t first = 0, last = list.size();
    while (first < last) {
        auto const middle = first + (last - first) / 2;
        if (list[middle].serial < serial)
            first = middle + 1;
        else
            last = middle;
    }
    return first;
}

/// The part [first, last) of such a list that belongs to one call of `stimulate`.
auto of_serial(auto& list, std::uint32_t serial) {
    struct Range {
        decltype(list.data()) first, last;

        auto begin() const { return first; }
        auto end() const { return last; }
    };
    auto* const first = list.data() + count_before(list, serial);
    auto* last = first;
    while (last != list.data() + list.size() && last->serial == serial) ++last;
    return Range{first, last};
}

/// Takes out all from a serial number on.
void keep_before(auto& list, std::uint32_t serial) noexcept {
    while (!list.empty() && list.back().serial >= serial) list.pop_back();
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling
