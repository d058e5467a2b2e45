// SPDX-License-Identifier: MIT

/// A spike file is refused or holds spikes in order; and spikes, however near to each other, are refused or
/// written so that they can be read.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <hillock/spikes/file.hpp>

#include "input.hpp"

namespace hk = hillock;

namespace {

void expect_round_trip(hk::Raster const& spikes) {
    auto const path = fuzz::path("written");
    hk::write_spikes(path, spikes);
    auto const text = fuzz::content(path);
    auto const read = hk::read_spikes(path);
    fuzz::expect(read.size() == spikes.size(), "as many spikes are read as were written");
    hk::write_spikes(path, read);
    fuzz::expect(fuzz::content(path) == text, "what was read is written as it was");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    try {
        auto const spikes = hk::read_spikes(fuzz::file(fuzz::text(data, size)));
        fuzz::expect(std::ranges::is_sorted(spikes), "spikes are in ascending (time, gid)");
        for (auto const& spike : spikes)
            fuzz::expect(std::isfinite(spike.time) && spike.time >= 0, "times are finite and not negative");
        expect_round_trip(spikes);
    } catch (hk::Error const&) {}

    hk::Raster spikes;
    for (; size >= 12; data += 12, size -= 12) {
        hk::Spike spike{};
        std::memcpy(&spike.time, data, 8);
        std::memcpy(&spike.gid, data + 8, 4);
        spikes.push_back(spike);
        spikes.push_back({spike.time + 3e-13, spike.gid - 1});
    }
    auto const is_time = [](hk::Spike const& spike) { return std::isfinite(spike.time) && spike.time >= 0; };
    try {
        expect_round_trip(spikes);
        fuzz::expect(std::ranges::all_of(spikes, is_time), "no other spikes are written");
    } catch (hk::Error const&) {
        fuzz::expect(!std::ranges::all_of(spikes, is_time), "spikes can be written and read");
    }
    return 0;
}
