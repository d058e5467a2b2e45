// SPDX-License-Identifier: MIT
#pragma once

/// A row of tokens, and what declarations and code read from it alike.

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <hillock/isa.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tokens.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// A place in a row of tokens.
class Cursor {
protected:
    std::vector<Token> tokens_;  // the last is the end
    std::map<std::string, std::string, std::less<>> defines_;

    Token const& peek(std::size_t k = 0) const { return tokens_[std::min(next_ + k, tokens_.size() - 1)]; }
    Token const& previous() const { return tokens_[next_ > 0 ? next_ - 1 : 0]; }
    bool at_end() const { return peek().kind == TokenKind::end; }
    Token next() {
        auto const token = peek();
        if (!at_end()) ++next_;
        return token;
    }
    bool take(std::string_view word) {
        if (!peek().is(word)) return false;
        next();
        return true;
    }
    void expect(std::string_view word) {
        if (!take(word)) refuse(peek().at, "'{}' was expected here, not {}", word, described(peek()));
    }
    static std::string described(Token const& token) {
        if (token.kind == TokenKind::end) return "the end of the file";
        if (token.kind == TokenKind::title) return "TITLE";
        if (token.kind == TokenKind::verbatim) return "VERBATIM";
        return fmt::format("'{}'", token.text.substr(0, 40));
    }

    std::string name() {
        if (peek().kind != TokenKind::name)
            refuse(peek().at, "a name was expected here, not {}", described(peek()));
        return std::string(next().text);
    }

    /// A number with its sign, or the name of a DEFINE.
    std::string signed_number() {
        std::string sign;
        while (peek().is("-") || peek().is("+"))
            if (next().is("-")) sign = sign.empty() ? "-" : "";
        if (peek().kind == TokenKind::number) return sign + std::string(next().text);
        if (peek().kind == TokenKind::name)
            if (auto const found = defines_.find(peek().text); found != defines_.end()) {
                next();
                return sign + found->second;
            }
        refuse(peek().at, "a number was expected here, not {}", described(peek()));
    }

    /// [n]; 0 if there is none.
    std::size_t array_size() {
        if (!take("[")) return 0;
        auto const at = peek().at;
        auto const text = signed_number();
        expect("]");
        auto const size = std::strtol(text.c_str(), nullptr, 10);
        if (size < 1 || size > 100000) refuse(at, "an array of {}: must have 1 to 100000 elements", text);
        return static_cast<std::size_t>(size);
    }

    /// The text between the parentheses of a unit; nothing if there is none here.
    std::string optional_unit() {
        if (!peek().is("(")) return {};
        auto const open = next();
        auto end = open.at;
        do {
            if (at_end() || peek().at.text != open.at.text) refuse(open.at, "there is no ')' to this unit");
            end = peek().at;
        } while (!next().is(")"));  // the first one: units do not nest
        auto const first = open.at.offset + 1;
        return open.at.text->content.substr(first, end.offset - first);
    }

    /// One level more of what encloses itself, as long as it lives.
    class Level {
    public:
        explicit Level(std::size_t& depth) : depth_{depth} { ++depth_; }
        ~Level() { --depth_; }
        Level(Level const&) = delete;
        Level& operator=(Level const&) = delete;

    private:
        std::size_t& depth_;
    };
    [[nodiscard]] Level level(Place const& at, std::string_view what) {
        if (nesting_ == deepest) refuse(at, "{} nested more than {} deep", what, deepest);
        return Level(nesting_);
    }

    std::size_t next_ = 0;

private:
    static constexpr std::size_t deepest = 100;
    std::size_t nesting_ = 0;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
