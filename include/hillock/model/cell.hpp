// SPDX-License-Identifier: MIT
#pragma once

/// Cells by the Template Method. A cell type fills in the steps, `Cell` runs them in order, once per type:
///
///   create_sections     which sections there are            -> sections(soma, dend, ...)
///   build_topology      how they are connected              dend.connect(soma(1));
///   build_subsets       named groups of sections            all = {soma, dend};
///   define_geometry     L, diam, nseg, Ra, cm
///   define_biophysics   what is inserted where              -> biophysics(insert(soma, ConnorStevens{}), insert(all, Passive{}), ...)
///   create_synapses     the point processes that get events -> synapses(place(Exp2Syn{.e = 0}, soma(0.5)), ...)
///
/// and, where a cell type has them,
///
///   create_stimuli      what drives each cell from outside  -> stimuli(stimulus(NetStim{...}, {.synapse = 0, .weight = 1e-3}), ...)
///   spike_source        where spikes are read, at what threshold -> SpikeSource{soma(0.5), -10}
///
/// A cell type may be derived from another one and replace or add steps.

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/concepts.hpp>
#include <hillock/model/paths.hpp>
#include <hillock/model/places.hpp>
#include <hillock/model/section.hpp>
#include <hillock/model/stimulus.hpp>
#include <hillock/model/tabulated.hpp>
#include <hillock/model/tree.hpp>

namespace hillock::inline HILLOCK_ISA {

/// The sections of a cell, in any order; the one that is connected to no other is the root.
template <std::same_as<Section>... S>
constexpr std::array<Section*, sizeof...(S)> sections(S&... s) {
    static_assert(sizeof...(S) > 0, "a cell needs at least one section");
    return {&s...};
}
/// As many sections as there are when the program runs.
inline std::vector<Section*> sections(std::vector<Section>& all) {
    std::vector<Section*> each;
    for (auto& section : all) each.push_back(&section);
    return each;
}

/// A density mechanism and the sections that it is inserted in.
template <class M>
struct Insertion {
    std::vector<Section const*> sections;
    M mechanism;
    std::vector<M> varied = {};  // if it is not the same everywhere: one for each segment of each section
};

/// `mechanism` in all segments of a section or subset.
template <class M>
constexpr Insertion<M> insert(Subset const& subset, M mechanism) {
    using C = typename Evaluation<M>::Channel;
    static_assert(Described<C>, "insert: a channel must have a name, a State, parameters() and states()");
    if constexpr (Described<C>) {
        static_assert(CarriesCurrent<C>,
                      "insert: a channel must have 'Current<T> current(T v, State const&) const'");
        static_assert(HasRates<C> || SelfAdvancing<C>,
                      "insert: a channel must have 'rates(T v) const', or 'initial(T v) const' and "
                      "'advance(State&, T v, T dt) const'");
    }
    return {subset.sections(), mechanism};
}

/// The same with parameters that differ from segment to segment: `vary(segment, mechanism)` sets those of one
/// segment.
///
///     insert(dendrites, HodgkinHuxley{}, [&](Segment s, HodgkinHuxley& hh) { hh.gnabar *= std::exp(-distance(soma(0.5), s) / 100); })
template <class M>
Insertion<M> insert(Subset const& subset, M mechanism, std::invocable<Segment, M&> auto&& vary) {
    auto insertion = insert(subset, mechanism);
    for (auto const* section : subset.sections())
        for (auto const segment : segments(*section)) vary(segment, insertion.varied.emplace_back(mechanism));
    return insertion;
}

template <class... M>
constexpr std::tuple<Insertion<M>...> biophysics(Insertion<M>... insertions) {
    return {insertions...};
}

/// A synapse in its place: its parameters are its own members, `cell.synlist[0].e`.
template <class S>
struct PlacedSynapse : S {
    Segment where;
};

template <class S>
constexpr PlacedSynapse<S> place(S synapse, Segment where) {
    static_assert(Described<S>, "place: a synapse must have a name, a State, parameters() and states()");
    if constexpr (Described<S>) {
        static_assert(CarriesCurrent<S>,
                      "place: a synapse must have 'Current<T> current(T v, State const&) const'");
        static_assert(
            Synapse<S>,
            "place: a synapse must have 'receive(State&, T weight) const' and 'advance(State&, T dt) const'");
    }
    return {synapse, where};
}

/// The synapse itself.
template <class S>
constexpr S const& synapse(PlacedSynapse<S> const& placed) {
    return placed;
}

/// The synapses of a cell, numbered in this order: an array where all are of one type, else a tuple.
template <class S, std::same_as<S>... More>
constexpr std::array<PlacedSynapse<S>, 1 + sizeof...(More)> synapses(PlacedSynapse<S> first,
                                                                     PlacedSynapse<More>... more) {
    return {first, more...};
}
template <class... S>
constexpr std::tuple<PlacedSynapse<S>...> synapses(PlacedSynapse<S>... placed) {
    return {placed...};
}

/// A stimulus that every cell of a type gets, and where it arrives.
template <class S>
struct OwnStimulus {
    S source;
    StimulusTarget target;
};

template <class S>
constexpr OwnStimulus<S> stimulus(S source, StimulusTarget target) {
    return {source, target};
}

template <class... S>
constexpr std::tuple<OwnStimulus<S>...> stimuli(OwnStimulus<S>... each) {
    return {each...};
}

/// Where a cell's spikes are read, and the threshold (mV) that V must cross from below unless a connection
/// sets another.
struct SpikeSource {
    Segment where;
    double threshold = 10;
};

/// A cell as its steps built it: what a population makes many of. `Sections` is what create_sections
/// returned.
template <class Sections, class Biophysics, class Synapses, class Stimuli>
struct Assembly {
    std::shared_ptr<std::vector<Section> const> sections;  // to which everything below points
    SectionNames names;
    Tree tree;
    Biophysics biophysics;
    Synapses synlist;
    Stimuli stimuli;
    SpikeSource source;

