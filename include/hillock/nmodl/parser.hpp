// SPDX-License-Identifier: MIT
#pragma once

/// Reads a `.mod` file: its declarations and blocks. Statements and expressions are read by `CodeParser`.

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/code_parser.hpp>
#include <hillock/nmodl/source.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tokens.hpp>
#include <hillock/nmodl/tree.hpp>
#include <hillock/nmodl/units.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Reads one file.
class Parser : private CodeParser {
public:
    /// Will read `text`; `includes` finds what it includes.
    Parser(std::shared_ptr<Text const> text, Includes includes) {
        Source source{std::move(includes)};
        source.add(std::move(text));
        mod_.texts = std::move(source.texts);
        mod_.comments = std::move(source.comments);
        tokens_ = std::move(source.tokens);
    }

    /// Reads all of it.
    Mod operator()() {
        while (!at_end()) item();
        return std::move(mod_);
    }

private:
    void item() {
        auto const& token = peek();
        if (token.kind == TokenKind::title) {
            mod_.title = std::string(next().text);
            return;
        }
        if (token.kind == TokenKind::verbatim) {
            mod_.blocks.push_back({"VERBATIM", "", token.at, {}, "", {verbatim()}});
            return;
        }
        if (token.is(";")) return void(next());
        if (token.kind != TokenKind::name)
            refuse(token.at, "a block was expected here, not {}", described(token));
        auto const word = next();
        if (word.text == "NEURON") return neuron();
        if (word.text == "UNITS") return units();
        if (word.text == "UNITSON" || word.text == "UNITSOFF") return;
        if (word.text == "PARAMETER") return declarations(mod_.parameters);
        if (word.text == "CONSTANT") return declarations(mod_.constants);
        if (word.text == "ASSIGNED" || word.text == "DEPENDENT") return declarations(mod_.assigned);
        if (word.text == "STATE") return declarations(mod_.states);
        if (word.text == "LOCAL") return file_locals();
        if (word.text == "DEFINE") return define();
        if (word.text == "INDEPENDENT" || word.text == "STEPPED" || word.text == "PLOT") return skip_block();
        if (word.text == "FUNCTION_TABLE") return function_table(word);
        block(word);
    }

    void function_table(Token const& word) {
        Block made{"FUNCTION_TABLE", name(), word.at, {}, "", {}};
        made.arguments = arguments();
        made.unit = optional_unit();
        mod_.blocks.push_back(std::move(made));
    }

    void block(Token const& word) {
        static constexpr std::string_view with_name[] = {"DERIVATIVE", "KINETIC",   "LINEAR",  "NONLINEAR",
                                                         "DISCRETE",   "PROCEDURE", "FUNCTION"};
        static constexpr std::string_view without[] = {"INITIAL",    "BREAKPOINT", "CONSTRUCTOR",
                                                       "DESTRUCTOR", "TERMINAL",   "EQUATION"};
        Block made{std::string(word.text), "", word.at, {}, "", {}};
        auto const is_in = [&](auto const& list) {
            return std::find(std::begin(list), std::end(list), word.text) != std::end(list);
        };
        if (is_in(with_name)) {
            made.name = name();
        } else if (word.text == "BEFORE" || word.text == "AFTER") {
            made.kind += " " + name();
        } else if (word.text != "NET_RECEIVE" && !is_in(without)) {
            refuse(word.at, "{} is no block of NMODL", word.text);
        }
        if (word.text == "EQUATION") made.kind = "BREAKPOINT";
        if (peek().is("(")) made.arguments = arguments();
        made.unit = optional_unit();
        while (!peek().is("{") && !at_end()) {  // SOLVEFOR x, y
            if (!peek().is("SOLVEFOR") && !peek().is(",") && peek().kind != TokenKind::name) break;
            next();
        }
        made.body = braced();
        mod_.blocks.push_back(std::move(made));
    }

