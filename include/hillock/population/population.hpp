// SPDX-License-Identifier: MIT
#pragma once

/// All cells of one type, W at a time. The state of W cells (a block) is contiguous, variable after variable,
/// W lanes each (see Layout). In a step a block spikes, receives, solves for V, advances gates and synapses.
/// Cells of one compartment do that some blocks together, pass by pass; those with more nodes block by block,
/// solving the cable equation in between. Blocks know nothing of each other; what passes between them are
/// spikes and the inbox.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/cell.hpp>
#include <hillock/population/branches.hpp>
#include <hillock/population/compartment.hpp>
#include <hillock/population/inbox.hpp>
#include <hillock/population/mechanisms.hpp>
#include <hillock/population/names.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/simd/lane.hpp>
#include <hillock/words/ids.hpp>
#include <hillock/words/units.hpp>

namespace hillock::inline HILLOCK_ISA {

/// A spike on the grid.
struct GridSpike {
    Step step;
    Gid gid;

    friend auto operator<=>(GridSpike const&, GridSpike const&) = default;
};

template <class Real, class Arch, class C>
class Population {
    using L = simd::Lane<Real, simd::kernel<Arch>>;
    using Anatomy = AssemblyOf<C>;
    using Parts = Mechanisms<L, Anatomy>;
    template <std::size_t K>
    using ChannelAt = typename Parts::template ChannelAt<K>;
    template <std::size_t K>
    using SynapseAt = typename Parts::template SynapseAt<K>;

    static constexpr std::size_t channels = Parts::channel_count, synapses = Parts::synapse_count;

public:
    static constexpr std::size_t width = L::width;
    static constexpr double resting_potential = -65;  // mV, unless set

    /// A cell type that cannot be made from nothing has to be given by `adopt`.
    explicit Population(double dt) : dt_{static_cast<Real>(dt)} {
        if constexpr (std::is_default_constructible_v<C>) assemble_from(hillock::assemble<C>());
    }

    // -- Cells ------------------------------------------------------------------------------------

    /// Has all cells be like this one. Once there are cells it must be the same as before.
    void adopt(C const& prototype) {
        auto cell = hillock::assemble(prototype);
        require(!is_fixed_ || alike(*anatomy_, cell),
                "{}: its cells differ from those that the network already has; all cells of a type "
                "share one morphology and its mechanisms (set() makes parameters differ from cell to cell)",
                type_name<C>());
        if (!is_fixed_) assemble_from(std::move(cell));
    }

    Anatomy const& anatomy() const {
        require(anatomy_.has_value(),
                "{}: what its cells are like is not known yet; give add() one of them: add(n, {}{{...}})",
                type_name<C>(), type_name<C>());
        return *anatomy_;
    }
    std::size_t size() const { return gids_.size(); }
    Gid gid(std::size_t cell) const { return gids_[cell]; }
    std::size_t blocks() const { return padded_size() / width; }
    static constexpr std::size_t synapse_count() { return synapses; }

    std::size_t block_bytes() const { return block_size_ * sizeof(Real); }
    /// The least that a cell takes: its state, two numbers, its gid, and one step of its inbox.
    std::size_t cell_bytes() const {
        return block_bytes() / width + (2 + synapses) * sizeof(Real) + sizeof(Gid);
    }

    /// Makes cells with these gids; there may be none of them on this rank.
    void add(std::vector<Gid> const& gids) {
        require(!touched_, "add: {} cells have had their states set; add all cells first, or reset",
                type_name<C>());
        auto const threshold = static_cast<Real>(anatomy().source.threshold);
        is_fixed_ = true;
        state_.clear();
        thresholds_.resize(size());  // without the padding
        gids_.insert(gids_.end(), gids.begin(), gids.end());
        v_init_.resize(padded_size(), static_cast<Real>(resting_potential));
        thresholds_.resize(size(), threshold);
        thresholds_.resize(padded_size(), std::numeric_limits<Real>::infinity());  // padding never spikes
        unroll<channels>([&](auto k) { std::get<k>(parts_->channels).grow(size()); });
        unroll<synapses>([&](auto k) { std::get<k>(parts_->synapses).grow(size()); });
    }

    void set_threshold(std::size_t cell, double threshold) {
        thresholds_[cell] = static_cast<Real>(threshold);
    }

    Inbox<Real>& inbox() { return inbox_; }

    // -- Electrodes -------------------------------------------------------------------------------

