// SPDX-License-Identifier: MIT
#pragma once

/// Cuts the text of a `.mod` file into tokens. Comments are set aside, with their places, since their facts
/// belong into what is written.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/text.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// The kinds of tokens.
enum class TokenKind { name, number, string, symbol, title, verbatim, end };

/// A token; its text points into the file's.
struct Token {
    TokenKind kind = TokenKind::end;
    std::string_view text;  // of a title or VERBATIM what stands behind the keyword
    Place at;

    bool is(std::string_view word) const {
        return text == word && (kind == TokenKind::name || kind == TokenKind::symbol);
    }
};

/// A comment: `:` or `?` to the end of a line, or COMMENT to ENDCOMMENT.
struct Comment {
    std::string_view text;
    Place at;
    bool is_block;
};

/// The tokens of a text, the last of which is `TokenKind::end`, and its comments.
struct Tokens {
    std::vector<Token> tokens;
    std::vector<Comment> comments;
};

/// Cuts one text.
class Lexer {
public:
    /// Will cut `text`, which must outlive the tokens.
    explicit Lexer(Text const& text) : text_{text}, rest_{text.content} {
        if (rest_.starts_with("\xef\xbb\xbf")) skip(3);
    }

    /// Cuts all of it.
    Tokens operator()() {
        while (skip_space(), !rest_.empty()) cut();
        found_.tokens.push_back({TokenKind::end, {}, here()});
        return std::move(found_);
    }

private:
    static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
    static bool is_digit(char c) { return c >= '0' && c <= '9'; }
    static bool is_word(char c) { return is_letter(c) || is_digit(c); }

    Place here() const { return {&text_, at_}; }
    char peek(std::size_t k = 0) const { return k < rest_.size() ? rest_[k] : '\0'; }

    std::string_view skip(std::size_t size) {
        auto const taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        at_ += taken.size();
        return taken;
    }
    void skip_space() {
        constexpr std::string_view space{" \t\r\n\f\v\0\x1a", 8};
        skip(std::min(rest_.find_first_not_of(space), rest_.size()));
    }
    std::string_view take_line() { return skip(std::min(rest_.find_first_of("\r\n"), rest_.size())); }

    void add(TokenKind kind, std::size_t size) {
        auto const at = here();
        found_.tokens.push_back({kind, skip(size), at});
    }

    void cut() {
        char const c = peek();
        if (is_letter(c)) return cut_word();
        if (is_digit(c) || (c == '.' && is_digit(peek(1)))) return cut_number();
        if (c == ':' || c == '?') {
            auto const at = here();
            skip(1);
            found_.comments.push_back({take_line(), at, false});
        } else if (c == '"') {
            cut_string();
        } else {
            cut_symbol();
        }
    }

    void cut_number() {
        auto const at = here();
        add(TokenKind::number, number_size());
        auto const text = found_.tokens.back().text;
        if (std::isinf(std::strtod(std::string(text).c_str(), nullptr)))
            refuse(at, "'{}' is too large for a number", text);
    }

    void cut_word() {
        auto const at = here();
        std::size_t size = 1;
        while (is_word(peek(size))) ++size;
        auto const word = rest_.substr(0, size);
        if (word == "COMMENT") {
            skip(size);
            found_.comments.push_back({take_until("ENDCOMMENT", at), at, true});
        } else if (word == "VERBATIM") {
            skip(size);
            found_.tokens.push_back({TokenKind::verbatim, take_until("ENDVERBATIM", at), at});
        } else if (word == "TITLE") {
            skip(size);
            found_.tokens.push_back({TokenKind::title, take_line(), at});
        } else {
            while (peek(size) == '\'') ++size;
            add(TokenKind::name, size);
        }
    }

    std::string_view take_until(std::string_view end, Place begin) {
        auto const size = rest_.find(end);
        if (size == std::string_view::npos) refuse(begin, "there is no {} to this block", end);
        auto const taken = skip(size);
        skip(end.size());
        return taken;
    }

    std::size_t number_size() const {
        std::size_t size = 0;
        while (is_digit(peek(size))) ++size;
        if (peek(size) == '.') {
            ++size;
            while (is_digit(peek(size))) ++size;
        }
        if (peek(size) == 'e' || peek(size) == 'E') {
            auto exponent = size + 1;
            if (peek(exponent) == '+' || peek(exponent) == '-') ++exponent;
            if (is_digit(peek(exponent))) {
                while (is_digit(peek(exponent))) ++exponent;
                size = exponent;
            }
        }
        return size;
    }

    void cut_string() {
        auto const at = here();
        skip(1);
        auto const size = rest_.find('"');
        if (size == std::string_view::npos) refuse(at, "this string does not end");
        add(TokenKind::string, size);
        found_.tokens.back().at = at;
        skip(1);
    }

    void cut_symbol() {
        static constexpr std::array<std::string_view, 9> pairs{
            "<->", "<<", "->", "<=", ">=", "==", "!=", "&&", "||"};
        for (auto const pair : pairs)
            if (rest_.starts_with(pair)) return add(TokenKind::symbol, pair.size());
        constexpr std::string_view known = "(){}[]<>=+-*/^~,!&|;$@#%.'\\`";
        if (known.find(peek()) == std::string_view::npos)
            refuse(here(), "a character that NMODL does not know: {}", described(peek()));
        add(TokenKind::symbol, 1);
    }

    static std::string described(char c) {
        auto const byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte < 0x7f ? std::string("'") + c + "'" : fmt::format("byte 0x{:02x}", byte);
    }

    Text const& text_;
    std::string_view rest_;
    std::size_t at_ = 0;
    Tokens found_;
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
