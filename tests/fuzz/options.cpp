// SPDX-License-Identifier: MIT

/// The words of a command line of `network`, one a line, are refused, or give options within their bounds
/// that the same options, written out, give again.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "input.hpp"
#include "network_files.hpp"

namespace {

/// None if the words are refused.
std::optional<Options> parse(std::vector<std::string> words) {
    words.insert(words.begin(), "network");
    std::vector<char const*> argv;
    for (auto const& word : words) argv.push_back(word.c_str());
    Options o;
    CLI::App app{network_description};
    add_options(app, o);
    try {
        app.parse(static_cast<int>(argv.size()), argv.data());
        check(o);
        return o;
    } catch (CLI::ParseError const&) {
    } catch (hk::Error const&) {}
    return {};
}

auto values(Options const& o) {
    return std::tuple(o.model, o.rates, o.precision, o.repeats, o.cells, o.tstop, o.dt, o.threads, o.balance,
                      o.digest_every);
}

std::vector<std::string> written(Options const& o) {
    std::vector<std::string> words{"--output=out"};
    auto const add = [&](char const* name, auto const& value) {
        words.push_back(fmt::format("--{}={}", name, value));
    };
    add("model", o.model), add("rates", o.rates), add("precision", o.precision), add("repeats", o.repeats);
    add("cells", o.cells), add("tstop", o.tstop), add("dt", o.dt), add("threads", o.threads);
    add("digest-every", o.digest_every);
    if (o.balance) words.push_back("--balance");
    return words;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const o = parse(fuzz::lines(fuzz::text(data, size)));
    if (!o) return 0;
    fuzz::expect(std::isfinite(o->tstop) && o->tstop > 0 && std::isfinite(o->dt) && o->dt > 0,
                 "times are positive and finite");
    fuzz::expect(o->threads >= 1 && o->threads <= 1024, "threads are 1 to 1024");
    fuzz::expect(o->digest_every >= 1, "there is a step between digests");
    auto const again = parse(written(*o));
    fuzz::expect(again && values(*again) == values(*o), "options written out are the same options");
    return 0;
}