    /// The number of the electrodes at a place such as "dend(1)"; in the middle of the root if it has no
    /// name.
    std::size_t electrode(std::string_view where) {
        auto const site =
            anatomy().site(where.empty() ? anatomy().root()(0.5) : anatomy().names.place(where));
        auto const same = std::find_if(electrodes_.begin(), electrodes_.end(),
                                       [&](auto const& e) { return e.site == site; });
        if (same != electrodes_.end()) return static_cast<std::size_t>(same - electrodes_.begin());
        electrodes_.push_back({site, {}, {}});
        if (!state_.empty()) {
            resize(electrodes_.back());
            initialise(electrodes_.back(), 0, blocks());
        }
        return electrodes_.size() - 1;
    }

    /// The current of a cell's electrodes at one place from now on, in nA.
    void set_injected(std::size_t cell, std::size_t electrode, double amp) {
        electrodes_[electrode].amp[cell] = static_cast<Real>(amp);
    }

    // -- Values by name ---------------------------------------------------------------------------

    /// What sets a parameter ("gnabar", "ConnorStevens.gnabar", "synapses[1].tau2", "v_init") or a state
    /// ("v", "m", "synapses[0].A") of the cell with a given place in the population: wherever the cell has
    /// it, or, with a section or a segment in front ("dend.gnabar", "dend(0.7).v"), there alone. Every rank
    /// has to ask for it, also one without those cells: the equations of a cell are put together alike
    /// everywhere.
    std::function<void(std::size_t, double)> setter(std::string_view name) {
        auto const where = located(name);
        require(!where.is_bare_end, "{}: '{}': nothing is at this end, which has no membrane of its own",
                type_name<C>(), name);
        std::vector<Variable::Set> parts;
        for (auto const* variable : meant(variables(), type_name<C>(), name, where, anatomy().names, true)) {
            std::vector<std::size_t> places;
            for (auto const& place : variable->places->in(where)) places.push_back(place.number);
            parts.push_back(variable->setter(places));
        }
        return [parts = std::move(parts)](std::size_t cell, double value) {
            for (auto const& set : parts) set(cell, value);
        };
    }

    /// What reads any of these, or a synapse's conductance in uS ("synapses[0].g"): in the named segment, or
    /// else in the middle of the section, or of the root, or else in the first segment that has it.
    std::function<double(std::size_t)> getter(std::string_view name) {
        auto const where = located(name);
        if (where.is_bare_end && where.rest == "v")
            return [this, site = where.site](std::size_t cell) { return end_voltage(site, cell); };
        require(!where.is_bare_end, "{}: '{}': nothing is at this end, which has no membrane of its own",
                type_name<C>(), name);
        auto const found = meant(variables(), type_name<C>(), name, where, anatomy().names, false);
        auto const at = [](Variable const& variable, std::size_t place) {
            return [get = variable.get, place](std::size_t cell) { return get(cell, place); };
        };
        for (auto const* variable : found)
            for (auto const& place : variable->places->in(where))
                if (place.node == where.site.node) return at(*variable, place.number);
        auto const here = found[0]->places->in(where);
        return at(*found[0], std::min_element(here.begin(), here.end(), [](auto a, auto b) {
                                 return a.number < b.number;
                             })->number);
    }

    // -- Time -------------------------------------------------------------------------------------

    /// Forgets the states of all cells; the next use finds them at rest.
    void reset() {
        state_.clear();
        touched_ = false;
    }

    /// To be called before a run: makes room for events of `steps` steps from `now` on. True if there are no
    /// states since the last reset; then all blocks have to be initialised.
    bool start(Step now, std::size_t steps) {
        touched_ = true;
        if (state_.empty()) return allocate(steps), true;
        inbox_.reach(now, steps);
        return false;
    }

    /// Every cell of the blocks [first, last) at rest at its v_init, nothing on its way to it.
    void initialise(std::size_t first, std::size_t last) {
        std::fill(state_.begin() + static_cast<std::ptrdiff_t>(first * block_size_),
                  state_.begin() + static_cast<std::ptrdiff_t>(last * block_size_), Real{0});
        inbox_.clear(first * width, last * width);
        for (std::size_t block = first; block < last; ++block) {
            Real* const at = block_at(block);
            L const v = L::load(&v_init_[block * width]);
            for (std::size_t node = 0; node < nodes(); ++node) v.store(at + node * width);
            unroll<channels>([&](auto k) {
                auto const places = parts_->nodes[k].size();
                for (std::size_t place = 0; place < places; ++place) {
                    auto const initial = initial_state(std::get<k>(parts_->channels).of(block, place),
                                                       std::get<k>(parts_->rates), v);
                    members::store_states<ChannelAt<k>, L>(initial,
                                                           at + parts_->channel_row(k, place) * width);
                }
            });
        }
        for (auto& electrode : electrodes_) initialise(electrode, first, last);
    }

