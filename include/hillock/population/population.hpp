// SPDX-License-Identifier: MIT
#pragma once

/// All cells of one type, W at a time. The state of W cells (a block) is contiguous, variable after variable, W lanes each:
///
///   V | states of channel 0, 1, ... | states of synapse 0, 1, ...
///
/// A block takes a step in one pass over its state: it reads it, spikes, receives, solves for V, advances gates and synapses,
/// and writes it back. Blocks know nothing of each other; what passes between them are spikes and the inbox.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <hillock/model/cell.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/population/parameters.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/digest.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/type_name.hpp>
#include <hillock/words/units.hpp>
#include <hillock/words/unroll.hpp>

namespace hillock {

/// A spike on the grid.
struct GridSpike {
    Step step;
    Gid gid;

    friend auto operator<=>(GridSpike const&, GridSpike const&) = default;
};

/// What a population keeps of each mechanism of its assembled cell.
namespace parts {

template <class L, class... M>
auto parameters(std::tuple<Insertion<M>...> const& biophysics, double dt) {
    return std::apply(
        [&](auto const&... each) {
            return std::tuple<Parameters<typename Evaluation<M>::Channel, L>...>{
                Parameters<typename Evaluation<M>::Channel, L>(Evaluation<M>::channel(each.mechanism), dt)...};
        },
        biophysics);
}
template <class L>
auto parameters(auto const& synlist, double dt) {
    return std::apply(
        [&]<class... S>(PlacedSynapse<S> const&... each) {
            return std::tuple<Parameters<S, L>...>{Parameters<S, L>(synapse(each), dt)...};
        },
        synlist);
}

template <class Real, class... M, class... P>
auto rates(std::tuple<Insertion<M>...> const&, std::tuple<P...> const& parameters) {
    return std::apply(
        [](auto const&... each) {
            return std::tuple<typename Evaluation<M>::template Rates<Real>...>{
                Evaluation<M>::template rates<Real>(each.uniform())...};
        },
        parameters);
}

template <class>
struct states_of;
template <class... P>
struct states_of<std::tuple<P...>> {
    using type = std::tuple<typename P::Lanes::State...>;
};

/// Where each mechanism's states begin in a block, in lanes from `first`; the last entry is where they end.
template <class L, class... State>
constexpr auto offsets(std::size_t first, std::type_identity<std::tuple<State...>>) {
    std::array<std::size_t, sizeof...(State) + 1> at{first};
    [[maybe_unused]] std::size_t k = 0;
    ((at[k + 1] = at[k] + members::count<State, L>, ++k), ...);
    return at;
}

}  // namespace parts

/// Throws unless the population's kernel can hold such a cell: one compartment, its point processes in its middle.
template <class... Parts>
void require_one_compartment(std::string_view type, Assembly<Parts...> const& cell) {
    require(cell.sections->size() == 1 && cell.sections->front().nseg == 1,
            "{}: {} sections, {} segments in the first: cells of one compartment only are supported", type,
            cell.sections->size(), cell.sections->empty() ? 0 : cell.sections->front().nseg);
    auto const inside = [&](Segment s) {
        require(s.x > 0 && s.x < 1, "{}: {}({}): on a cell of one compartment x must be between 0 and 1, ends excluded", type,
                s.section->name, s.x);
    };
    std::apply([&](auto const&... each) { (inside(each.where), ...); }, cell.synlist);
    inside(cell.source.where);
}

template <class Real, class Arch, class C>
class Population {
    using L = simd::Lane<Real, Arch>;
    using Anatomy = AssemblyOf<C>;
    using Channels = decltype(parts::parameters<L>(std::declval<Anatomy>().biophysics, 0.));
    using Synapses = decltype(parts::parameters<L>(std::declval<Anatomy>().synlist, 0.));
    using Rates = decltype(parts::rates<Real>(std::declval<Anatomy>().biophysics, std::declval<Channels>()));
    template <std::size_t K>
    using ChannelAt = typename std::tuple_element_t<K, Channels>::Lanes;
    template <std::size_t K>
    using SynapseAt = typename std::tuple_element_t<K, Synapses>::Lanes;
    using ChannelStates = typename parts::states_of<Channels>::type;
    using SynapseStates = typename parts::states_of<Synapses>::type;

