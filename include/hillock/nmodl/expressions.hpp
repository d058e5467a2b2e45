// SPDX-License-Identifier: MIT
#pragma once

/// Reads expressions of NMODL.

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/cursor.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tokens.hpp>
#include <hillock/nmodl/tree.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Reads expressions, from operators that bind least to those that bind most.
class ExpressionParser : protected Cursor {
protected:
    Formula expression() { return binary(0); }
    Formula sum() { return binary(3); }

private:
    Formula binary(std::size_t level) {
        static constexpr std::string_view operators[][6] = {
            {"||"}, {"&&"}, {"<", ">", "<=", ">=", "==", "!="}, {"+", "-"}, {"*", "/", "%"}};
        if (level == std::size(operators)) return prefix();
        auto left = binary(level + 1);
        while (true) {
            auto const& token = peek();
            bool const is_here = token.kind == TokenKind::symbol &&
                                 std::find(std::begin(operators[level]), std::end(operators[level]),
                                           token.text) != std::end(operators[level]);
            if (!is_here) return left;
            auto const sign = next();
            left = make(Form::infix, std::string(sign.text), {left, binary(level + 1)}, sign.at);
        }
    }

    Formula prefix() {
        auto const token = peek();
        if (!token.is("-") && !token.is("!") && !token.is("+")) return power();
        next();
        auto const deeper = level(token.at, "an expression");
        auto inner = prefix();
        if (token.is("+")) return inner;
        return make(Form::prefix, std::string(token.text), {inner}, token.at);
    }

    Formula power() {
        auto base = primary();
        if (!peek().is("^")) return base;
        auto const at = next().at;
        auto const deeper = level(at, "an expression");
        return make(Form::infix, "^", {base, prefix()}, at);
    }

    Formula primary() {
        auto const token = next();
        if (token.kind == TokenKind::number) {
            if (peek().is("(")) optional_unit();
            return make(Form::number, std::string(token.text), {}, token.at);
        }
        if (token.kind == TokenKind::string) return make(Form::string, std::string(token.text), {}, token.at);
        if (token.is("(")) {
            auto const deeper = level(token.at, "an expression");
            auto inner = expression();
            expect(")");
            return inner;
        }
        if (token.kind != TokenKind::name || token.text.ends_with('\''))
            refuse(token.at, "an expression was expected here, not {}", described(token));
        return name_or_call(token);
    }

    Formula name_or_call(Token const& token) {
        std::string const text{token.text};
        auto const deeper = level(token.at, "an expression");
        Formula made;
        if (take("(")) {
            std::vector<Formula> parts;
            while (!take(")")) {
                if (take(",")) continue;
                parts.push_back(expression());
                if (peek().is("(")) optional_unit();
                if (!peek().is(",") && !peek().is(")"))
                    refuse(peek().at, "',' or ')' was expected here, not {}", described(peek()));
            }
            made = make(Form::call, text, std::move(parts), token.at);
        } else if (take("[")) {
            auto index = expression();
            expect("]");
            made = make(Form::element, text, {index}, token.at);
        } else if (auto const found = defines_.find(text); found != defines_.end()) {
            made = make(Form::number, found->second, {}, token.at);
        } else {
            made = make(Form::name, text, {}, token.at);
        }
        return made;
    }
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
