// SPDX-License-Identifier: MIT
#pragma once

/// Functions of one or two variables that are given by their values, as the FUNCTION_TABLEs of NEURON's mod
/// files are: linear between points, constant outside. (Not in the umbrella header: a mechanism that has such
/// tables includes it.)
///
///     mod::k1{.tau = FunctionTable(-100, 50, {8, 6, 2, 1})}      // values at even distances
///     mod::k1{.tau = FunctionTable({-80, -40, 0}, {8, 6, 1})}    // at points of their own
///     mod::k1{.tau = FunctionTable(5)}                           // the same everywhere
///
/// All members of a mechanism are numbers, so a mechanism has its table by a whole number. That follows from
/// what is in the table: equal tables have the same number, in all programs and on all ranks. Tables are
/// kept until the program ends.

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <initializer_list>
#include <mutex>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <hillock/archive/digest.hpp>
#include <hillock/isa.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/words/error.hpp>

namespace hillock::inline HILLOCK_ISA {

/// `count` points at even distances, from `from` to `to`.
struct EvenPoints {
    double from, to;    // the first and the last one
    std::size_t count;  // at least 2
};

namespace function_tables {

/// The points of a table along one of its variables.
class Points {
public:
    /// The only point of a constant.
    Points() = default;
    /// Points at even distances.
    Points(EvenPoints const& even) : from_{even.from}, to_{even.to}, count_{even.count} {
        require(count_ >= 2 && from_ < to_ && std::isfinite(to_ - from_),
                "FunctionTable: {} points from {} to {}: must be at least 2, from a number to a larger one",
                count_, from_, to_);
    }
    /// Points where they are listed.
    Points(std::vector<double> list) : count_{list.size()}, list_{std::move(list)} {
        bool const rises = std::adjacent_find(list_.begin(), list_.end(), [](double a, double b) {
                               return !(a < b && std::isfinite(b - a));
                           }) == list_.end();
        require(count_ >= 2 && rises, "FunctionTable: {} points that are listed: must be at least 2, rising",
                count_);
    }
    Points(std::initializer_list<double> list) : Points(std::vector<double>(list)) {}

    std::size_t count() const { return count_; }

    /// The last point that is not above x, and which part of the way x is to the next one; 0 outside.
    struct Position {
        std::size_t point;
        double part;
    };
    Position position(double x) const {
        auto const first = list_.empty() ? from_ : list_.front(), last = list_.empty() ? to_ : list_.back();
        if (!(x > first)) return {0, 0};
        if (x >= last) return {count_ - 1, 0};
        if (list_.empty()) {
            auto const at = (x - from_) / ((to_ - from_) / static_cast<double>(count_ - 1));
            auto const point = std::min(static_cast<std::size_t>(at), count_ - 2);  // rounding may reach `to`
            return {point, std::min(at - static_cast<double>(point), 1.)};
        }
        auto const next = std::upper_bound(list_.begin(), list_.end(), x);
        auto const point = static_cast<std::size_t>(next - list_.begin()) - 1;
        return {point, (x - next[-1]) / (next[0] - next[-1])};
    }

    void add_to(Digest& digest) const {
        for (double const number : {from_, to_, static_cast<double>(count_)}) digest.add(number);
        for (auto const number : list_) digest.add(number);
    }
    friend bool operator==(Points const&, Points const&) = default;

private:
    double from_ = 0, to_ = 0;  // of points at even distances
    std::size_t count_ = 1;
    std::vector<double> list_;  // of others
};

/// A table: the values, row by row of the first variable.
struct Content {
    std::size_t variables = 0;  // 0: a constant
    Points x, y;
    std::vector<double> values;

    friend bool operator==(Content const&, Content const&) = default;

    /// The value at (x, y). (One function, so that it rounds the same for lanes and numbers.)
    [[gnu::noinline]] double at(double first, double second) const {
        auto const [row, part] = x.position(first);
        auto const below = in_row(row, second);
        return part > 0 ? (1 - part) * below + part * in_row(row + 1, second) : below;
    }

private:
    double in_row(std::size_t row, double second) const {
        auto const [column, part] = y.position(second);
        auto const* const from = values.data() + row * y.count() + column;
        return part > 0 ? (1 - part) * from[0] + part * from[1] : from[0];
    }
};

/// All tables of the program, by number. Tables are found without a lock.
///
/// (A template, so that a program without tables does not compile it.)
template <class = void>
class Registry {
public:
    /// The number of a table, which is added if it is new.
    static double number_of(Content const& content) {
        Digest digest;
        digest.add(content.variables);
        content.x.add_to(digest);
        content.y.add_to(digest);
        for (auto const value : content.values) digest.add(value);
        auto number = 1 + static_cast<std::uint32_t>(digest.value() % most);
        std::lock_guard const lock(mutex_);
        for (Entry const* known; (known = entry(number)) != nullptr; number = 1 + number % most)
            if (known->content == content) return number;
        entries_.push_front({number, content, head(number).load(std::memory_order_relaxed)});
        head(number).store(&entries_.front(), std::memory_order_release);
        return number;
    }