    std::vector<Declared> arguments() {
        std::vector<Declared> all;
        expect("(");
        while (!take(")")) {
            if (take(",") || take(";")) continue;
            Declared one;
            one.at = peek().at;
            one.name = name();
            one.unit = optional_unit();
            all.push_back(std::move(one));
        }
        return all;
    }

    void skip_block() {
        if (!peek().is("{")) {
            auto const line = locate(peek().at).line;
            while (!at_end() && locate(peek().at).line == line && !peek().is("{")) next();
            if (!peek().is("{")) return;
        }
        expect("{");
        for (std::size_t depth = 1; depth > 0;) {
            if (at_end()) refuse(peek().at, "a '}}' is missing");
            auto const token = next();
            depth += token.is("{");
            depth -= token.is("}");
        }
    }

    void skip_line(Token const& word) {
        auto const line = locate(word.at).line;
        while (!at_end() && locate(peek().at).line == line && !peek().is("}")) next();
    }

    void define() {
        auto const what = name();
        auto const at = peek().at;
        auto const value = std::string(next().text);
        if (value.empty() || !(value[0] >= '0' && value[0] <= '9')) refuse(at, "DEFINE takes a whole number");
        mod_.defines[what] = value;
        defines_[what] = value;
    }

    void file_locals() {
        do {
            Declared one;
            one.at = peek().at;
            one.name = name();
            one.size = array_size();
            mod_.locals.push_back(std::move(one));
        } while (take(","));
    }

    void units() {
        expect("{");
        while (!take("}")) {
            if (peek().is("(")) {  // (mV) = (millivolt)
                optional_unit();
                expect("=");
                optional_unit();
                continue;
            }
            Declared one;
            one.at = peek().at;
            one.name = name();
            take("=");
            unit_constant(one);
            mod_.units.push_back(std::move(one));
        }
    }

    /// FARADAY = (faraday) (coulomb), F = 96485 (coul).
    void unit_constant(Declared& one) {
        auto const at = peek().at;
        if (!peek().is("(")) {
            one.value = signed_number();
            one.unit = optional_unit();
            return;
        }
        auto const from = optional_unit(), to = optional_unit();
        auto const value = Units::factor(from), per = to.empty() ? 1. : Units::factor(to);
        if (!value || !per) refuse(at, "the unit ({}) is not known", value ? to : from);
        one.unit = to;
        one.value = fmt::format("{:.17g}", *value / *per);
        if (std::abs(*value / *per - 8.31446261815324) < 1e-9) one.value = "8.3144626181532395";
        if (std::abs(*value / *per - 96485.3321233100141) < 1e-9) one.value = "96485.3321233100141";
    }

    void declarations(std::vector<Declared>& into) {
        expect("{");
        while (!take("}")) {
            if (take(",") || take(";")) continue;
            into.push_back(declared(&into == &mod_.states));
        }
    }

    Declared declared(bool is_state) {
        Declared one;
        one.at = peek().at;
        one.name = name();
        one.size = array_size();
        while (true) {
            if (peek().is("=")) {
                next();
                one.value = signed_number();
            } else if (peek().is("(")) {
                one.unit = optional_unit();
            } else if (peek().is("<")) {
                limits();
            } else if (peek().is("START")) {
                start(one, is_state);
            } else if (peek().is("FROM") || peek().is("TO") || peek().is("WITH")) {
                next();
                signed_number();
            } else {
                break;
            }
        }
        one.comment = comment_behind(previous().at);
        return one;
    }

    /// Reads where a state begins. A PARAMETER of its name and 0 says the same; the later one holds, as in
    /// NEURON.
    void start(Declared& one, bool is_state) {
        auto const at = next().at;
        if (!is_state) refuse(at, "START belongs in STATE");
        one.value = signed_number();
        for (auto& parameter : mod_.parameters)
            if (parameter.name == one.name + "0") parameter.value = one.value;
    }

    /// Reads limits in <...>, which say nothing to hillock.
    void limits() {
        expect("<");
        signed_number();
        if (take(",")) signed_number();
        expect(">");
    }

