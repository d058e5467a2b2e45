// SPDX-License-Identifier: MIT
#pragma once

/// Writes a mechanism as a header.

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
#include <hillock/nmodl/events.hpp>
#include <hillock/nmodl/mechanism.hpp>
#include <hillock/nmodl/prose.hpp>
#include <hillock/nmodl/spelling.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Writes the whole header of a mechanism.
class Writer : private EventWriter {
public:
    /// Will write `mechanism`, the content of the file `source`.
    Writer(Mechanism& mechanism, std::string source) : EventWriter{mechanism}, source_{std::move(source)} {
        type_ = m_.program.mod.suffix;
        if (is_word(type_)) type_ += "_";
    }

    /// The whole header.
    std::string operator()() {
        parameters();
        state();
        fields();
        connection();
        functions();
        prepare();
        if (m_.is_point()) {
            begin();
            receive();
        } else if (m_.gates) {
            rates();
        } else {
            initial();
        }
        if (m_.has_current())
            current();
        else if (m_.is_point() ? m_.events.is_summed : m_.uses.empty())
            function("\n    Current<T> current", {{"T", "v"}, {"State const&", "s"}},
                     "        return ohmic(T(0), T(0));\n");
        if (!m_.gates) advance();
        if (m_.needs_dt) insert_step();
        return head() + body_ + foot();
    }

    std::string const& type() const { return type_; }  // in hillock::mod

private:
    void functions() {
        for (auto const& name : m_.program.order) {
            auto const& made = m_.program.functions.at(name);
            if (!is_called(name)) continue;
            auto inside = code();
            std::string list;
            auto const argument = [&](Value value, std::string const& given) {
                bool const is_read = made.result == value || graph().depends(made.result, value);
                auto const spelled = given == "v" || given == "x" ? given : member_name(given);
                inside.give(value, spelled);
                list += fmt::format("{}T{}", list.empty() ? "" : ", ", is_read ? " " + spelled : "");
            };
            for (std::size_t k = 0; k < made.arguments.size(); ++k)
                argument(made.arguments[k], made.block->arguments[k].name);
            for (auto const& [value, more] : made.more) argument(value, Execution::plain(more));
            inside.define({made.result});
            inside.line(fmt::format("return {};", inside.number(made.result)));
            auto const note = printable(made.block->unit, 40);
            if (!note.empty() && note != "1") line(fmt::format("/// In {}.", note));
            line(fmt::format("T {}({}) const {{", member_name(name), list));
            body_ += inside.lines();
            line("}");
            line("");
        }
    }

    /// Whether a FUNCTION is called by what is written.
    bool is_called(std::string const& name) {
        if (called_.empty()) {
            called_.insert("");
            for (auto const* entry : {&m_.initial, &m_.current, &m_.advance, &m_.receive})
                for (auto const value : m_.roots(*entry)) m_.leaves(value, Op::user, called_);
            for (auto const& [prepared, value] : m_.prepared) m_.leaves(value, Op::user, called_);
            for (auto n = m_.program.order.size(); n-- > 0;)
                if (auto const& one = m_.program.order[n]; called_.contains(one))
                    m_.leaves(m_.program.functions.at(one).result, Op::user, called_);
        }
        return called_.contains(name);
    }

    void prepare() {
        if (m_.prepared.empty() && m_.constants.empty()) return;
        prepare_at_ = body_.size();
        std::vector<Value> first, then;
        for (auto const& [name, value] : m_.prepared) first.push_back(value);
        for (auto const& [name, value] : m_.constants) then.push_back(value);
        auto names = taken();
        for (auto const& [name, value] : m_.constants) names.insert(name);
        Code inside(graph(), leaf(true), std::move(names), 8);
        inside.define(first);
        for (auto const& [name, value] : m_.prepared)
            inside.line(fmt::format("{} = {};", prepared_name(name), inside.text(value)));
        inside.define(then);
        for (auto const& [name, value] : m_.constants)
            inside.line(fmt::format("{} = {};", name, inside.text(value)));
        line("/// Derives what depends on parameters alone.");
        function("void prepare", {{"double", "dt"}}, inside.lines(), "");
        line("");
    }