    /// Takes the blocks [first, last) from `step` to the next one; appends their spikes at `step` to
    /// `spikes`.
    void advance(std::size_t first, std::size_t last, Step step, std::vector<GridSpike>& spikes) {
        for (std::size_t block = first; block < last; ++block) detect(block, step, spikes);
        Real* const arrived = inbox_.at(step);
        auto const electrodes = [&](std::size_t block, auto&& inject) {
            for (auto const& each : electrodes_) inject(each.site.node, L::load(&each.amp[block * width]));
        };
        auto const advance_branches = [&] {
            for (std::size_t block = first; block < last; ++block)
                branches_.advance(*parts_, block, block_at(block), arrived + block * width, padded_size(),
                                  electrodes);
        };
        if constexpr (Anatomy::has_branches)
            advance_branches();
        else if (!is_compact_)
            advance_branches();
        else
            compartment_.advance(*parts_, first, last, block_at(first), arrived + first * width,
                                 padded_size(), electrodes);
        for (auto& electrode : electrodes_)
            if (electrode.site.megohm > 0)
                for (std::size_t block = first; block < last; ++block) advance_end(block, electrode);
    }

    /// The place of the first cell of [first, last) blocks whose V is not a finite number, or size() if there
    /// is none. It is enough to look at one node: what is wrong in one is so in all after a step.
    std::size_t first_not_finite(std::size_t first, std::size_t last) const {
        for (std::size_t block = first; block < last; ++block) {
            auto const finite = abs(L::load(block_at(block))) <= L(std::numeric_limits<Real>::max());
            auto const odd = ~simd::bits::of(finite) & lanes_mask;
            if (odd != 0)
                return std::min(size(), block * width + static_cast<std::size_t>(std::countr_zero(odd)));
        }
        return size();
    }

    /// A number that the states of all cells decide, every bit of them: the sum of one for each cell and its
    /// gid.
    std::uint64_t digest() {
        make_states();
        std::uint64_t sum = 0;
        for (std::size_t cell = 0; cell < size(); ++cell) {
            Digest one;
            one.add(gids_[cell]);
            for (std::size_t variable = 0; variable < parts_->layout.end; ++variable)
                one.add(state(cell, variable));
            sum += one.value();
        }
        return sum;
    }

private:
    static constexpr std::uint32_t lanes_mask = static_cast<std::uint32_t>((std::uint64_t{1} << width) - 1);

    /// The electrodes at one place on the cells.
    struct Electrode {
        Tree::Site site;
        simd::Column<Real> amp;  // nA
        simd::Column<Real> v;    // mV, if the place has no node
    };

    void assemble_from(Anatomy cell) {
        anatomy_.emplace(std::move(cell));
        parts_.emplace(*anatomy_, static_cast<double>(dt_));
        variables_.clear();
        source_ = anatomy_->site(anatomy_->source.where).node;
        compartment_ = Compartment<L, Anatomy>(anatomy_->root(), static_cast<double>(dt_));
        branches_ = Branches<L, Anatomy>(anatomy_->tree, static_cast<double>(dt_));
        branches_.fold_leaks(*parts_);
        is_compact_ = nodes() == 1 && std::all_of(parts_->nodes.begin(), parts_->nodes.end(),
                                                  [](auto const& n) { return n.size() == 1; });
        block_size_ =
            (parts_->layout.end + (is_compact_ && !Anatomy::has_branches ? 0 : 2 * nodes())) * width;
    }

    std::size_t nodes() const { return branches_.nodes(); }
    std::size_t padded_size() const { return simd::padded(size(), width); }
    Real* block_at(std::size_t block) { return &state_[block * block_size_]; }
    Real const* block_at(std::size_t block) const { return &state_[block * block_size_]; }

    void detect(std::size_t block, Step step, std::vector<GridSpike>& spikes) {
        L const v = L::load(block_at(block) + source_ * width);
        auto const now = simd::bits::of(v > L::load(&thresholds_[block * width]));
        auto rising = now & ~std::exchange(above_[block], now);
        for (; rising != 0; rising &= rising - 1)
            spikes.push_back(
                {step, gids_[block * width + static_cast<std::size_t>(std::countr_zero(rising))]});
    }

    // -- Ends without a node ----------------------------------------------------------------------

    void resize(Electrode& electrode) {
        electrode.amp.resize(padded_size());
        electrode.v.resize(padded_size());
    }
    void initialise(Electrode& electrode, std::size_t first, std::size_t last) {
        for (auto block = first; block < last; ++block) {
            L(0).store(&electrode.amp[block * width]);
            advance_end(block, electrode);
        }
    }