    static constexpr std::size_t channels = std::tuple_size_v<ChannelStates>;
    static constexpr std::size_t synapses = std::tuple_size_v<SynapseStates>;
    static constexpr auto channel_offsets = parts::offsets<L>(1, std::type_identity<ChannelStates>{});
    static constexpr auto synapse_offsets =
        parts::offsets<L>(channel_offsets[channels], std::type_identity<SynapseStates>{});
    static constexpr std::size_t block_size = synapse_offsets[synapses] * L::width;  // in numbers

public:
    static constexpr std::size_t width = L::width;
    static constexpr std::size_t block_bytes = block_size * sizeof(Real);
    /// The least that a cell takes: its state, three numbers, its gid, and one step of its inbox.
    static constexpr std::size_t cell_bytes = block_bytes / width + (3 + synapses) * sizeof(Real) + sizeof(Gid);
    static constexpr double resting_potential = -65;  // mV, unless set

    explicit Population(double dt) : Population(dt, assemble<C>()) {}

    // -- Cells ---------------------------------------------------------------------------------------------------------

    Anatomy const& anatomy() const { return anatomy_; }
    std::size_t size() const { return gids_.size(); }
    Gid gid(std::size_t cell) const { return gids_[cell]; }
    std::size_t blocks() const { return padded_size() / width; }
    static constexpr std::size_t synapse_count() { return synapses; }

    /// Makes cells with these gids.
    void add(std::vector<Gid> const& gids) {
        require(!touched_, "add: {} cells have had their states set; add all cells first, or reset", type_name<C>());
        state_.clear();
        thresholds_.resize(size());  // without the padding
        gids_.insert(gids_.end(), gids.begin(), gids.end());
        v_init_.resize(padded_size(), static_cast<Real>(resting_potential));
        thresholds_.resize(size(), static_cast<Real>(anatomy_.source.threshold));
        thresholds_.resize(padded_size(), std::numeric_limits<Real>::infinity());  // padding never spikes
        unroll<channels>([&](auto k) { std::get<k>(channels_).grow(size()); });
        unroll<synapses>([&](auto k) { std::get<k>(synapses_).grow(size()); });
    }

    void set_threshold(std::size_t cell, double threshold) { thresholds_[cell] = static_cast<Real>(threshold); }

    /// The current of electrodes into a cell from now on, in nA.
    void set_injected(std::size_t cell, double amp) {
        injected_[cell] = static_cast<Real>(amp * density_per_point_);
        any_injected_ = true;
    }

    Inbox<Real>& inbox() { return inbox_; }

    // -- Values by name ------------------------------------------------------------------------------------------------

    /// What sets a parameter ("gnabar", "ConnorStevens.gnabar", "synapses[1].tau2", "v_init") or a state ("v", "m",
    /// "synapses[0].A") of the cell with a given place in the population.
    std::function<void(std::size_t, double)> setter(std::string_view name) { return resolved(setters(), name); }

    /// What reads any of these, or a synapse's conductance in uS ("synapses[0].g").
    std::function<double(std::size_t)> getter(std::string_view name) { return resolved(getters(), name); }

    // -- Time ----------------------------------------------------------------------------------------------------------

    /// Forgets the states of all cells; the next use finds them at rest.
    void reset() {
        state_.clear();
        touched_ = false;
    }

    /// To be called before a run: makes room for events of `steps` steps from `now` on. True if there are no states since the last
    /// reset; then all blocks have to be initialised.
    bool start(Step now, std::size_t steps) {
        touched_ = true;
        if (state_.empty()) return allocate(steps), true;
        inbox_.reach(now, steps);
        return false;
    }

