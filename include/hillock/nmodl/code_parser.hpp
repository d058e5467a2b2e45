// SPDX-License-Identifier: MIT
#pragma once

/// Reads statements of NMODL.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/expressions.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tokens.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Reads blocks of statements.
class CodeParser : protected ExpressionParser {
protected:
    Statement verbatim() {
        auto const token = next();
        Statement made;
        made.act = Act::verbatim;
        made.at = token.at;
        made.name = std::string(token.text);
        return made;
    }

    Statements braced() {
        auto const open = peek().at;
        expect("{");
        auto const deeper = level(open, "blocks");
        Statements all;
        while (!take("}")) {
            if (at_end()) refuse(open, "there is no '}}' to this '{{'");
            statement(all);
        }
        return all;
    }

    void statement(Statements& into) {
        auto const& token = peek();
        if (token.kind == TokenKind::verbatim) return into.push_back(verbatim());
        if (token.kind == TokenKind::title) refuse(token.at, "TITLE within a block");
        if (token.is(";")) return void(next());
        if (token.is("~")) return into.push_back(tilde());
        if (token.is("{")) {
            for (auto& each : braced()) into.push_back(std::move(each));
            return;
        }
        if (token.kind == TokenKind::name && keyword(into)) return;
        into.push_back(simple());
    }

private:
    /// A statement that begins with a keyword; false if none does.
    bool keyword(Statements& into) {
        auto const word = peek();
        Statement made;
        made.at = word.at;
        auto const is = [&](auto... words) { return ((word.text == words) || ...); };
        if (is("LOCAL")) {
            next();
            local(into);
            return true;
        }
        if (is("UNITSON", "UNITSOFF", "MUTEXLOCK", "MUTEXUNLOCK", "PROTECT", "THREADSAFE")) {
            next();
            return true;
        }
        if (is("if", "IF")) {
            into.push_back(branch());
            return true;
        }
        if (is("CONDUCTANCE")) {
            next();
            name();
            if (take("USEION")) name();
            return true;
        }
        if (is("while", "WHILE")) {
            next();
            made.act = Act::loop_while;
            expect("(");
            made.value = expression();
            expect(")");
            made.body = braced();
        } else if (is("FROM")) {
            from(made);
        } else if (is("SOLVE")) {
            solve(made);
        } else if (is("TABLE")) {
            table(made);
        } else if (is("CONSERVE")) {
            next();
            made.act = Act::conserve;
            made.target = sum();
            expect("=");
            made.value = expression();
        } else if (is("COMPARTMENT", "LONGITUDINAL_DIFFUSION")) {
            compartment(made);
        } else if (is("WATCH")) {
            next();
            made.act = Act::watch;
            expect("(");
            made.value = expression();
            expect(")");
            made.values.push_back(expression());
        } else if (is("FOR_NETCONS")) {
            next();
            made.act = Act::netcons;
            names_in_parentheses(made);
            made.body = braced();
        } else if (is("INITIAL")) {
            next();
            made.act = Act::initial;
            made.body = braced();
        } else if (is("SENS", "LAG", "RESET", "FORALL", "PARTIAL", "PUTQ", "GETQ", "MATCH", "PLOT",
                      "TRANSFORM", "STEPPED")) {
            refuse(word.at, "{} is not understood", word.text);
        } else {
            return false;
        }
        into.push_back(std::move(made));
        return true;
    }

    void names_in_parentheses(Statement& made) {
        expect("(");
        while (!take(")")) {
            if (take(",")) continue;
            made.names.push_back(name());
            optional_unit();
        }
    }

    void local(Statements& into) {
        do {
            Statement made;
            made.act = Act::local;
            made.at = peek().at;
            made.names.push_back(name());
            if (auto const size = array_size())
                made.values.push_back(make(Form::number, std::to_string(size), {}, made.at));
            into.push_back(std::move(made));
        } while (take(","));
    }

    Statement branch() {
        Statement made;
        made.act = Act::branch;
        made.at = next().at;
        expect("(");
        made.value = expression();
        expect(")");
        made.body = braced();
        if (take("else") || take("ELSE")) {
            if (peek().is("if") || peek().is("IF")) {
                auto const deeper = level(made.at, "blocks");
                made.other.push_back(branch());
            } else {
                made.other = braced();
            }
        }
        return made;
    }

    void from(Statement& made) {
        next();
        made.act = Act::loop_from;
        made.name = name();
        expect("=");
        made.values.push_back(expression());
        expect("TO");
        made.values.push_back(expression());
        if (take("BY")) made.values.push_back(expression());
        made.body = braced();
    }