    void neuron() {
        expect("{");
        while (!take("}")) {
            auto const word = next();
            if (word.kind != TokenKind::name) {
                if (word.is(",") || word.is(";")) continue;
                refuse(word.at, "a statement of NEURON was expected here, not {}", described(word));
            }
            statement_of_neuron(word);
        }
    }

    void statement_of_neuron(Token const& word) {
        auto const kind = [&](Kind made) {
            mod_.kind = made;
            mod_.suffix_at = peek().at;
            mod_.suffix = name();
        };
        if (word.text == "SUFFIX") return kind(Kind::density);
        if (word.text == "POINT_PROCESS") return kind(Kind::point);
        if (word.text == "ARTIFICIAL_CELL") return kind(Kind::artificial);
        if (word.text == "USEION") return use_ion(word);
        if (word.text == "NONSPECIFIC_CURRENT") return name_list(mod_.nonspecific);
        if (word.text == "ELECTRODE_CURRENT" || word.text == "ELECTRIC_CURRENT")
            return name_list(mod_.electrode);
        if (word.text == "RANGE") return name_list(mod_.range);
        if (word.text == "POINTER" || word.text == "BBCOREPOINTER") return name_list(mod_.pointers);
        if (word.text == "EXTERNAL") return name_list(mod_.external);
        if (word.text == "REPRESENTS") return skip_line(word);
        Mod::Names ignored;
        if (word.text == "GLOBAL" || word.text == "RANDOM") return name_list(ignored);
        if (word.text == "THREADSAFE") {
            if (!is_statement_of_neuron(peek())) name_list(ignored);
            return;
        }
        refuse(word.at, "{} is no statement of a NEURON block", word.text);
    }

    static bool is_statement_of_neuron(Token const& token) {
        static constexpr std::string_view words[] = {
            "SUFFIX",   "POINT_PROCESS", "ARTIFICIAL_CELL", "USEION",     "NONSPECIFIC_CURRENT",
            "RANGE",    "GLOBAL",        "POINTER",         "THREADSAFE", "ELECTRODE_CURRENT",
            "EXTERNAL", "BBCOREPOINTER", "RANDOM",          "}"};
        return std::find(std::begin(words), std::end(words), token.text) != std::end(words);
    }

    void use_ion(Token const& word) {
        IonUse use;
        use.at = word.at;
        use.name = name();
        while (true) {
            if (take("READ"))
                name_list(use.read);
            else if (take("WRITE"))
                name_list(use.write);
            else if (take("VALENCE") || take("CHARGE"))
                use.valence = signed_number();
            else if (take("REPRESENTS"))
                next();
            else
                break;
        }
        mod_.ions.push_back(std::move(use));
    }

    void name_list(Mod::Names& into) {
        if (is_statement_of_neuron(peek())) return;  // an empty list
        do {
            auto const at = peek().at;
            into.emplace_back(name(), at);
        } while (take(","));
    }

    /// The line comment that follows `at` in its line.
    std::string comment_behind(Place at) const {
        auto const& content = at.text->content;
        auto const end = std::min(content.find_first_of("\r\n", at.offset), content.size());
        for (auto const& comment : mod_.comments)
            if (!comment.is_block && comment.at.text == at.text && comment.at.offset > at.offset &&
                comment.at.offset < end)
                return trimmed(comment.text);
        return {};
    }
    static std::string trimmed(std::string_view text) {
        auto const first = text.find_first_not_of(" \t:?!");
        if (first == std::string_view::npos) return {};
        auto const last = text.find_last_not_of(" \t");
        return std::string(text.substr(first, last - first + 1));
    }

    Mod mod_;
};

/// Reads the text of a file; `includes` finds what it includes. Throws a `Refusal` of what is no NMODL.
inline Mod parse(std::shared_ptr<Text const> text, Includes includes = {}) {
    return Parser(std::move(text), std::move(includes))();
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