    /// Whether it can be known before the program runs that there is more than one section.
    static constexpr bool has_branches = !std::is_same_v<Sections, std::array<Section*, 1>>;

    Tree::Site site(Segment place) const { return tree.site(*sections, place); }

    Section const& root() const {
        return *std::find_if(sections->begin(), sections->end(),
                             [](auto const& s) { return !s.parent.section; });
    }
};

/// Throws if a channel is in a segment twice, where its conductances would add up unseen.
template <class... Parts>
void check_insertions(Assembly<Parts...> const& cell) {
    std::set<std::pair<std::string_view, Section const*>> inserted;
    auto const check_insertion = [&](auto const& insertion) {
        constexpr std::string_view channel =
            Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>::Channel::name;
        for (auto const* section : insertion.sections)
            require(inserted.emplace(channel, section).second,
                    "section {}: {} is inserted twice; a section has it once, also where subsets overlap",
                    title(*section), channel);
    };
    std::apply([&](auto const&... each) { (check_insertion(each), ...); }, cell.biophysics);
}

/// Throws if a section has the name of something that cells have: what "m" means would be a guess.
template <class... Parts>
void check_names(Assembly<Parts...> const& cell) {
    auto const taken = [&](std::string_view name) {
        require(!cell.names.find(name),
                "section {}: '{}' is a variable or mechanism of the cell; the section needs another name",
                name, name);
    };
    auto const taken_by = [&]<class M>(M const&) {
        for (auto const& field : M::parameters()) taken(field.name);
        for (auto const& field : M::states()) taken(field.name);
    };
    for (auto const* name : {"v", "v_init"}) taken(name);
    auto const check_channel = [&](auto const& insertion) {
        auto const channel =
            Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>::channel(insertion.mechanism);
        taken(channel.name);
        taken_by(channel);
    };
    std::size_t number = 0;
    auto const check_synapse = [&](auto const& placed) {
        taken(fmt::format("synapses[{}]", number++));
        taken("g");
        taken_by(synapse(placed));
    };
    std::apply([&](auto const&... each) { (check_channel(each), ...); }, cell.biophysics);
    std::apply([&](auto const&... each) { (check_synapse(each), ...); }, cell.synlist);
}

/// Throws if anything in the assembly is not allowed.
template <class... Parts>
void check(Assembly<Parts...> const& cell) {
    check_names(cell);
    check_insertions(cell);
    auto const check_fields = [](auto const& mechanism) {
        constexpr auto parameters = std::remove_cvref_t<decltype(mechanism)>::parameters();
        for (auto const& field : parameters) check_value(mechanism.name, field, mechanism.*field.member);
    };
    auto const check_insertion = [&](auto const& insertion) {
        using E = Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>;
        check_fields(E::channel(insertion.mechanism));
        for (auto const& varied : insertion.varied) check_fields(E::channel(varied));
        if (insertion.varied.empty()) return;
        std::size_t count = 0;
        for (auto const* section : insertion.sections) count += static_cast<std::size_t>(section->nseg);
        require(insertion.varied.size() == count,
                "{}: inserted in {} segments that have become {}; nseg belongs into define_geometry()",
                E::Channel::name, insertion.varied.size(), count);
    };
    std::apply([&](auto const&... each) { (check_insertion(each), ...); }, cell.biophysics);
    std::apply([&](auto const&... each) { (check_fields(synapse(each)), ...); }, cell.synlist);
    auto const check_stimulus = [&](auto const& own) {
        check(own.source);
        if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(own.source)>, IClamp>)
            check(own.target, std::tuple_size_v<decltype(cell.synlist)>);
        else if (!own.source.where.empty())
            cell.names.place(own.source.where);
    };
    std::apply([&](auto const&... each) { (check_stimulus(each), ...); }, cell.stimuli);
    require(std::isfinite(cell.source.threshold), "spike threshold {} mV: must be finite",
            cell.source.threshold);
}