    /// Every cell of the blocks [first, last) at rest at its v_init, nothing on its way to it.
    void initialise(std::size_t first, std::size_t last) {
        std::fill(state_.begin() + static_cast<std::ptrdiff_t>(first * block_size),
                  state_.begin() + static_cast<std::ptrdiff_t>(last * block_size), Real{0});
        inbox_.clear(first * width, last * width);
        for (std::size_t block = first; block < last; ++block) {
            Real* const at = state_.data() + block * block_size;
            L const v = L::load(&v_init_[block * width]);
            v.store(at);
            unroll<channels>([&](auto k) {
                auto const initial = initial_state(std::get<k>(channels_).of(block), std::get<k>(rates_), v);
                members::store_states<ChannelAt<k>, L>(initial, at + channel_offsets[k] * width);
            });
        }
    }

    /// Takes the blocks [first, last) from `step` to the next one; appends their spikes at `step` to `spikes`.
    void advance(std::size_t first, std::size_t last, Step step, std::vector<GridSpike>& spikes) {
        Real* const arrived = inbox_.at(step);
        for (std::size_t block = first; block < last; ++block) {
            detect(block, step, spikes);
            if (any_injected_) advance_block(block, arrived, L::load(&injected_[block * width]));
            else advance_block(block, arrived, L(0));
        }
    }

    /// The place of the first cell of [first, last) blocks whose V is not a finite number, or size() if there is none.
    std::size_t first_not_finite(std::size_t first, std::size_t last) const {
        for (std::size_t block = first; block < last; ++block) {
            auto const finite = abs(L::load(&state_[block * block_size])) <= L(std::numeric_limits<Real>::max());
            auto const odd = ~simd::bits::of(finite) & lanes_mask;
            if (odd != 0) return std::min(size(), block * width + static_cast<std::size_t>(std::countr_zero(odd)));
        }
        return size();
    }

    /// A number that the states of all cells decide, every bit of them: the sum of one for each cell and its gid.
    std::uint64_t digest() {
        make_states();
        std::uint64_t sum = 0;
        for (std::size_t cell = 0; cell < size(); ++cell) {
            Digest one;
            one.add(gids_[cell]);
            for (std::size_t variable = 0; variable < block_size / width; ++variable) one.add(state(cell, variable));
            sum += one.value();
        }
        return sum;
    }

private:
    static constexpr std::uint32_t lanes_mask = static_cast<std::uint32_t>((std::uint64_t{1} << width) - 1);

    using Setter = std::function<void(std::size_t, double)>;
    using Getter = std::function<double(std::size_t)>;
    template <class F>
    struct Named {
        std::string qualifier, name;
        F act;
    };

    explicit Population(double dt, Anatomy anatomy)
        : anatomy_{std::move(anatomy)},
          channels_{parts::parameters<L>(anatomy_.biophysics, dt)},
          synapses_{parts::parameters<L>(anatomy_.synlist, dt)},
          rates_{parts::rates<Real>(anatomy_.biophysics, channels_)},
          dt_{static_cast<Real>(dt)} {
        require_one_compartment(type_name<C>(), anatomy_);
        auto const& soma = anatomy_.sections->front();
        capacitance_ = static_cast<Real>(units::capacitive_conductance(soma.cm, dt));
        density_per_point_ = units::density_per_point(soma.segment_area());
    }

    std::size_t padded_size() const { return simd::padded(size(), width); }

    void detect(std::size_t block, Step step, std::vector<GridSpike>& spikes) {
        L const v = L::load(&state_[block * block_size]);
        auto const now = simd::bits::of(v > L::load(&thresholds_[block * width]));
        auto rising = now & ~std::exchange(above_[block], now);
        for (; rising != 0; rising &= rising - 1)
            spikes.push_back({step, gids_[block * width + static_cast<std::size_t>(std::countr_zero(rising))]});
    }