    /// An end is above the segment before it by the drop of its electrode's current.
    void advance_end(std::size_t block, Electrode& electrode) {
        auto const v = L::load(block_at(block) + electrode.site.node * width);
        fma(L(static_cast<Real>(electrode.site.megohm)), L::load(&electrode.amp[block * width]), v)
            .store(&electrode.v[block * width]);
    }

    double end_voltage(Tree::Site site, std::size_t cell) {
        for (auto const& electrode : electrodes_)
            if (electrode.site == site && !state_.empty()) return static_cast<double>(electrode.v[cell]);
        return static_cast<double>(state(cell, site.node));
    }

    // -- Values by name ---------------------------------------------------------------------------

    Located located(std::string_view name) const {
        auto const place = anatomy().names.parse(name);
        require(!place.section || !place.rest.empty(),
                "{}: '{}' is a place; a variable is missing behind it, as in '{}{}v'", type_name<C>(), name,
                name, name.ends_with('.') ? "" : ".");
        auto const& section = place.section ? *place.section : anatomy().root();
        auto const site = anatomy().site(section(place.x.value_or(0.5)));
        Located found{0, nodes(), site, site.megohm > 0, place.rest};
        if (place.x) {
            found.first = site.node;
            found.last = site.node + 1;
        } else if (place.section) {  // the nodes of a section's segments follow each other
            found.first = anatomy().site(section.segment(0)).node;
            found.last = found.first + static_cast<std::size_t>(section.nseg);
        }
        return found;
    }

    /// What sets a state in some rows of a cell.
    Variable::Set state_setter(std::vector<std::size_t> rows) {
        make_states();
        touched_ = true;
        return [this, rows = std::move(rows)](std::size_t cell, double value) {
            for (auto const row : rows) state(cell, row) = static_cast<Real>(value);
        };
    }

    /// Something has changed on which states at rest depend: untouched ones are made again when they are
    /// needed.
    void forget_rest() {
        if (!touched_) state_.clear();
    }

    /// Room for states and events, unwritten.
    void allocate(std::size_t steps) {
        state_.resize(blocks() * block_size_);
        above_.assign(blocks(), 0);
        for (auto& electrode : electrodes_) resize(electrode);
        inbox_ = Inbox<Real>(synapses, padded_size(), steps);
    }
    /// For who wants to see or set a state before the first run.
    void make_states() {
        if (!state_.empty()) return;
        allocate(0);
        initialise(0, blocks());
    }

    Real& state(std::size_t cell, std::size_t row) {
        make_states();
        return block_at(cell / width)[row * width + cell % width];
    }

    /// What sets a parameter of a cell at some of its places.
    template <bool is_synapse, class P, class F>
    Variable::Set parameter_setter(P& parameters, std::string const& owner, F const& field,
                                   std::vector<std::size_t> places, bool everywhere) {
        if (!everywhere) parameters.distinguish_places();
        if (parameters.same_in_all_cells()) {
            parameters.distinguish_cells();
            branches_.fold_leaks(*parts_);
        }
        return [this, &parameters, owner, field, places = std::move(places)](std::size_t cell, double value) {
            check_value(owner, field, value);
            if constexpr (!is_synapse) require_free(parameters, field, value);
            for (auto const place : places) {
                parameters.set(cell, size(), field.member, value, place);
                if (parameters.shared_values().size() == 1) break;
            }
            forget_rest();
        };
    }

    /// Throws if the table that a channel's rates come from would be another one with this value.
    template <class P, class F>
    void require_free(P const& parameters, F const& field, double value) const {
        auto changed = parameters.shared();
        changed.*field.member = value;
        prepare(changed, static_cast<double>(dt_));
        unroll<channels>([&](auto k) {
            if constexpr (std::is_same_v<std::tuple_element_t<k, typename Parts::Channels>, P>)
                require(&std::get<k>(parts_->channels) != &parameters ||
                            std::get<k>(parts_->rates).serves(changed),
                        "{}.{} = {}: the rates are tabulated for {}; give the value where the channel is "
                        "inserted",
                        changed.name, field.name, value, parameters.shared().*field.member);
        });
    }