/// Whether two cells of a type are the same: sections, mechanisms, places, to the last number.
template <class... Parts>
bool alike(Assembly<Parts...> const& a, Assembly<Parts...> const& b) {
    auto const number = [](auto const& cell, Section const* section) {
        return section ? section - cell.sections->data() : -1;
    };
    auto const same_place = [&](Segment p, Segment q) {
        return number(a, p.section) == number(b, q.section) && p.x == q.x;
    };
    auto const same_section = [&](Section const& s, Section const& t) {
        return s.name == t.name && s.L == t.L && s.diam == t.diam && s.nseg == t.nseg && s.Ra == t.Ra &&
               s.cm == t.cm && s.points == t.points && same_place(s.parent, t.parent);
    };
    auto const same_mechanism = []<class M>(M const& m, M const& n) {
        constexpr auto parameters = M::parameters();
        return std::all_of(parameters.begin(), parameters.end(),
                           [&](auto const& field) { return m.*field.member == n.*field.member; });
    };
    auto const same_insertion = [&]<class M>(Insertion<M> const& i, Insertion<M> const& j) {
        using E = Evaluation<M>;
        return std::equal(i.sections.begin(), i.sections.end(), j.sections.begin(), j.sections.end(),
                          [&](auto const* s, auto const* t) { return number(a, s) == number(b, t); }) &&
               same_mechanism(E::channel(i.mechanism), E::channel(j.mechanism)) &&
               std::equal(
                   i.varied.begin(), i.varied.end(), j.varied.begin(), j.varied.end(),
                   [&](M const& m, M const& n) { return same_mechanism(E::channel(m), E::channel(n)); });
    };
    auto const same_synapse = [&](auto const& s, auto const& t) {
        return same_mechanism(synapse(s), synapse(t)) && same_place(s.where, t.where);
    };
    auto const all_same = []<class T>(T const& t, T const& u, auto const& same) {
        bool all = true;
        unroll<std::tuple_size_v<T>>([&](auto k) { all = all && same(std::get<k>(t), std::get<k>(u)); });
        return all;
    };
    return std::equal(a.sections->begin(), a.sections->end(), b.sections->begin(), b.sections->end(),
                      same_section) &&
           all_same(a.biophysics, b.biophysics, same_insertion) &&
           all_same(a.synlist, b.synlist, same_synapse) && same_place(a.source.where, b.source.where) &&
           a.source.threshold == b.source.threshold;
}