    /// One step of NEURON's staggered implicit Euler: with all currents g V - ge,
    /// (cm/dt + sum g) V(t+dt) = cm/dt V(t) + sum ge; then the states at the new V. Everything it calls is inlined (g++ by
    /// itself calls `exp`, through memory, which takes twice as long).
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    [[gnu::flatten]]
#endif
    void advance_block(std::size_t block, Real* arrived, L injected) {
        Real* const at = &state_[block * block_size];
        L const dt = dt_, c = capacitance_, density_per_point = static_cast<Real>(density_per_point_);
        L v = L::load(at);

        Current<L> total{L(0), injected};
        SynapseStates synapse_states;
        unroll<synapses>([&](auto k) {
            auto const& synapse = std::get<k>(synapses_).of(block);
            auto& state = std::get<k>(synapse_states) = members::load_states<SynapseAt<k>, L>(at + synapse_offsets[k] * width);
            Real* const weight = arrived + k * padded_size() + block * width;
            synapse.receive(state, L::load(weight));
            L(0).store(weight);
            total = total + density_per_point * synapse.current(v, state);
        });
        ChannelStates channel_states;
        unroll<channels>([&](auto k) {
            auto& state = std::get<k>(channel_states) = members::load_states<ChannelAt<k>, L>(at + channel_offsets[k] * width);
            total = total + std::get<k>(channels_).of(block).current(v, state);
        });

        v = fma(c, v, total.ge) / (c + total.g);
        v.store(at);

        unroll<channels>([&](auto k) {
            auto& state = std::get<k>(channel_states);
            hillock::advance(std::get<k>(channels_).of(block), std::get<k>(rates_), state, v, dt);
            members::store_states<ChannelAt<k>, L>(state, at + channel_offsets[k] * width);
        });
        unroll<synapses>([&](auto k) {
            auto& state = std::get<k>(synapse_states);
            std::get<k>(synapses_).of(block).advance(state, dt);
            members::store_states<SynapseAt<k>, L>(state, at + synapse_offsets[k] * width);
        });
    }

    // -- Values by name ------------------------------------------------------------------------------------------------

    void set_state(std::size_t cell, std::size_t variable, double value) {
        state(cell, variable) = static_cast<Real>(value);
        touched_ = true;
    }

    /// Where the cells start; untouched ones start there at once.
    void set_v_init(std::size_t cell, double v) {
        v_init_[cell] = static_cast<Real>(v);
        if (!touched_) state_.clear();
    }

    /// Room for states and events, unwritten.
    void allocate(std::size_t steps) {
        state_.resize(blocks() * block_size);
        above_.assign(blocks(), 0);
        injected_.assign(padded_size(), Real{0});
        any_injected_ = false;
        inbox_ = Inbox<Real>(synapses, padded_size(), steps);
    }
    /// For who wants to see or set a state before the first run.
    void make_states() {
        if (!state_.empty()) return;
        allocate(0);
        initialise(0, blocks());
    }

    Real& state(std::size_t cell, std::size_t variable) {
        make_states();
        return state_[cell / width * block_size + variable * width + cell % width];
    }

    /// Throws if the table that a channel's rates come from would be another one with this value.
    template <class P, class F>
    void require_free(P const& parameters, F const& field, double value) const {
        auto changed = parameters.uniform();
        changed.*field.member = value;
        prepare(changed, static_cast<double>(dt_));
        unroll<channels>([&](auto k) {
            if constexpr (std::is_same_v<std::tuple_element_t<k, Channels>, P>)
                require(&std::get<k>(channels_) != &parameters || std::get<k>(rates_).serves(changed),
                        "{}.{} = {}: the rates are tabulated for {}; give the value where the channel is inserted", changed.name,
                        field.name, value, parameters.uniform().*field.member);
        });
    }

    template <class F>
    static F resolved(std::vector<Named<F>> const& all, std::string_view query) {
        F found;
        int matches = 0;
        std::string known;
        for (auto const& each : all) {
            auto const full = each.qualifier.empty() ? each.name : each.qualifier + "." + each.name;
            known += (known.empty() ? "" : ", ") + full;
            if (query != each.name && query != full) continue;
            found = each.act;
            ++matches;
        }
        require(matches > 0, "{} has no '{}'; it has {}", type_name<C>(), query, known);
        require(matches == 1, "{}: '{}' could be several things; write it in full, one of {}", type_name<C>(), query, known);
        return found;
    }

    static std::string qualifier(auto const& mechanism, bool is_synapse, std::size_t k) {
        return is_synapse ? fmt::format("synapses[{}]", k) : std::string(mechanism.name);
    }

