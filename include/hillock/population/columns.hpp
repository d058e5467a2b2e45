// SPDX-License-Identifier: MIT
#pragma once

/// The schema of a population: every column of numbers that it has, said once. From it follow what `set`,
/// `get` and `probe` know by name, what they allow, and what they say.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/meta/lists.hpp>
#include <hillock/model/fields.hpp>
#include <hillock/model/places.hpp>
#include <hillock/model/tree.hpp>
#include <hillock/population/located.hpp>
#include <hillock/population/parameters.hpp>
#include <hillock/simd/column.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/from_chars.hpp>

namespace hillock::inline HILLOCK_ISA::population {

/// The nodes at which something is, to be found by node: the k-th of `nodes` is its place k.
template <class = void>
class basic_places_by_node {
public:
    struct Place {
        std::size_t node, number;
    };

    explicit basic_places_by_node(std::vector<std::size_t> const& nodes) : size_{nodes.size()} {
        for (auto const node : nodes) by_node_.push_back({node, by_node_.size()});
        std::sort(by_node_.begin(), by_node_.end(),
                  [](Place a, Place b) { return std::pair(a.node, a.number) < std::pair(b.node, b.number); });
    }

    /// Those of a cell's `all` nodes that are `chosen`, in rising order; place k is node k.
    basic_places_by_node(std::vector<std::size_t> const& chosen, std::size_t all) : size_{all} {
        for (auto const node : chosen) by_node_.push_back({node, node});
    }

    std::size_t size() const { return size_; }

    /// The places in a part of the cell.
    std::span<Place const> in(Located const& part) const {
        auto const from = [&](std::size_t node) {
            return std::lower_bound(by_node_.begin(), by_node_.end(), node,
                                    [](Place p, std::size_t n) { return p.node < n; });
        };
        return {from(part.first), from(part.last)};
    }

private:
    std::vector<Place> by_node_;
    std::size_t size_;
};

using PlacesByNode = basic_places_by_node<>;

enum class Kind { parameter, state, derived };
enum class Domain { cell, node, place };

/// Where the numbers of a column are.
struct Rows {  // of the blocks: that of place k is first + k * stride
    std::size_t first, stride;
};
template <class Real>
struct CellNumbers {  // one number a cell
    simd::Column<Real>* numbers;
};
struct Parameter {
    ParameterStore store;
    std::size_t field;
    std::optional<Rows> copy = {};  // rows that hold it, too
};
struct Derived {  // from other numbers of its owner, whenever it is asked for
    double (*value)(void* owner, std::size_t cell, std::size_t place);
    void* owner;
    void (*ask)(void* owner) = nullptr;  // called once before it is read, if there is something to prepare
};
struct BareEnd {  // the voltage of an end without a node
    NodeTree::Site site;
};

template <class Real>
using Source = std::variant<Rows, CellNumbers<Real>, Parameter, Derived, BareEnd>;

/// A column of numbers: one for each cell, node, or place of a mechanism.
template <class Real>
struct Column {
    std::string owner;  // the mechanism; none for the cell's own
    std::string_view name, unit;
    Allowed allowed;
    Kind kind;
    Domain domain;
    PlacesByNode const* places;
    Source<Real> source;
    std::optional<std::size_t> first_number = {};  // of an owner whose places are numbered: synapses[3]

    /// Its full name at a place, "HodgkinHuxley.gnabar" or "synapses[3].tau".
    std::string full_name(std::size_t place = 0) const {
        return owner.empty() ? std::string(name) : fmt::format("{}.{}", owner_at(place), name);
    }
    std::string owner_at(std::size_t place) const {
        return first_number ? fmt::format("{}[{}]", owner, *first_number + place) : owner;
    }

    /// All its full names, for messages; those of many synapses in one.
    void list_names(std::vector<std::string>& all) const {
        constexpr std::size_t most = 4;
        auto const count = first_number ? places->size() : 1;
        if (count > most)
            return all.push_back(
                fmt::format("{}[{}..{}].{}", owner, *first_number, *first_number + count - 1, name));
        for (std::size_t place = 0; place < count; ++place)
            if (auto text = full_name(place); std::find(all.begin(), all.end(), text) == all.end())
                all.push_back(std::move(text));
    }

