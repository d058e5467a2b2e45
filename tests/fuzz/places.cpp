// SPDX-License-Identifier: MIT

/// Names. Of the first line's section names, separated by commas, two that are equal or ambiguous are
/// refused; each line after it is refused as a place, or is one that its own name gives again. And as a
/// variable of a cell it is refused, or has a value that can be set.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <hillock/hillock.hpp>

#include "input.hpp"

namespace hk = hillock;

namespace {

struct Branched : hk::Cell<Branched> {
    hk::Section soma{"soma"}, dend{"dend[0]"};

    auto create_sections() { return hk::sections(soma, dend); }
    void build_topology() { dend.connect(soma(1)); }
    void build_subsets() {}
    void define_geometry() {
        soma.L = soma.diam = 10;
        dend.L = 100;
        dend.nseg = 3;
    }
    auto define_biophysics() {
        return hk::biophysics(hk::insert(soma, hk::HodgkinHuxley{}), hk::insert(dend, hk::Passive{}));
    }
    auto create_synapses() { return hk::synapses(hk::place(hk::ExpSyn{}, dend(0.7))); }
};

void expect_place(std::vector<hk::Section> const& sections, hk::SectionNames const& names,
                  std::string const& name) {
    try {
        auto const place = names.place(name);
        fuzz::expect(place.section >= sections.data() && place.section < sections.data() + sections.size(),
                     "a place is on one of the sections");
        fuzz::expect(place.x >= 0 && place.x <= 1, "x is between 0 and 1");
        auto const again = names.place(fmt::format("{}({})", place.section->name, place.x));
        fuzz::expect(again.section == place.section && again.x == place.x, "a place has a name");
    } catch (hk::Error const&) {}
}

void expect_variable(std::string const& name) {
    static hk::Network<Branched> net;
    static auto const cells = net.add<Branched>(1);
    try {
        auto const value = net.get(cells[0], name);
        // i_cap is not known until a step has been taken since it was asked for.
        fuzz::expect(std::isfinite(value) || name.ends_with("i_cap"), "values are finite");
        net.set(cells, name, value);
        fuzz::expect(net.get(cells[0], name) == value, "a value that is set stays");
    } catch (hk::Error const&) {}
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const lines = fuzz::lines(fuzz::text(data, size));
    if (lines.empty()) return 0;
    std::vector<hk::Section> sections;
    for (std::string_view rest = lines[0];; rest.remove_prefix(1)) {
        auto const name = rest.substr(0, rest.find(','));
        sections.emplace_back();
        sections.back().name = name;
        rest.remove_prefix(name.size());
        if (rest.empty()) break;
    }
    for (std::size_t k = 1; k < lines.size(); ++k) expect_variable(lines[k]);
    try {
        hk::SectionNames const names(sections);
        for (std::size_t k = 1; k < lines.size(); ++k) expect_place(sections, names, lines[k]);
    } catch (hk::Error const&) {}
    return 0;
}