    /// The table of a number, or none.
    static Content const* find(double number) {
        if (!(number >= 1 && number <= most)) return nullptr;
        auto const* const found = entry(static_cast<std::uint32_t>(number));
        return found ? &found->content : nullptr;
    }

private:
    static constexpr std::uint32_t most = (1U << 24) - 1;  // single precision holds all numbers up to it

    struct Entry {
        std::uint32_t number;
        Content content;
        Entry const* next;  // in the same list
    };

    static std::atomic<Entry const*>& head(std::uint32_t number) { return heads_[number % heads_.size()]; }
    static Entry const* entry(std::uint32_t number) {
        auto const* found = head(number).load(std::memory_order_acquire);
        while (found && found->number != number) found = found->next;
        return found;
    }

    static inline std::forward_list<Entry> entries_;
    static inline std::array<std::atomic<Entry const*>, 1024> heads_{};
    static inline std::mutex mutex_;
};

}  // namespace function_tables

/// A function that is given by its values.
class FunctionTable {
public:
    /// The same value everywhere.
    explicit FunctionTable(double value) : FunctionTable({0, {}, {}, {value}}) {}
    /// Values at points of x.
    FunctionTable(function_tables::Points x, std::vector<double> values)
        : FunctionTable({1, std::move(x), {}, std::move(values)}) {}
    /// Values at even distances of x, from `from` to `to`.
    FunctionTable(double from, double to, std::vector<double> const& values)
        : FunctionTable(EvenPoints{from, to, values.size()}, values) {}
    /// Values at points of x and y, all those of the first x first.
    FunctionTable(function_tables::Points x, function_tables::Points y, std::vector<double> values)
        : FunctionTable({2, std::move(x), std::move(y), std::move(values)}) {}

    /// The number by which a mechanism has it.
    double number() const { return number_; }
    /// The same, so that it can stand where a mechanism has it.
    operator double() const { return number_; }

private:
    FunctionTable(function_tables::Content const& content) {
        require(content.values.size() == content.x.count() * content.y.count(),
                "FunctionTable: {} values at {} points", content.values.size(),
                content.x.count() * content.y.count());
        for (auto const value : content.values)
            require(std::isfinite(value), "FunctionTable: a value is {}: must be finite", value);
        number_ = function_tables::Registry<>::number_of(content);
    }

    double number_;
};

/// Throws unless `number` is that of a table of so many variables, or of a constant.
template <std::same_as<double> T>
void require_table(std::string_view mechanism, std::string_view name, T number, std::size_t variables) {
    auto const* const found = function_tables::Registry<>::find(number);
    require(found != nullptr,
            "{0}.{1} = {2}: no table is given; give one as in {0}{{.{1} = FunctionTable(-100, 50, values)}}",
            mechanism, name, number);
    require(found->variables == 0 || found->variables == variables,
            "{}.{}: a table of {} variables, where one of {} is needed", mechanism, name, found->variables,
            variables);
}

/// The value of a table, given by its number, at (x, y); 0 where there is no table.
/// @{
template <std::floating_point T>
T look_up(T table, std::type_identity_t<T> x, std::type_identity_t<T> y = 0) {
    auto const* const found = function_tables::Registry<>::find(static_cast<double>(table));
    return found ? static_cast<T>(found->at(static_cast<double>(x), static_cast<double>(y))) : T(0);
}
template <class T>
T look_up(T table, std::type_identity_t<T> x, std::type_identity_t<T> y = T(0)) {
    using Real = typename T::value_type;
    alignas(simd::alignment) std::array<Real, T::width> tables, first, second;
    table.store(tables.data());
    x.store(first.data());
    y.store(second.data());
    for (std::size_t k = 0; k < T::width; ++k) first[k] = look_up(tables[k], first[k], second[k]);
    return T::load(first.data());
}
/// @}

}  // namespace hillock::inline HILLOCK_ISA