    /// Calls f(parameters of the mechanism, offset of its states, is it a synapse, its number).
    void for_each_mechanism(auto&& f) {
        unroll<channels>([&](auto k) { f(std::get<k>(channels_), channel_offsets[k], std::false_type{}, k); });
        unroll<synapses>([&](auto k) { f(std::get<k>(synapses_), synapse_offsets[k], std::true_type{}, k); });
    }

    std::vector<Named<Setter>> setters() {
        std::vector<Named<Setter>> all;
        all.push_back({"", "v", [this](std::size_t cell, double v) { set_state(cell, 0, v); }});
        all.push_back({"", "v_init", [this](std::size_t cell, double v) { set_v_init(cell, v); }});
        for_each_mechanism([&](auto& parameters, std::size_t offset, auto is_synapse, std::size_t k) {
            using M = std::remove_cvref_t<decltype(parameters.uniform())>;
            auto const owner = qualifier(parameters.uniform(), is_synapse, k);
            for (auto const& field : M::parameters())
                all.push_back({owner, std::string(field.name), [this, &parameters, field, owner](std::size_t cell, double value) {
                                   check_value(owner, field, value);
                                   if constexpr (!decltype(is_synapse)::value) require_free(parameters, field, value);
                                   parameters.set(cell, size(), field.member, value);
                               }});
            for (auto const& field : M::states()) {
                auto const variable = offset++;
                all.push_back({owner, std::string(field.name), [this, field, owner, variable](std::size_t cell, double value) {
                                   check_value(owner, field, value);
                                   set_state(cell, variable, value);
                               }});
            }
        });
        return all;
    }

    std::vector<Named<Getter>> getters() {
        std::vector<Named<Getter>> all;
        all.push_back({"", "v", [this](std::size_t cell) { return static_cast<double>(state(cell, 0)); }});
        all.push_back({"", "v_init", [this](std::size_t cell) { return static_cast<double>(v_init_[cell]); }});
        for_each_mechanism([&](auto& parameters, std::size_t const first, auto is_synapse, std::size_t k) {
            using M = std::remove_cvref_t<decltype(parameters.uniform())>;
            auto const owner = qualifier(parameters.uniform(), is_synapse, k);
            for (auto const& field : M::parameters())
                all.push_back({owner, std::string(field.name),
                               [&parameters, field](std::size_t cell) { return parameters.get(cell, field.member); }});
            bool has_g = false;
            auto variable = first;
            for (auto const& field : M::states()) {
                has_g = has_g || field.name == "g";
                all.push_back({owner, std::string(field.name),
                               [this, variable](std::size_t cell) { return static_cast<double>(state(cell, variable)); }});
                ++variable;
            }
            if constexpr (is_synapse) {
                if (!has_g) all.push_back({owner, "g", [this, &parameters, first](std::size_t cell) {
                                               return conductance(parameters, first, cell);
                                           }});
            }
        });
        return all;
    }

    /// The conductance of a synapse of one cell in uS.
    template <class P>
    double conductance(P const& parameters, std::size_t first, std::size_t cell) {
        auto const block = cell / width;
        make_states();
        Real const* const at = &state_[block * block_size];
        auto const s = members::load_states<typename P::Lanes, L>(at + first * width);
        alignas(simd::alignment) std::array<Real, width> g;
        parameters.of(block).current(L::load(at), s).g.store(g.data());
        return static_cast<double>(g[cell % width]);
    }

    Anatomy anatomy_;
    Channels channels_;
    Synapses synapses_;
    Rates rates_;
    Real dt_, capacitance_;
    double density_per_point_;

    std::vector<Gid> gids_;
    simd::Column<Real> v_init_, thresholds_, injected_;  // one number a cell, padded to whole blocks
    bool any_injected_ = false;
    simd::Column<Real> state_;  // empty until it is needed
    bool touched_ = false;      // whether a state has been set or a step taken since the reset
    std::vector<std::uint32_t> above_;  // of each block, which lanes were above threshold at the last check
    Inbox<Real> inbox_;
};

}  // namespace hillock