    void rates() {
        auto inside = code();
        std::vector<Value> roots;
        std::vector<Relaxation> forms;
        for (auto const& one : *m_.gates) {
            auto const form = *relaxation(graph(), one.slope, one.x);
            for (auto const& part : {form.inf, form.tau, form.rate, form.alpha, form.beta, form.factor})
                if (part) roots.push_back(*part);
            forms.push_back(form);
        }
        inside.define(roots, {roots.begin(), roots.end()});
        std::string list;
        for (auto const& form : forms) list += (list.empty() ? "" : ", ") + gate(inside, form);
        inside.line(fmt::format("return std::tuple{{{}}};", list));
        std::vector<std::pair<std::string, std::string>> arguments{{"T", "v"}};
        if (mentions(inside.lines(), "at")) arguments.emplace_back("Nearby<T, Uses> const&", "at");
        function("auto rates", arguments, inside.lines());
    }

    static std::string gate(Code& inside, Relaxation const& form) {
        if (form.tau)
            return fmt::format("steady_state({}, {})", inside.number(*form.inf), inside.number(*form.tau));
        if (form.rate)
            return fmt::format("Gate<T>({}, {})", inside.number(*form.inf), inside.number(*form.rate));
        auto const made = fmt::format("gate({}, {})", inside.number(*form.alpha), inside.number(*form.beta));
        return form.factor ? fmt::format("{} * {}", product(inside.number(*form.factor)), made) : made;
    }
    static std::string product(std::string const& factor) {
        return factor.find_first_of("+- ") == std::string::npos || factor.starts_with("T(")
                   ? factor
                   : "T(" + factor + ")";
    }

    std::string head() {
        auto const& mod = m_.program.mod;
        auto text = fmt::format("// Written by hillock-nmodl from {}.\n#pragma once\n\n", source_);
        text += prose(mod, m_.program.mod.suffix);
        text += "\n#include <array>\n#include <string_view>\n#include <tuple>\n\n";
        text += "#include <hillock/isa.hpp>\n";
        std::vector<std::string> headers{"model/concepts.hpp", "model/current.hpp", "model/gating.hpp",
                                         "model/solve.hpp", "simd/elementwise.hpp"};
        if (!m_.uses.empty()) {
            headers.emplace_back("model/ion.hpp");
            headers.emplace_back("model/node_variable.hpp");
        }
        if (m_.is_point()) headers.emplace_back("model/event.hpp");
        if (names().find("random_draws")) headers.emplace_back("model/draws.hpp");
        std::sort(headers.begin(), headers.end());
        for (auto const& each : headers) text += fmt::format("#include <hillock/{}>\n", each);
        text += "\nnamespace hillock::inline HILLOCK_ISA::mod {\n\n";
        text += fmt::format("template <class T>\nstruct {} {{\n", self_);
        return text;
    }

    std::string foot() const {
        return fmt::format(
            "}};\n\nusing {} = {}<double>;\n\n}}  // namespace hillock::inline HILLOCK_ISA::mod\n", type_,
            self_);
    }

    /// INITIAL or BREAKPOINT reads dt: a member has it.
    void insert_step() {
        if (prepare_at_ > 0) {
            auto const brace = body_.find("(double", prepare_at_);
            auto const end = body_.find("{\n", brace) + 2;
            body_.insert(end, "        step = dt;\n");
            if (body_.compare(brace, 8, "(double)") == 0) body_.insert(brace + 7, " dt");
        } else {
            auto const end = body_.find("    static constexpr std::string_view name");
            body_.insert(end, "    void prepare(double dt) { step = dt; }\n\n");
        }
        body_.insert(step_line_, "    T step = 0.025;  // ms, derived\n");
    }

    std::string source_, type_;
    std::set<std::string> called_;
    std::size_t prepare_at_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
