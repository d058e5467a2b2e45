// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/model/cell.hpp>
#include <hillock/model/point_cell.hpp>
#include <hillock/model/poisson.hpp>
#include <hillock/model/varying_current.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The text of `psection`, a line for each thing.
namespace description {

/// Lists parameters; where one differs among `mechanisms`, its least and its greatest value.
template <class M>
std::string parameters(std::vector<M> const& mechanisms) {
    std::string text;
    for (auto const& field : M::parameters()) {
        auto const [least, greatest] =
            std::minmax_element(mechanisms.begin(), mechanisms.end(),
                                [&](M const& a, M const& b) { return a.*field.member < b.*field.member; });
        text += fmt::format("{}{}={:g}", text.empty() ? "" : ", ", field.name, *least.*field.member);
        if (*least.*field.member != *greatest.*field.member)
            text += fmt::format("..{:g}", *greatest.*field.member);
        if (!field.unit.empty()) text += fmt::format(" {}", field.unit);
    }
    return text;
}

/// The channels of an insertion in the segments of one section.
template <class M>
auto channels(Insertion<M> const& insertion, Section const& section) {
    std::vector<typename Evaluation<M>::Channel> all;
    if (insertion.varied.empty()) all.push_back(Evaluation<M>::channel(insertion.mechanism));
    auto next = insertion.varied.begin();
    for (auto const* each : insertion.sections) {
        if (next == insertion.varied.end()) break;
        for (int k = 0; k < each->nseg; ++k, ++next)
            if (each == &section) all.push_back(Evaluation<M>::channel(*next));
    }
    return all;
}

template <class = void>
std::string rates(RateTable const& table) {
    return fmt::format(" (rates tabulated at {} points from {:g} to {:g} mV)", table.points, table.from,
                       table.to);
}
template <class M>
std::string rates(M const&) {
    if constexpr (HasRateTable<M>)
        return rates(M::table);
    else
        return "";
}
template <class C, int From, int To, int Points>
std::string rates(Tabulated<C, From, To, Points> const&) {
    return rates(RateTable{From, To, Points});
}

template <class = void>
std::string stimulus(NetStim const& s) {
    auto const end = std::isfinite(s.duration) ? fmt::format("duration={:g} ms", s.duration)
                                               : fmt::format("number={:g}", s.number);
    return fmt::format("NetStim: interval={:g} ms, noise={:g}, start={:g} ms, {}, stream={}", s.interval,
                       s.noise, s.start, end, s.stream);
}
template <class = void>
std::string stimulus(SpikeTimes const& s) {
    if (s.times.empty()) return "SpikeTimes: none";
    auto const [first, last] = std::minmax_element(s.times.begin(), s.times.end());
    return fmt::format("SpikeTimes: {} from {:g} to {:g} ms", s.times.size(), *first, *last);
}
template <class = void>
std::string stimulus(Poisson const& s) {
    return fmt::format("Poisson: rate={:g} spikes/s, start={:g} ms, duration={:g} ms, stream={}", s.rate,
                       s.start, s.duration, s.stream);
}
template <class = void>
std::string stimulus(InhomogeneousPoisson const& s) {
    return fmt::format("InhomogeneousPoisson: {} rates, stream={}", s.rates.size(), s.stream);
}
template <class = void>
std::string stimulus(IClamp const& s) {
    return fmt::format("IClamp: delay={:g} ms, dur={:g} ms, amp={:g} nA", s.delay, s.dur, s.amp);
}
template <class = void>
std::string stimulus(CurrentTrace const& s) {
    return fmt::format("CurrentTrace: {} points{}", s.times.size(), s.stepped ? ", stepped" : "");
}
template <class = void>
std::string stimulus(OrnsteinUhlenbeck const& s) {
    return fmt::format("OrnsteinUhlenbeck: mean={:g} nA, sd={:g} nA, tau={:g} ms, start={:g} ms, "
                       "duration={:g} ms, stream={}",
                       s.mean, s.sd, s.tau, s.start, s.duration, s.stream);
}
template <class S>
    requires requires(S const s) { s.potential; }
std::string stimulus(S const& s) {
    return fmt::format("ExtracellularField: {} points{}", s.times.size(), s.stepped ? ", stepped" : "");
}

}  // namespace description

