// SPDX-License-Identifier: MIT
#pragma once

/// Writes the declarations of a mechanism: its parameters, its State, and the lists of both.

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/code.hpp>
#include <hillock/nmodl/mechanism.hpp>
#include <hillock/nmodl/prose.hpp>
#include <hillock/nmodl/spelling.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Writes what stands before a mechanism's functions.
class DeclarationWriter {
protected:
    explicit DeclarationWriter(Mechanism& mechanism)
        : m_{mechanism}, self_{"basic_" + mechanism.program.mod.suffix} {}

    Graph& graph() { return m_.program.graph; }
    Names const& names() const { return m_.program.names; }

    void line(std::string const& content) {
        body_ += content.empty() ? "\n" : broken("    " + content) + "\n";
    }

    struct Member {
        std::string name, unit, value, comment;  // name: with [k] of an array
    };

    /// PARAMETERs, each element of an array its own.
    std::vector<Member> parameter_list() const {
        std::vector<Member> all;
        for (auto const& name : names().order()) {
            auto const& one = *names().find(name);
            if (one.role != Role::parameter || name == "usetable") continue;
            for (auto const& element : Mechanism::elements(one))
                all.push_back({element, one.unit, one.value.empty() ? "0" : one.value, one.comment});
        }
        return all;
    }

    static std::string member(std::string const& name) { return member_name(Execution::plain(name)); }
    static std::string unit_text(std::string const& unit) {
        if (unit == "1") return "";
        std::string safe;
        for (char const c : unit)
            if (static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f && c != '"' &&
                c != '\\')
                safe += c;
        if (safe == "mho/cm2" || safe == "mhos/cm2" || safe == "siemens/cm2") return "S/cm2";
        return safe;
    }

    void parameters() {
        for (auto const& one : parameter_list()) {
            auto text = fmt::format("T {} = {};", member(one.name), number_text(one.value, false));
            auto const note = printable(one.comment, 70);
            auto const unit = unit_text(one.unit);
            if (!unit.empty() || !note.empty())
                text += fmt::format("  // {}{}{}", unit, unit.empty() || note.empty() ? "" : "; ", note);
            line(text);
        }
        for (auto const& name : names().order())
            if (auto const& one = *names().find(name); one.is_fixed)
                line(fmt::format("// {} is {} and cannot be set: a loop runs to it", name, one.value));
        if (!m_.prepared.empty() || !m_.constants.empty()) line("");
        for (auto const& [name, value] : m_.prepared)
            line(fmt::format("T {} = 0;  // derived", prepared_name(name)));
        name_constants();
        for (auto const& [name, value] : m_.constants) line(fmt::format("T {} = 1;  // derived", name));
        step_line_ = body_.size();
        if (!body_.empty()) line("");
    }

    /// Gives constants names that nothing else has.
    void name_constants() {
        Code names(graph(), {}, taken(), 0);
        for (auto& [name, value] : m_.constants) name = names.fresh(name);
    }

    std::string prepared_name(std::string const& name) const {
        auto const* known = names().find(name.substr(0, name.find('[')));
        return known && known->role == Role::parameter ? member(name) + "_used" : member(name);
    }

    void state() {
        if (m_.members.empty()) {
            line("struct State {};");
        } else {
            line("struct State {");
            for (auto const& name : m_.members) {
                auto const& one = *names().find(name.substr(0, name.find('[')));
                auto const note = printable(one.comment, 70);
                line(fmt::format("    T {};{}{}", member(name), note.empty() ? "" : "  // ", note));
            }
            line("};");
        }
        if (!m_.uses.empty()) line(fmt::format("using Uses = NodeVariables<{}>;", joined(m_.uses)));
        if (!names().nernst_nodes().empty())
            line("/// With a concentration the reversal potential follows Nernst, as in NEURON.");
        if (!m_.writes.empty()) line(fmt::format("using Writes = NodeVariables<{}>;", joined(m_.writes)));
        line("");
    }
    static std::string joined(std::vector<std::string> const& all) {
        std::string text;
        for (auto const& one : all) text += (text.empty() ? "" : ", ") + one;
        return text;
    }