    /// Everything of a cell that has a name. It is made when it is first asked for, and refers to what is in
    /// its place then.
    std::vector<Variable> const& variables() {
        if (!variables_.empty()) return variables_;
        using Numbers = std::vector<std::size_t>;
        Numbers all(nodes());
        std::iota(all.begin(), all.end(), std::size_t{0});
        places_.clear();
        places_.reserve(2 + channels + synapses);  // so that they stay where they are
        variables_.push_back(
            {"", "v", &places_.emplace_back(all),
             [this](std::size_t cell, std::size_t node) { return static_cast<double>(state(cell, node)); },
             [this](Numbers const& chosen) { return state_setter(chosen); }});
        variables_.push_back(
            {"", "v_init", &places_.emplace_back(Numbers{0}),
             [this](std::size_t cell, std::size_t) { return static_cast<double>(v_init_[cell]); },
             [this](Numbers const&) -> Variable::Set {
                 return [this](std::size_t cell, double v) {
                     v_init_[cell] = static_cast<Real>(v);
                     forget_rest();
                 };
             }});
        unroll<channels>([&](auto k) {
            auto& channel = std::get<k>(parts_->channels);
            add_variables<false>(channel, std::string(channel.shared().name),
                                 places_.emplace_back(parts_->nodes[k]), parts_->channel_row(k, 0));
        });
        unroll<synapses>([&](auto k) {
            add_variables<true>(std::get<k>(parts_->synapses), fmt::format("synapses[{}]", std::size_t{k}),
                                places_.emplace_back(Numbers{parts_->synapse_node[k]}),
                                parts_->layout.synapse[k]);
        });
        return variables_;
    }

    /// The parameters and states of a mechanism whose first state is in `row`; of a synapse its conductance
    /// too.
    template <bool is_synapse>
    void add_variables(auto& parameters, std::string const& owner, Places const& places,
                       std::size_t const row) {
        using M = std::remove_cvref_t<decltype(parameters.shared())>;
        using Numbers = std::vector<std::size_t>;
        for (auto const& field : M::parameters())
            variables_.push_back(
                {owner, std::string(field.name), &places,
                 [&parameters, field](std::size_t cell, std::size_t place) {
                     return parameters.get(cell, field.member, place);
                 },
                 [this, &parameters, field, owner, all = places.size()](Numbers const& chosen) {
                     return parameter_setter<is_synapse>(parameters, owner, field, chosen,
                                                         chosen.size() == all);
                 }});
        constexpr auto count = M::states().size();
        bool has_g = false;
        auto at = row;
        for (auto const& field : M::states()) {
            has_g = has_g || field.name == "g";
            variables_.push_back({owner, std::string(field.name), &places,
                                  [this, at](std::size_t cell, std::size_t place) {
                                      return static_cast<double>(state(cell, at + place * count));
                                  },
                                  [this, field, owner, at](Numbers const& chosen) -> Variable::Set {
                                      Numbers rows;
                                      for (auto const place : chosen) rows.push_back(at + place * count);
                                      return [field, owner, set = state_setter(rows)](std::size_t cell,
                                                                                      double value) {
                                          check_value(owner, field, value);
                                          set(cell, value);
                                      };
                                  }});
            ++at;
        }
        if constexpr (is_synapse)
            if (!has_g)
                variables_.push_back({owner,
                                      "g",
                                      &places,
                                      [this, &parameters, row](std::size_t cell, std::size_t) {
                                          return conductance(parameters, row, cell);
                                      },
                                      {}});
    }

    /// The conductance of a synapse of one cell in uS.
    template <class P>
    double conductance(P const& parameters, std::size_t row, std::size_t cell) {
        auto const block = cell / width;
        make_states();
        Real const* const at = block_at(block);
        auto const s = members::load_states<typename P::Lanes, L>(at + row * width);
        alignas(simd::alignment) std::array<Real, width> g;
        parameters.of(block).current(L::load(at), s).g.store(g.data());
        return static_cast<double>(g[cell % width]);
    }

    Real dt_;
    std::optional<Anatomy> anatomy_;
    std::optional<Parts> parts_;
    bool is_fixed_ = false;                // whether there are cells, on this rank or another
    Compartment<L, Anatomy> compartment_;  // the step of cells of one compartment
    Branches<L, Anatomy> branches_;        // of all others
    bool is_compact_ = false;              // whether cells are of one compartment, in which every channel is
    std::size_t source_ = 0;               // the node where spikes are read
    std::size_t block_size_ = 0;           // in numbers
    std::vector<Variable> variables_;
    std::vector<Places> places_;  // of the variables

    std::vector<Gid> gids_;
    simd::Column<Real> v_init_, thresholds_;  // one number a cell, padded to whole blocks
    std::vector<Electrode> electrodes_;
    simd::Column<Real> state_;          // empty until it is needed
    bool touched_ = false;              // whether a state has been set or a step taken since the reset
    std::vector<std::uint32_t> above_;  // of each block, which lanes were above threshold at the last check
    Inbox<Real> inbox_;
};

}  // namespace hillock::inline HILLOCK_ISA
