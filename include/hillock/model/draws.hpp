// SPDX-License-Identifier: MIT
#pragma once

/// Random numbers for mechanisms: each is a function of the cell's gid, the mechanism's place there, and how
/// many it has drawn before, so that it is the same on any number of ranks, threads and lanes. A mechanism
/// counts them in its State:
///
///   using Uses = NodeVariables<quantity::gid, quantity::place>;
///   void advance(State& s, T v, T dt, Nearby<T, Uses>& at) const {
///       s.i = sd * normal_draw(at(quantity::gid{}), at(quantity::place{}), s.draws, seed);
///       s.draws += 1;
///   }
///
/// In single precision the count holds 2^24 numbers.

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <hillock/isa.hpp>
#include <hillock/random/normal.hpp>
#include <hillock/random/stream.hpp>
#include <hillock/simd/column.hpp>

namespace hillock::inline HILLOCK_ISA {

namespace draws {

/// Uniform in (0, 1), in plain numbers.
inline double uniform(double gid, double place, double number, double seed) {
    StreamId id;
    id.id1 = static_cast<std::uint32_t>(gid);
    id.id2 = static_cast<std::uint32_t>(place);
    id.key0 = static_cast<std::uint32_t>(static_cast<std::int64_t>(seed));
    id.key1 = 0x64726177;  // no other stream has it
    return uniform_of(random_block(id, static_cast<std::uint64_t>(number))[0]);
}

/// f for each lane.
template <class T>
T in_each_lane(auto const& f, T const& gid, T const& place, T const& number, T const& seed) {
    if constexpr (std::is_floating_point_v<T>) {
        return f(gid, place, number, seed);
    } else {
        using Real = typename T::value_type;
        alignas(simd::alignment) std::array<std::array<Real, T::width>, 4> given;
        gid.store(given[0].data());
        place.store(given[1].data());
        number.store(given[2].data());
        seed.store(given[3].data());
        for (std::size_t lane = 0; lane < T::width; ++lane)
            given[0][lane] = static_cast<Real>(
                f(static_cast<double>(given[0][lane]), given[1][lane], given[2][lane], given[3][lane]));
        return T::load(given[0].data());
    }
}

}  // namespace draws

/// Random number `number` of the mechanism at a place of a cell, uniform in (0, 1).
template <class T>
T uniform_draw(T const& gid, std::type_identity_t<T> const& place, std::type_identity_t<T> const& number,
               std::type_identity_t<T> const& seed) {
    return draws::in_each_lane(draws::uniform, gid, place, number, seed);
}

/// The same, normal with mean 0 and standard deviation 1.
template <class T>
T normal_draw(T const& gid, std::type_identity_t<T> const& place, std::type_identity_t<T> const& number,
              std::type_identity_t<T> const& seed) {
    auto const normal = [](double g, double p, double n, double s) {
        return normal_quantile(draws::uniform(g, p, n, s));
    };
    return draws::in_each_lane(normal, gid, place, number, seed);
}

}  // namespace hillock::inline HILLOCK_ISA