/// The steps of the template that a cell type has, and those that it lacks.
namespace steps {

template <class C>
concept creates_sections = requires(C c) { c.create_sections(); };
template <class C>
concept builds_topology = requires(C c) { c.build_topology(); };
template <class C>
concept builds_subsets = requires(C c) { c.build_subsets(); };
template <class C>
concept defines_geometry = requires(C c) { c.define_geometry(); };
template <class C>
concept defines_biophysics = requires(C c) { c.define_biophysics(); };
template <class C>
concept creates_synapses = requires(C c) { c.create_synapses(); };

template <class C>
concept complete = creates_sections<C> && builds_topology<C> && builds_subsets<C> && defines_geometry<C> &&
                   defines_biophysics<C> && creates_synapses<C>;

/// Points what the steps of a cell returned to the sections' final place.
class Relocation {
public:
    Relocation(auto const& cell, auto const& from, std::vector<Section> const& to)
        : cell_{reinterpret_cast<std::byte const*>(&cell)}, cell_end_{cell_ + sizeof cell} {
        std::size_t k = 0;
        for (auto const* section : from) to_[section] = &to[k++];
    }

    /// `user` refers to `section`.
    Section const* operator()(Section const* section, std::string_view user) const {
        require(section, "{}: a place without a section; places are written as soma(0.5)", user);
        auto const found = to_.find(section);
        if (found == to_.end()) fail(section, user);
        return found->second;
    }
    Segment operator()(Segment s, std::string_view user) const { return {(*this)(s.section, user), s.x}; }

private:
    /// What lies outside of the cell may have ceased to be, and is not looked at.
    [[noreturn]] void fail(Section const* section, std::string_view user) const {
        auto const* at = reinterpret_cast<std::byte const*>(section);
        bool const is_member = !std::less<>{}(at, cell_) && std::less<>{}(at, cell_end_);
        require(!is_member, "{}: section '{}' is used but create_sections() does not return it", user,
                is_member ? section->name : "");
        throw Error(fmt::format(
            "{}: a section is used that create_sections() does not return. connect() belongs into "
            "build_topology(), subsets into "
            "build_subsets(): made in a constructor they refer to the cell of which this one is a copy",
            user));
    }

    std::byte const *cell_, *cell_end_;
    std::map<Section const*, Section const*> to_;
};

template <class C>
auto stimuli_of(C& cell) {
    if constexpr (requires { cell.create_stimuli(); })
        return cell.create_stimuli();
    else
        return std::tuple{};
}

template <class C>
SpikeSource source_of(C& cell, auto const& created) {
    if constexpr (requires { cell.spike_source(); }) return cell.spike_source();
    auto const root =
        std::find_if(created.begin(), created.end(), [](auto const* s) { return !s->parent.section; });
    return {(root == created.end() ? **created.begin() : **root)(0.5)};
}

/// Copies of the sections that a cell created, which refer to each other.
inline std::shared_ptr<std::vector<Section>> settled(auto const& cell, auto const& created) {
    auto sections = std::make_shared<std::vector<Section>>();
    for (auto const* section : created) sections->push_back(*section);
    Relocation const moved(cell, created, *sections);
    (void)SectionNames(*sections);  // throws if they cannot be told apart
    for (auto& section : *sections) {
        check(section);
        if (!section.parent.section) continue;
        section.parent = moved(section.parent, fmt::format("parent of section {}", title(section)));
        check(section.parent);
    }
    return sections;
}

/// Throws unless there are sections, each of them once.
void check_sections(auto const& created) {
    require(created.size() > 0, "create_sections(): a cell needs at least one section");
    std::set<Section const*> returned;
    for (std::size_t k = 0; k < created.size(); ++k) {
        require(created[k] != nullptr, "create_sections(): the section at index {} is a null pointer", k);
        require(returned.insert(created[k]).second, "create_sections(): section {} is returned twice",
                title(*created[k]));
    }
}

}  // namespace steps

