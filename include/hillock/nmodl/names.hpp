// SPDX-License-Identifier: MIT
#pragma once

/// The names of a file: for each quantity where it is declared, what it is, and its number.

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/quantity.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The quantities of a file, by name.
class Names {
public:
    /// Collects what `mod` declares; refuses what is declared wrongly.
    explicit Names(Mod const& mod) : mod_{mod} {
        declare(mod.units, Role::constant);
        declare(mod.constants, Role::constant);
        declare(mod.parameters, Role::parameter);
        declare(mod.states, Role::state);
        declare(mod.assigned, Role::variable);
        declare_locals(mod.locals);
        for (auto const& block : mod.blocks)
            if (block.kind == "FUNCTION_TABLE") {
                if (find(block.name)) refuse(block.at, "'{}' is declared twice", block.name);
                add(quantity_of_table(block));
            }
        for (auto const& [name, at] : mod.range) {
            if (auto* const found = own(name)) found->is_range = true;
        }
        built_in();
        for (auto const& use : mod.ions) ion(use);
        currents(mod.nonspecific);
        currents(mod.electrode);
        require_one_sign();
        find_assigned_parameters();
        for (auto const& block : mod.blocks) fix_bounds(block.body);
        for (auto const& [name, at] : mod.pointers) {
            auto* found = own(name);
            if (!found) {
                Quantity made;
                made.name = name;
                found = &add(made);
            }
            found->role = Role::variable;
            found->is_pointer = true;
            found->is_range = true;
            found->at = at;
            if (found->comment.empty()) found->comment = "shows what a Pointer names";
        }
    }
    /// Adds whether the states have been there in a step before.
    void declare_begun() {
        Quantity begun;
        begun.name = "has_begun";
        begun.comment = "0 before the first step";
        begun.is_range = true;
        add(begun);
    }
    /// Adds those of a file that draws random numbers.
    void declare_random() {
        Quantity seed, count;
        seed.role = Role::parameter;
        seed.name = "random_seed";
        seed.value = "0";
        seed.comment = "another one makes other random numbers";
        add(seed);
        count.name = "random_draws";
        count.comment = "random numbers so far";
        count.is_range = true;
        add(count);
        for (auto const* name : {"gid", "place"}) {
            Quantity made;
            made.role = Role::built_in;
            made.name = fmt::format("random_{}", name);
            made.node = fmt::format("quantity::{}", name);
            all_.emplace(made.name, made);
        }
    }

    Quantity const* find(std::string_view name) const {
        auto const found = all_.find(name);
        return found == all_.end() ? nullptr : &found->second;
    }
    /// In the order of declaration.
    std::vector<std::string> const& order() const { return order_; }

    /// Parameters that code changes: they are where a variable starts.
    bool is_changed(std::string const& parameter) const { return changed_.contains(parameter); }

    /// Currents that leave the cell, in the order of the NEURON block: name and C++ of the ion's
    /// current, if any.
    struct Leaving {
        std::string name, node;
        bool is_electrode = false;
    };
    std::vector<Leaving> const& leaving() const { return leaving_; }
    /// The concentrations and reversal potentials in USEION, in C++: where a mechanism uses both of an ion,
    /// the reversal potential begins as Nernst's, whether or not its code reads the concentration.
    std::vector<std::string> const& declared_nodes() const { return declared_nodes_; }
    /// The concentrations among them whose ion's reversal potential is used too.
    std::vector<std::string> nernst_nodes() const {
        std::vector<std::string> all;
        for (auto const& node : declared_nodes_) {
            auto const end = node.rfind("::");
            auto const has_reversal =
                std::find(declared_nodes_.begin(), declared_nodes_.end(), node.substr(0, end) + "::reversal");
            if (has_reversal != declared_nodes_.end() && node.substr(end) != "::reversal")
                all.push_back(node);
        }
        return all;
    }

private:
    Quantity* own(std::string_view name) {
        auto const found = all_.find(name);
        return found == all_.end() ? nullptr : &found->second;
    }

    Quantity& add(Quantity one) {
        auto const [found, is_new] = all_.emplace(one.name, one);
        if (is_new) order_.push_back(one.name);
        return found->second;
    }

    /// Adds what blocks of one kind declare. As in NEURON a name stands there once, and in no block of
    /// another kind; a constant may be declared again.
    void declare(std::vector<Declared> const& list, Role role) {
        for (auto const& one : list) {
            if (auto const* const known = own(one.name)) {
                if (role == Role::constant) continue;
                bool const is_first = known->at.text == one.at.text && known->at.offset > one.at.offset;
                refuse(is_first ? known->at : one.at, "'{}' is declared twice", one.name);
            }
            Quantity made;
            made.role = role;
            made.name = one.name;
            made.unit = one.unit;
            made.value = one.value;
            made.comment = one.comment;
            made.at = one.at;
            made.size = one.size;
            if (role == Role::parameter || role == Role::state) round_as_neuron(made);
            if (role == Role::state) made.comment = one.comment;
            add(made);
        }
    }

    /// Adds those of LOCAL outside of blocks that no block declares.
    void declare_locals(std::vector<Declared> const& list) {
        for (auto const& one : list)
            if (!own(one.name)) declare({one}, Role::variable);
    }

