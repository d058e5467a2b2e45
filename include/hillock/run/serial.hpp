// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::scheduling {

/// The part [first, last) of a list, ascending by `serial`, that belongs to one call of `stimulate`.
auto of_serial(auto& list, std::uint32_t serial) {
    struct Range {
        decltype(list.begin()) first, last;

        auto begin() const { return first; }
        auto end() const { return last; }
    };
    auto const first = std::partition_point(list.begin(), list.end(),
                                            [&](auto const& each) { return each.serial < serial; });
    return Range{first, std::partition_point(first, list.end(),
                                             [&](auto const& each) { return each.serial == serial; })};
}

/// Takes it out.
void erase_serial(auto& list, std::uint32_t serial) noexcept {
    auto const those = of_serial(list, serial);
    list.erase(those.first, those.last);
}
/// Takes out all from a serial number on.
void keep_before(auto& list, std::uint32_t serial) noexcept {
    list.erase(of_serial(list, serial).first, list.end());
}

}  // namespace hillock::inline HILLOCK_ISA::scheduling