    /// Its places in a part of the cell that `text` calls: "tau", "ExpSyn.tau", "synapses[3].tau".
    std::vector<PlacesByNode::Place> called(std::string_view text, Located const& where) const {
        if (!text.ends_with(name)) return {};
        auto const here = places->in(where);
        std::vector<PlacesByNode::Place> found(here.begin(), here.end());
        if (text.size() == name.size()) return found;
        auto const number = number_in(text.substr(0, text.size() - name.size()));
        if (!number) return {};
        if (first_number)
            meta::erase_if(found, [&](auto place) { return *first_number + place.number != *number; });
        return found;
    }
    /// Whether `text` is one of its names, wherever it is.
    bool is_called(std::string_view text) const {
        if (text == name) return true;
        return text.ends_with(name) && number_in(text.substr(0, text.size() - name.size())).has_value();
    }

private:
    /// The number in "synapses[3].", 0 for an owner without numbers; nothing if it is not the owner.
    std::optional<std::size_t> number_in(std::string_view text) const {
        if (owner.empty() || !text.starts_with(owner) || !text.ends_with('.')) return {};
        text = text.substr(owner.size(), text.size() - owner.size() - 1);
        if (!first_number) return text.empty() ? std::optional<std::size_t>(0) : std::nullopt;
        std::size_t number = 0;
        auto const [end, error] = portable::from_chars(text.data() + std::min<std::size_t>(1, text.size()),
                                                       text.data() + text.size(), number);
        bool const is_number = error == std::errc{} && text.starts_with('[') &&
                               end + 1 == text.data() + text.size() && *end == ']';
        return is_number && number >= *first_number && number < *first_number + places->size()
                   ? std::optional(number)
                   : std::nullopt;
    }
};

/// Numbers that a name means: places of a column.
template <class Real>
struct Meaning {
    Column<Real> const* column;
    std::vector<PlacesByNode::Place> places;
};

/// Numbers that a name stands for, found once: a source and some of its places on a cell.
template <class Real>
struct Reference {
    Column<Real> const* column;  // none for the voltage of an end without a node
    Source<Real> source;
    std::vector<std::size_t> places;
    /// Reads it in a population that is known only by address; set by Population::reading.
    double (*read)(void* population, Reference const& from, std::size_t cell) = nullptr;
};

/// Finds the columns of a cell type by name; several only if they have one full name, as those of a channel
/// that is inserted in two subsets.
template <class Real>
class Names {
public:
    Names(std::vector<Column<Real>> const& columns, std::string_view type, SectionNames const& sections)
        : columns_{columns}, type_{type}, sections_{sections} {}

    /// The one number that a name stands for: the one where a value is read, if it is there, or else the
    /// first.
    Reference<Real> reading(std::string_view name, Located const& where) const {
        if (where.is_bare_end && where.rest == "v") return {nullptr, BareEnd{where.site}, {0}};
        auto const found = meaning(name, where, false);
        for (auto const& [column, places] : found)
            for (auto const& place : places)
                if (place.node == where.site.node) return {column, column->source, {place.number}};
        auto const& [column, places] = found[0];
        auto const by_number = [](auto a, auto b) { return a.number < b.number; };
        return {column, column->source, {std::min_element(places.begin(), places.end(), by_number)->number}};
    }

    /// All numbers that a name stands for and that may be written.
    std::vector<Reference<Real>> writing(std::string_view name, Located const& where) const {
        std::vector<Reference<Real>> all;
        for (auto const& [column, places] : meaning(name, where, true)) {
            auto& one = all.emplace_back(Reference<Real>{column, column->source, {}});
            for (auto const& place : places) one.places.push_back(place.number);
        }
        return all;
    }

private:
    static std::string owner(Meaning<Real> const& one) { return one.column->owner_at(one.places[0].number); }

    /// A number of the cell's own (celsius, ek) brings along those of its mechanisms that have its name.
    std::vector<Meaning<Real>> meaning(std::string_view name, Located const& where, bool to_set) const {
        require(!where.is_bare_end, "{}: '{}': nothing is at this end, which has no membrane of its own",
                type_, name);
        std::vector<Meaning<Real>> found;
        bool exists = false, one_owner = true, cells_own = false, is_clear = true;
        for (auto const& column : columns_) {
            if (!column.is_called(where.rest) || (to_set && column.kind == Kind::derived)) continue;
            exists = true;
            auto places = column.called(where.rest, where);
            if (places.empty()) continue;
            bool const is_own = column.owner.empty();
            if (is_own && column.domain == Domain::cell && !found.empty() && where.rest != name)
                continue;  // a part of the cell was asked for
            cells_own = cells_own || is_own;
            one_owner = one_owner && (found.empty() || owner(found[0]) == column.owner_at(places[0].number));
            is_clear = is_clear && (!column.first_number || places.size() == 1);
            found.push_back({&column, std::move(places)});
        }
        if (found.empty()) fail(name, where, to_set, exists);
        is_clear = (is_clear && one_owner) || cells_own;
        if (!is_clear) {
            std::vector<std::string> names;
            for (auto const& one : found) one.column->list_names(names);
            raise("{}: '{}' could be several things; write it in full, one of {}", type_, where.rest,
                  fmt::join(names, ", "));
        }
        return found;
    }

    [[noreturn]] void fail(std::string_view name, Located const& where, bool to_set, bool exists) const {
        auto const known = list(to_set);
        require(!exists, "{} has no '{}': '{}' is elsewhere", type_, name, where.rest);
        auto const mark = where.rest == name ? name.find_first_of(".(") : name.npos;
        require(mark == name.npos || name[mark] == '.', "{} has no section '{}'; its sections are {}", type_,
                name.substr(0, mark), sections_.list());
        for (auto const& column : columns_)
            require(!column.is_called(where.rest),
                    "{}: '{}' follows from other variables and cannot be set; what can be set is {}", type_,
                    where.rest, known);
        raise("{} has no '{}'; it has {}{}", type_, where.rest, known,
              mark == name.npos ? "" : "; its sections are " + sections_.list());
    }

    std::string list(bool to_set) const {
        std::vector<std::string> names;
        for (auto const& column : columns_)
            if (!to_set || column.kind != Kind::derived) column.list_names(names);
        return fmt::format("{}", fmt::join(names, ", "));
    }

    std::vector<Column<Real>> const& columns_;
    std::string_view type_;
    SectionNames const& sections_;
};

}  // namespace hillock::inline HILLOCK_ISA::population