/// Describes a cell in the manner of NEURON's psection(): its sections with their geometry, what they are
/// connected to, the mechanisms inserted, the synapses placed there and the stimuli that every cell of the
/// type brings, with every parameter and its unit.
template <class... Parts>
std::string psection(Assembly<Parts...> const& cell) {
    std::string text;
    std::vector<Segment> places;  // of the synapses
    for_each_synapse(cell.synlist, [&](auto const& placed, std::size_t) { places.push_back(placed.where); });
    for (auto const& section : *cell.sections) {
        text += fmt::format("{}: L={:g} um, diam={:g} um, nseg={}, Ra={:g} ohm cm, cm={:g} uF/cm2\n",
                            title(section), section.L, section.diam, section.nseg, section.Ra, section.cm);
        if (section.parent.section)
            text +=
                fmt::format("  connected to {}({:g})\n", title(*section.parent.section), section.parent.x);
        if (!section.points.empty()) text += fmt::format("  {} 3-d points\n", section.points.size());
        auto const describe_channel = [&](auto const& insertion) {
            using E = Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>;
            if (std::find(insertion.sections.begin(), insertion.sections.end(), &section) !=
                insertion.sections.end())
                text += fmt::format("  {}{}: {}\n", E::Channel::name, description::rates(insertion.mechanism),
                                    description::parameters(description::channels(insertion, section)));
        };
        auto const describe_synapse = [&](auto const& placed, std::size_t number) {
            if (placed.where.section == &section)
                text += fmt::format("  synapse {} at {:g}, {}: {}\n", number, placed.where.x, placed.name,
                                    description::parameters(std::vector{synapse(placed)}));
        };
        auto const describe_stimulus = [&](auto const& own) {
            using Source = std::remove_cvref_t<decltype(own.source)>;
            if constexpr (requires { own.source.where; }) {
                auto const where =
                    own.source.where.empty() ? cell.root()(0.5) : cell.names.place(own.source.where);
                if (where.section == &section)
                    text +=
                        fmt::format("  stimulus at {:g}, {}\n", where.x, description::stimulus(own.source));
            } else if constexpr (!arrives_at_synapse<Source>) {
                if (&section == &cell.root())
                    text += fmt::format("  stimulus, {}\n", description::stimulus(own.source));
            } else if (places[static_cast<std::size_t>(own.target.synapse)].section == &section) {
                text += fmt::format("  stimulus of synapse {}, {}; weight={:g}, delay={:g} ms\n",
                                    own.target.synapse, description::stimulus(own.source), own.target.weight,
                                    own.target.delay);
            }
        };
        for_each_insertion(cell.biophysics, describe_channel);
        for_each_synapse(cell.synlist, describe_synapse);
        std::apply([&](auto const&... each) { (describe_stimulus(each), ...); }, cell.stimuli);
        if (cell.source.where.section == &section)
            text += fmt::format("  spikes read at {:g}, threshold {:g} mV\n", cell.source.where.x,
                                cell.source.threshold);
    }
    return text;
}

/// Describes a point neuron: its parameters, its receptors, the stimuli that every one brings.
template <class C, class Stimuli>
std::string psection(PointAssembly<C, Stimuli> const& cell) {
    auto text = fmt::format("{}: {}\n", C::name, description::parameters(std::vector{cell.cell}));
    if constexpr (requires { C::receptors(); })
        for (std::size_t k = 0; k < C::receptors().size(); ++k)
            text += fmt::format("  synapse {}: {}\n", k, C::receptors()[k]);
    auto const describe_stimulus = [&](auto const& own) {
        text += fmt::format("  stimulus, {}\n", description::stimulus(own.source));
    };
    std::apply([&](auto const&... each) { (describe_stimulus(each), ...); }, cell.stimuli);
    return text;
}

}  // namespace hillock::inline HILLOCK_ISA