template <class Derived>
struct Cell {
    /// Runs the steps of `MyCell`, which is `Derived` or a type derived from it.
    template <class MyCell>
    static auto assemble(MyCell cell) {
        static_assert(std::derived_from<MyCell, Derived>,
                      "MyCell must be derived from Cell<MyCell>, or from a type that is");
        static_assert(steps::creates_sections<MyCell>, "MyCell does not implement create_sections()");
        static_assert(steps::builds_topology<MyCell>, "MyCell does not implement build_topology()");
        static_assert(steps::builds_subsets<MyCell>, "MyCell does not implement build_subsets()");
        static_assert(steps::defines_geometry<MyCell>, "MyCell does not implement define_geometry()");
        static_assert(steps::defines_biophysics<MyCell>, "MyCell does not implement define_biophysics()");
        static_assert(steps::creates_synapses<MyCell>, "MyCell does not implement create_synapses()");

        if constexpr (steps::complete<MyCell>) {
            auto const created = cell.create_sections();
            steps::check_sections(created);
            cell.build_topology();
            cell.build_subsets();
            cell.define_geometry();
            (void)Tree(*steps::settled(cell, created),
                       {});  // throws where the sections are no tree, before anybody asks for distances
            auto biophysics = cell.define_biophysics();
            auto synlist = cell.create_synapses();
            auto stimuli = steps::stimuli_of(cell);
            auto source = steps::source_of(cell, created);

            auto const sections = steps::settled(cell, created);
            steps::Relocation const moved(cell, created, *sections);
            auto const move_insertion = [&](auto& insertion) {
                using E = Evaluation<std::remove_cvref_t<decltype(insertion.mechanism)>>;
                for (auto& section : insertion.sections) section = moved(section, E::Channel::name);
            };
            std::vector<Segment> placed;
            auto const move_place = [&](Segment& where, std::string_view user) {
                where = moved(where, user);
                check(where);
                placed.push_back(where);
            };
            std::size_t number = 0;
            auto const move_synapse = [&](auto& synapse) {
                move_place(synapse.where, fmt::format("synapse {}", number++));
            };
            std::apply([&](auto&... each) { (move_insertion(each), ...); }, biophysics);
            std::apply([&](auto&... each) { (move_synapse(each), ...); }, synlist);
            move_place(source.where, "spike source");
            Assembly<std::remove_const_t<decltype(created)>, decltype(biophysics), decltype(synlist),
                     decltype(stimuli)>
                assembly{
                    sections, SectionNames(*sections), Tree(*sections, placed), biophysics, synlist, stimuli,
                    source};
            check(assembly);
            return assembly;
        } else {
            return Assembly<std::tuple<>, std::tuple<>, std::tuple<>,
                            std::tuple<>>{};  // so that the sentence above is all there is to read
        }
    }
};

/// A cell of type `C`, ready to be looked at: `auto cell1 = assemble<MyCell>()`, then `cell1.synlist[0].e`.
template <class C>
auto assemble(C cell = {}) {
    return C::assemble(cell);
}

template <class C>
using AssemblyOf = decltype(assemble(std::declval<C>()));

}  // namespace hillock::inline HILLOCK_ISA
