// SPDX-License-Identifier: MIT

/// A connections file, behind a letter that says what is done with repeats, is refused, or makes a connection
/// of each row: with finite weights, and a run that ends in finite voltages or an error.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>

#include "input.hpp"
#include "network_files.hpp"

namespace {

/// Rows, and those of them that differ in source, target or synapse.
std::pair<std::size_t, std::size_t> count_rows(std::string const& path) {
    hk::CsvReader<hk::Gid, hk::Gid, int, double, double, double> file(
        path, {"pre", "post", "synapse", "weight", "delay", "threshold"});
    std::size_t rows = 0;
    std::set<std::tuple<hk::Gid, hk::Gid, int>> keys;
    for (; auto const row = file.next(); ++rows)
        keys.insert({std::get<0>(*row), std::get<1>(*row), std::get<2>(*row)});
    return {rows, keys.size()};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    using Cell = TutorialCell<hk::HodgkinHuxley>;
    auto const path = fuzz::file(fuzz::text(data + 1, size - 1));
    auto const repeats = to_repeats(data[0] == 'k' ? "keep" : data[0] == 'r' ? "replace" : "refuse");
    try {
        hk::Network<Cell> net;
        auto const cells = net.add<Cell>(3);
        read_connections(net, path, repeats);
        auto const [rows, different] = count_rows(path);
        fuzz::expect(net.connections() == (repeats == hk::Repeats::allowed ? rows : different),
                     "each row is a connection, and repeats are what they were asked to be");
        fuzz::expect(repeats != hk::Repeats::none || rows == different, "repeats are refused");
        for (auto const& part : net.weights(0))
            for (auto const weight : part) fuzz::expect(std::isfinite(weight), "weights are finite");
        net.set(cells, "v", 0);
        net.run(1);
        for (auto const gid : cells) fuzz::expect(std::isfinite(net.get(gid, "v")), "voltages are finite");
    } catch (hk::Error const&) {}
    return 0;
}