    void built_in() {
        static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> known{
            {{"v", ""},
             {"dt", ""},
             {"t", "quantity::time"},
             {"celsius", "quantity::celsius"},
             {"diam", "quantity::diam"},
             {"area", "quantity::area"},
             {"secondorder", ""},
             {"PI", ""}}};
        for (auto const& [name, node] : known) {
            if ((name == "secondorder" || name == "PI") && find(name)) continue;
            auto* const found = own(name);
            if (found && (found->role == Role::state || found->size > 0)) continue;
            Quantity made;
            made.role = Role::built_in;
            made.name = name;
            made.node = node;
            if (name == "celsius") {  // a copy of the cell's, from which constants are derived beforehand
                made.role = Role::parameter;
                made.unit = "degC";
                made.value = "6.3";
                made.node.clear();
                if (!found) order_.push_back(made.name);
            }
            if (found)
                *found = made;
            else
                all_.emplace(made.name, made);
        }
        order_.erase(std::remove_if(order_.begin(), order_.end(),
                                    [&](auto const& name) { return all_.at(name).role == Role::built_in; }),
                     order_.end());
    }

    /// Gives iX, eX, Xi and Xo of ion X their role.
    void ion(IonUse const& use) {
        auto const type = ion_type(use);
        auto const each = [&](auto const& list, bool writes) {
            for (auto const& [name, at] : list) {
                std::string const kind = name == "i" + use.name   ? "current"
                                         : name == "e" + use.name ? "reversal"
                                         : name == use.name + "i" ? "inside"
                                         : name == use.name + "o" ? "outside"
                                                                  : "";
                if (kind.empty())
                    refuse(at, "'{0}' is no variable of ion {1}: those are i{1}, e{1}, {1}i and {1}o", name,
                           use.name);
                auto* found = own(name);
                if (!found) found = &add({});
                bool const was_state = found->role == Role::state;
                found->is_state = found->is_state || was_state;
                found->role = Role::ion;
                found->name = name;
                found->node = fmt::format("{}::{}", type, kind);
                if (kind != "current") declared_nodes_.push_back(found->node);
                found->is_written = found->is_written || writes;
                if (kind == "current" && writes) leaving_.push_back({name, found->node, false});
            }
        };
        each(use.read, false);
        each(use.write, true);
        order_.erase(std::remove(order_.begin(), order_.end(), std::string{}), order_.end());
    }

    std::string ion_type(IonUse const& use) const {
        static constexpr std::array<std::string_view, 3> known{"na", "k", "ca"};
        if (std::find(known.begin(), known.end(), use.name) != known.end()) return "ion::" + use.name;
        auto valence = use.valence;
        if (valence.empty()) valence = usual_valence(use.name);
        auto const z = std::strtod(valence.c_str(), nullptr);
        if (z != static_cast<int>(z)) refuse(use.at, "VALENCE {}: must be whole", valence);
        return fmt::format("Ion<\"{}\", {}>", use.name, valence_of(use));
    }

public:
    /// The valence of an ion that is not na, k or ca.
    static std::string valence_of(IonUse const& use) {
        auto const text = use.valence.empty() ? usual_valence(use.name) : use.valence;
        return std::to_string(static_cast<int>(std::strtod(text.c_str(), nullptr)));
    }

private:
    /// Without VALENCE: 1, of magnesium and chloride their own.
    static std::string usual_valence(std::string const& name) {
        if (name == "cl") return "-1";
        if (name == "mg") return "2";
        return "1";
    }

    void currents(Mod::Names const& list) {
        for (auto const& [name, at] : list) {
            if (!find(name)) {
                Quantity made;
                made.name = name;
                made.at = at;
                add(made);
            }
            leaving_.push_back({name, "", &list == &mod_.electrode});
        }
    }

    /// Refuses what NEURON's translator takes for an electrode as a whole, the currents of a membrane too.
    void require_one_sign() const {
        if (!mod_.electrode.empty() && leaving_.size() > mod_.electrode.size())
            refuse(mod_.electrode[0].second,
                   "ELECTRODE_CURRENT {} beside another current: NEURON would add both with the sign of an "
                   "electrode; write two mechanisms",
                   mod_.electrode[0].first);
    }

    void find_assigned_parameters() {
        for (auto const& block : mod_.blocks)
            if (block.kind != "CONSTRUCTOR" && block.kind != "DESTRUCTOR") find_assigned(block.body);
        for (auto const& one : leaving_)
            if (auto* const found = own(one.name); found && found->role == Role::parameter)
                found->role = Role::variable;
    }
    void find_assigned(Statements const& body) {
        for (auto const& each : body) {
            if ((each.act == Act::assign || each.act == Act::differential) && each.target) {
                auto* const found = own(each.target->text);
                if (found && found->role == Role::parameter) changed_.insert(found->name);
            }
            find_assigned(each.body);
            find_assigned(each.other);
        }
    }

    /// Parameters that say how often a loop runs are constants: code of another length is another mechanism.
    void fix_bounds(Statements const& body) {
        for (auto const& each : body) {
            if (each.act == Act::loop_from)
                for (auto const& bound : each.values) fix(*bound);
            fix_bounds(each.body);
            fix_bounds(each.other);
        }
    }
    void fix(Expression const& bound) {
        for (auto const& part : bound.parts) fix(*part);
        auto* const found = bound.form == Form::name ? own(bound.text) : nullptr;
        if (!found || found->role != Role::parameter || changed_.contains(found->name)) return;
        if (!(std::strtod(found->value.c_str(), nullptr) > 0)) return;
        found->role = Role::constant;
        found->is_fixed = true;
    }

    Mod const& mod_;
    std::map<std::string, Quantity, std::less<>> all_;
    std::vector<std::string> order_;
    std::set<std::string> changed_;
    std::vector<Leaving> leaving_;
    std::vector<std::string> declared_nodes_;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