    void fields() {
        line(fmt::format("static constexpr std::string_view name = \"{}\";", m_.program.mod.suffix));
        std::vector<std::string> all;
        for (auto const& one : parameter_list())
            all.push_back(fmt::format(R"(Field{{"{}", "{}", &Self::{}}})", one.name, unit_text(one.unit),
                                      member(one.name)));
        field_list("parameters", all, "Self");
        all.clear();
        for (auto const& name : m_.members) {
            auto const& one = *names().find(name.substr(0, name.find('[')));
            all.push_back(
                fmt::format(R"(Field{{"{}", "{}", &State::{}}})", name, unit_text(one.unit), member(name)));
        }
        field_list("states", all, "State");
    }

    void field_list(std::string_view function, std::vector<std::string> const& all, std::string_view owner) {
        line(fmt::format("static constexpr auto {}() {{", function));
        if (owner == "Self") line(fmt::format("    using Self = {};", self_));
        if (all.empty()) line(fmt::format("    return std::array<Field<{}, T>, 0>{{}};", owner));
        auto const begin =
            fmt::format("return {}{{", array_type(fmt::format("Field<{}, T>", owner), all.size()));
        for (std::size_t k = 0; k < all.size(); ++k)
            line(fmt::format("    {}{}{}", k == 0 ? begin : "                  ", all[k],
                             k + 1 == all.size() ? "};" : ","));
        line("}");
        line("");
    }

    /// The names that no function may use for its own.
    std::set<std::string> taken() const {
        std::set<std::string> all;
        for (auto const& one : parameter_list()) all.insert(member(one.name));
        for (auto const& [name, value] : m_.prepared) all.insert(prepared_name(name));
        for (auto const& name : m_.program.order) all.insert(member_name(name));
        return all;
    }

    LeafText leaf(bool is_given_dt) {
        return [this, is_given_dt](Node const& node) -> std::string {
            auto const& name = node.text;
            if (node.op == Op::parameter) return member(name);
            if (node.op == Op::node) return fmt::format("at({}{{}})", names().find(name)->node);
            if (name == "v") return "v";
            if (name == "dt") {
                if (!is_given_dt) m_.needs_dt = true;
                return is_given_dt ? "dt" : "step";
            }
            if (m_.is_prepared(name)) return prepared_name(name);
            return "s." + member(name);
        };
    }

    Code code(bool is_given_dt = false, LeafText text = {}) {
        Code made(graph(), text ? std::move(text) : leaf(is_given_dt), taken(), 8);
        for (auto const& [name, value] : m_.constants) made.give(value, name);
        return made;
    }

    /// Writes a function: its head with those arguments that its body mentions, and the body.
    void function(std::string const& result_and_name,
                  std::vector<std::pair<std::string, std::string>> const& arguments, std::string const& body,
                  std::string const& suffix = " const") {
        std::string list;
        for (auto const& [type, name] : arguments)
            list += (list.empty() ? "" : ", ") + type + (mentions(body, name) ? " " + name : "");
        line(fmt::format("{}({}){} {{", result_and_name, list, suffix));
        body_ += body;
        line("}");
    }

    static bool mentions(std::string_view text, std::string_view name) {
        for (std::size_t at = 0; (at = text.find(name, at)) != std::string_view::npos; ++at) {
            bool const begins = at == 0 || (!is_word_character(text[at - 1]) && text[at - 1] != '.');
            bool const ends = at + name.size() == text.size() || !is_word_character(text[at + name.size()]);
            if (begins && ends) return true;
        }
        return false;
    }

    bool reads(std::vector<Value> const& values, Op op, std::string const& name) const {
        std::set<std::string> all;
        for (auto const value : values) m_.leaves(value, op, all);
        return name.empty() ? !all.empty() : all.contains(name);
    }

    static std::vector<Value> values(std::vector<std::pair<std::string, Value>> const& some,
                                     std::vector<Value> all = {}) {
        for (auto const& [name, value] : some) all.push_back(value);
        return all;
    }

    Mechanism& m_;
    std::string self_, body_;
    std::size_t step_line_ = 0;  // where a member for dt would stand
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
