// SPDX-License-Identifier: MIT

/// A stimuli file is refused, or a run with its events ends in finite voltages or an error.

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "input.hpp"
#include "network_files.hpp"

namespace {

template <class Real>
void read_and_run(std::string const& path) {
    using Cell = TutorialCell<hk::HodgkinHuxley>;
    hk::basic_network<Real, hk::simd::native, Cell> net;
    auto const cells = net.template add<Cell>(3);
    try {
        read_stimuli(net, path);
        net.run(1);
        for (auto const gid : cells) fuzz::expect(std::isfinite(net.get(gid, "v")), "voltages are finite");
    } catch (hk::Error const&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const path = fuzz::file(fuzz::text(data, size));
    read_and_run<double>(path);
    read_and_run<float>(path);
    return 0;
}
