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
#include <hillock/nmodl/mechanism.hpp>
#include <hillock/nmodl/prose.hpp>
#include <hillock/nmodl/rates.hpp>
#include <hillock/nmodl/spelling.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Writes the whole header of a mechanism.
class Writer : private RateWriter {
public:
    /// Will write `mechanism`, the content of the file `source`.
    Writer(Mechanism& mechanism, std::string source) : RateWriter{mechanism}, source_{std::move(source)} {
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
        remove_functions();
        for (std::size_t at; (at = body_.find("\n\n\n")) != std::string::npos;) body_.erase(at, 1);
        return head() + body_ + foot();
    }

private:
    void functions() {
        for (auto const& name : m_.program.order) {
            auto const& made = m_.program.functions.at(name);
            if (!is_called(name)) continue;
            auto inside = code();
            std::vector<std::pair<std::string, std::string>> arguments;
            std::set<std::string> short_names{"v", "x"};  // each for the first that has it
            auto const argument = [&](Value value, std::string const& given) {
                auto const spelled = short_names.erase(given) > 0 ? given : inside.fresh(given);
                inside.give(value, spelled);
                arguments.emplace_back("T", spelled);
            };
            for (std::size_t k = 0; k < made.arguments.size(); ++k)
                argument(made.arguments[k], made.block->arguments[k].name);
            for (auto const& [value, more] : made.more) argument(value, Execution::plain(more));
            inside.define({made.result});
            inside.line(fmt::format("return {};", inside.number(made.result)));
            auto const before = body_.size();
            auto const note = printable(made.block->unit, 40);
            if (!note.empty() && note != "1") line(fmt::format("/// In {}.", note));
            function("T " + member_name(name), arguments, inside.lines());
            line("");
            written_.emplace_back(member_name(name), body_.substr(before));
        }
    }

    /// Removes the functions that nothing has come to call: one of hillock's own stands in their place.
    void remove_functions() {
        for (auto n = written_.size(); n-- > 0;) {
            auto const& [name, text] = written_[n];
            auto const at = body_.find(text);
            if (!calls(std::string_view(body_).substr(at + text.size()), name)) body_.erase(at, text.size());
        }
    }
    static bool calls(std::string_view text, std::string const& name) {
        auto const call = name + "(";
        for (std::size_t at = 0; (at = text.find(call, at)) != std::string_view::npos; ++at)
            if (!is_word_character(text[at - 1]) && text[at - 1] != ':') return true;
        return false;
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
        auto const checks = table_checks();
        if (m_.prepared.empty() && m_.constants.empty() && checks.empty()) return;
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
        line(checks.empty()
                 ? "/// Derives what depends on parameters alone."
                 : "/// Derives what depends on parameters alone; throws where a table is missing.");
        function("void prepare", {{"double", "dt"}}, checks + inside.lines(), "");
        line("");
    }

    /// Checks of the tables that code reads.
    std::string table_checks() {
        std::set<std::string> read;
        for (Value one = 0; one < graph().size(); ++one)
            if (graph()[one].op == Op::call && graph()[one].text == "look_up")
                read.insert(graph()[graph()[one].parts[0]].text);
        std::string all;
        for (auto const& name_ : read)
            all += fmt::format("        require_table(name, \"{}\", {}, {});\n", name_, member(name_),
                               names().find(name_)->variables);
        return all;
    }

    std::string head() {
        auto const& mod = m_.program.mod;
        auto text = fmt::format("// Written by hillock-nmodl from {}.\n#pragma once\n\n", source_);
        text += prose(mod, m_.program.mod.suffix);
        text += "\n#include <array>\n";
        if (body_.find("std::exp(") != std::string::npos) text += "#include <cmath>\n";
        text += "#include <string_view>\n#include <tuple>\n\n";
        text += "#include <hillock/isa.hpp>\n";
        std::vector<std::string> headers{"model/concepts.hpp", "model/current.hpp", "model/gating.hpp",
                                         "model/solve.hpp", "simd/elementwise.hpp"};
        if (!m_.uses.empty()) {
            headers.emplace_back("model/ion.hpp");
            headers.emplace_back("model/node_variable.hpp");
        }
        if (m_.is_point()) headers.emplace_back("model/event.hpp");
        if (body_.find("RateTable table") != std::string::npos) headers.emplace_back("model/tabulated.hpp");
        if (body_.find("look_up(") != std::string::npos) headers.emplace_back("model/function_table.hpp");
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
    std::vector<std::pair<std::string, std::string>> written_;  // member functions: name, text
    std::size_t prepare_at_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
