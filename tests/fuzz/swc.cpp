// SPDX-License-Identifier: MIT

/// An SWC file is refused, or gives one tree of sections with measures that are positive and finite.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include <hillock/model/swc.hpp>

#include "input.hpp"

namespace hk = hillock;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    try {
        auto const shape = hk::read_swc(fuzz::file(fuzz::text(data, size)));
        fuzz::expect(shape.size() > 0, "a cell has sections");
        for (auto const& section : shape) {
            fuzz::expect(std::isfinite(section.L) && section.L > 0, "lengths are positive and finite");
            fuzz::expect(std::isfinite(section.diam) && section.diam > 0,
                         "diameters are positive and finite");
            fuzz::expect(&section == &shape[section.name], "names are different");
            std::size_t steps = 0;
            for (hk::Section const* at = &section; at->parent.section; at = at->parent.section)
                fuzz::expect(++steps < shape.size(), "all sections hang on the root");
        }
    } catch (hk::Error const&) {}
    return 0;
}