    void solve(Statement& made) {
        next();
        made.act = Act::solve;
        made.name = name();
        while (true) {
            if (take("STEADYSTATE")) {
                made.flag = true;
                made.names = {name()};
            } else if (take("METHOD") || take("USING")) {
                made.names = {name()};
            } else if (take("IFERROR")) {
                braced();
            } else {
                return;
            }
        }
    }

    void table(Statement& made) {
        next();
        made.act = Act::table;
        auto const list = [&](std::vector<std::string>& names) {
            while (peek().kind == TokenKind::name && !peek().is("DEPEND") && !peek().is("FROM")) {
                names.push_back(name());
                array_size();
                if (!take(",")) break;
            }
        };
        list(made.names);
        if (take("DEPEND")) list(made.others);
        expect("FROM");
        made.values.push_back(expression());
        expect("TO");
        made.values.push_back(expression());
        expect("WITH");
        made.values.push_back(expression());
    }

    void compartment(Statement& made) {
        made.act = next().is("COMPARTMENT") ? Act::compartment : Act::diffusion;
        if (peek().kind == TokenKind::name && peek(1).is(",")) {
            made.name = name();
            next();
        }
        made.value = expression();
        expect("{");
        while (!take("}")) {
            if (take(",")) continue;
            made.names.push_back(name());
        }
    }

    /// ~ A + 2 B <-> C (kf, kb), ~ A << (flux), ~ A -> (k), ~ x + y = 1.
    Statement tilde() {
        Statement made;
        made.at = next().at;
        std::size_t k = 0;
        while (!peek(k).is("=") && !is_arrow(peek(k)) && peek(k).kind != TokenKind::end) ++k;
        if (peek(k).is("=")) {
            made.act = Act::equation;
            made.target = sum();
            expect("=");
            made.value = expression();
            return made;
        }
        made.act = Act::reaction;
        terms(sum_of_states(), made.left);
        auto const arrow = next();
        made.name = std::string(arrow.text);
        if (!is_arrow(arrow))
            refuse(arrow.at, "'<->', '<<', '->' or '=' was expected here, not {}", described(arrow));
        if (!arrow.is("<<") && !peek().is("(")) terms(sum_of_states(), made.right);
        expect("(");
        do made.values.push_back(expression());
        while (take(","));
        expect(")");
        return made;
    }

    static bool is_arrow(Token const& token) { return token.is("<->") || token.is("<<") || token.is("->"); }

    /// A side of a reaction; the right one ends at the parenthesis of its rates.
    Formula sum_of_states() {
        auto one = state_term();
        while (peek().is("+")) {
            auto const at = next().at;
            one = make(Form::infix, "+", {one, state_term()}, at);
        }
        return one;
    }
    Formula state_term() {
        auto const at = peek().at;
        if (peek().kind == TokenKind::number) {
            auto count = make(Form::number, std::string(next().text), {}, at);
            return make(Form::infix, "*", {count, named()}, at);
        }
        return named();
    }
    Formula named() {
        auto const at = peek().at;
        auto const text = name();
        if (!take("[")) return make(Form::name, text, {}, at);
        auto index = expression();
        expect("]");
        return make(Form::element, text, {index}, at);
    }

    static void terms(Formula const& sum, std::vector<Term>& into) {
        if (sum->is(Form::infix, "+")) {
            terms(sum->parts[0], into);
            terms(sum->parts[1], into);
        } else if (sum->is(Form::infix, "*") && sum->parts[0]->form == Form::number) {
            into.push_back({std::strtod(sum->parts[0]->text.c_str(), nullptr), sum->parts[1]});
        } else if (sum->form == Form::name || sum->form == Form::element) {
            into.push_back({1, sum});
        } else {
            refuse(sum->at, "a state was expected here");
        }
    }

    /// An assignment, a differential equation or a call.
    Statement simple() {
        Statement made;
        made.at = peek().at;
        auto const& word = peek();
        if (word.kind == TokenKind::name && word.text.ends_with('\'')) {
            made.act = Act::differential;
            auto text = name();
            if (text.ends_with("''")) refuse(made.at, "derivatives beyond the first are not understood");
            text.pop_back();
            made.target = make(Form::name, text, {}, made.at);
            if (take("[")) {
                made.target = make(Form::element, text, {expression()}, made.at);
                expect("]");
            }
        } else {
            made.target = expression();
            if (made.target->form == Form::call && !peek().is("=")) {
                made.act = Act::call;
                made.value = std::exchange(made.target, nullptr);
                return made;
            }
            if (made.target->form != Form::name && made.target->form != Form::element)
                refuse(made.at, "a statement was expected here");
            made.act = Act::assign;
        }
        expect("=");
        made.value = expression();
        return made;
    }
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
