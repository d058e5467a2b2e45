// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/meta/boxed.hpp>
#include <hillock/meta/room.hpp>
#include <hillock/meta/type_name.hpp>
#include <hillock/meta/unroll.hpp>
#include <hillock/model/likeness.hpp>
#include <hillock/population/population.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The populations of a network: for each cell type as many as there are prototypes. They are numbered in the
/// order in which they were made, and stay where they are, also when this moves.
template <class Real, class Arch, class... C>
class Populations {
    template <class Type>
    using Of = Population<Real, Arch, Type>;

public:
    /// The cell type if there is one, void if there are several.
    using Only = std::conditional_t<sizeof...(C) == 1, std::tuple_element_t<0, std::tuple<C..., void>>, void>;

    using Inbox = population::Inbox<Real>;
    using Electrodes = ElectrodePlaces<simd::Lane<Real, simd::kernel<Arch>>>;

    /// Whether cells of some type have synapses that take their events one by one.
    static constexpr bool take_events = (Of<C>::takes_events || ...);

    explicit Populations(double dt, Lanes lanes = {}) : dt_{dt}, lanes_{lanes} {}

    std::size_t size() const { return entries_.size(); }

    /// The number of the population of cells like `prototype`: one that is there, or a new one.
    template <class Type>
    std::size_t like(Type const& prototype) {
        types<Type>().find = &find_alike<Type>;
        return of(assembled(prototype));
    }
    /// The number of the population of cells `Type{}`; for a type that cannot be made from nothing, of the
    /// last prototype given.
    template <class Type>
    std::size_t like_default() {
        auto& known = types<Type>().plain;
        if constexpr (std::is_default_constructible_v<Type>) {
            if (!known) known = of(assembled(Type{}));
        } else {
            known = types<Type>().last;
            require(known.has_value(),
                    "{}: what its cells are like is not known yet; give add() one of them: add(n, {}{{...}})",
                    meta::type_name<Type>(), meta::type_name<Type>());
        }
        return *known;
    }
    /// The only population of a type, made if there is none.
    template <class Type>
    std::size_t only() {
        auto const& all = types<Type>();
        require(all.populations.size() <= 1,
                "{}: there are {} populations of this type; ask for that of a cell, by gid",
                meta::type_name<Type>(), all.populations.size());
        return all.last ? *all.last : like_default<Type>();
    }

    /// Calls f(population) for population `number`.
    void with(std::size_t number, auto&& f) {
        auto const at = entries_[number];
        meta::unroll<sizeof...(C)>([&](auto k) {
            if (k == at.type) f(*std::get<k>(types_).populations[at.index]);
        });
    }
    template <class Type>
    Of<Type> const& get(std::size_t number) const {
        return *std::get<TypeOf<Type>>(types_).populations[entries_[number].index];
    }
    template <class Type>
    Of<Type>& get(std::size_t number) {
        return *std::get<TypeOf<Type>>(types_).populations[entries_[number].index];
    }
    template <class Type>
    bool is_of(std::size_t number) const {
        return entries_[number].type == index_of<Type>();
    }
    /// Calls f(population, number) for all.
    void for_each(auto&& f) {
        for (std::size_t number = 0; number < size(); ++number)
            with(number, [&](auto& population) { f(population, number); });
    }

private:
    template <class Type>
    struct TypeOf {
        using Anatomy = AssemblyOf<Type>;

        std::vector<meta::Boxed<Of<Type>>> populations;
        std::vector<std::size_t> numbers;         // of the populations
        std::vector<std::uint64_t> fingerprints;  // of the first of them
        std::optional<std::size_t> plain, last;   // numbers: of the default prototype, of the last one given
        /// find_alike, once somebody has given a prototype: what nobody asks for is not compiled.
        std::optional<std::size_t> (*find)(TypeOf&, Anatomy const&) = nullptr;
    };
    struct Entry {
        std::size_t type, index;
    };

    template <class Type>
    static constexpr std::size_t index_of() {
        std::size_t k = 0;
        (void)((std::is_same_v<Type, C> || (++k, false)) || ...);
        return k;
    }
    template <class Type>
    TypeOf<Type>& types() {
        return std::get<TypeOf<Type>>(types_);
    }

    template <class Type>
    static std::pair<std::type_identity<Type>, AssemblyOf<Type>> assembled(Type const& prototype) {
        try {
            return {{}, hillock::assemble(prototype)};
        } catch (Error const& error) {
            raise("{}: {}", meta::type_name<Type>(), error.what());
        }
    }

    /// The number of the population of cells like `cell`, if there is one.
    template <class Type>
    static std::optional<std::size_t> find_alike(TypeOf<Type>& type, AssemblyOf<Type> const& cell) {
        for (auto k = type.fingerprints.size(); k < type.populations.size(); ++k)
            type.fingerprints.push_back(fingerprint(type.populations[k]->anatomy()));
        auto const key = fingerprint(cell);
        for (std::size_t k = 0; k < type.populations.size(); ++k)
            if (type.fingerprints[k] == key && alike(type.populations[k]->anatomy(), cell))
                return type.numbers[k];
        return {};
    }

    template <class Type>
    std::size_t of(std::pair<std::type_identity<Type>, AssemblyOf<Type>> cell) {
        auto& type = types<Type>();
        auto& anatomy = cell.second;
        if (type.find)
            if (auto const known = type.find(type, anatomy)) return *(type.last = known);
        auto made = std::make_unique<Of<Type>>(std::move(anatomy), dt_, lanes_);
        meta::make_room(type.populations, 1);
        meta::make_room(type.numbers, 1);
        meta::make_room(entries_, 1);
        type.populations.emplace_back(std::move(made));
        type.numbers.push_back(size());
        entries_.push_back({index_of<Type>(), type.populations.size() - 1});
        return *(type.last = size() - 1);
    }

    double dt_;
    Lanes lanes_;
    std::tuple<TypeOf<C>...> types_;
    std::vector<Entry> entries_;  // by number
};

}  // namespace hillock::inline HILLOCK_ISA::population
