// SPDX-License-Identifier: MIT
#pragma once

/// The trees and contours in a Neurolucida file (.asc), by the grammar that NEURON's Import3d reads.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <hillock/files/input_file.hpp>
#include <hillock/isa.hpp>
#include <hillock/model/section.hpp>
#include <hillock/words/error.hpp>
#include <hillock/words/from_chars.hpp>

namespace hillock::inline HILLOCK_ISA::asc {

struct Token {
    enum class Kind { end, number, string, label, set, rgb, mark };
    Kind kind = Kind::end;
    std::string text = {};  // a mark's is one of ( ) , | < >
    double number = 0;
    std::size_t line = 0;
};

/// The outline of a cell body, or a branch of a tree.
struct Curve {
    bool is_contour;
    int type;  // as in SWC files, 0 where the file says nothing that is known
    std::vector<Point> points;
    std::size_t line;                        // of the first point
    std::optional<std::size_t> parent = {};  // among all curves
};

template <class File>
class Text {
public:
    explicit Text(std::filesystem::path path) : path_{std::move(path)} {
        File file(path_);
        while (auto const line = file.next_line()) split(*line, file.line_number());
        tokens_.push_back({.line = file.line_number()});
    }

    /// All cell bodies and branches, in the order of the file.
    std::vector<Curve> read() && {
        while (next().kind != Token::Kind::end) {
            object();
            skip_comma();
        }
        return std::move(curves_);
    }

private:
    using Kind = Token::Kind;

    static bool is_letter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }

    /// Whether a label is "nan" or "inf", however written.
    static bool is_no_number(std::string_view label) {
        double number = 0;
        auto const [end, error] = portable::from_chars(label.data(), label.data() + label.size(), number);
        return error == std::errc{} && end == label.data() + label.size() && !std::isfinite(number);
    }

    void split(std::string_view rest, std::size_t line) {
        while (true) {
            auto const begin = rest.find_first_not_of(" \t\r\f\v");
            if (begin == rest.npos || rest[begin] == ';') return;
            rest.remove_prefix(begin);
            auto token = first_of(rest, line);
            tokens_.push_back(std::move(token));
        }
    }
    /// Takes the first token from a text.
    Token first_of(std::string_view& rest, std::size_t line) const {
        Token token{.line = line};
        auto const sign = rest[0] == '+' ? 1u : 0u;
        auto const [end, error] =
            portable::from_chars(rest.data() + sign, rest.data() + rest.size(), token.number);
        if (error == std::errc{} && std::isfinite(token.number)) {
            token.kind = Kind::number;
            rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        } else if (error == std::errc::result_out_of_range) {
            fail(line, "{} is too large or too small for a number",
                 hillock::quoted(rest.substr(0, static_cast<std::size_t>(end - rest.data()))));
        } else if (rest[0] == '"') {
            auto const close = rest.find('"', 1);
            if (close == rest.npos) fail(line, "a string without its closing quote");
            token.kind = Kind::string;
            token.text = rest.substr(1, close - 1);
            rest.remove_prefix(close + 1);
        } else if (std::string_view("(),|<>").find(rest[0]) != std::string_view::npos) {
            token.kind = Kind::mark;
            token.text = rest[0];
            rest.remove_prefix(1);
        } else if (is_letter(rest[0])) {
            std::size_t size = 0;
            while (size < rest.size() && is_letter(rest[size])) ++size;
            token.text = rest.substr(0, size);
            token.kind = token.text == "RGB"                                                 ? Kind::rgb
                         : token.text == "set" || token.text == "Set" || token.text == "SET" ? Kind::set
                                                                                             : Kind::label;
            rest.remove_prefix(size);
        } else {
            fail(line, "{} has no meaning here", hillock::quoted(rest.substr(0, 10)));
        }
        return token;
    }

    template <class... Args>
    [[noreturn]] void fail(std::size_t line, ErrorFormat<Args...> format, Args const&... args) const {
        raise_at(path_.string(), line, format, fmt::make_format_args(args...));
    }

    // -- Tokens

    Token const& next(std::size_t ahead = 0) const {
        return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
    }
    bool is(std::string_view mark, std::size_t ahead = 0) const {
        return next(ahead).kind == Kind::mark && next(ahead).text == mark;
    }
    bool is(Kind kind, std::size_t ahead = 0) const { return next(ahead).kind == kind; }
    bool is_property() const { return is("(") && (is(Kind::label, 1) || is(Kind::set, 1)); }

    Token take() {
        auto token = next();
        ++at_;
        return token;
    }
    bool take_if(std::string_view mark) {
        bool const there = is(mark);
        at_ += there;
        return there;
    }
    void demand(std::string_view mark) {
        if (!take_if(mark)) fail(next().line, "'{}' expected, {} found", mark, name_of_next());
    }
    Token demand(Kind kind, std::string_view name) {
        if (!is(kind)) fail(next().line, "{} expected, {} found", name, name_of_next());
        return take();
    }
    void skip_comma() { take_if(","); }
    std::string name_of_next() const {
        switch (next().kind) {
            case Kind::end: return "the end of the file";
            case Kind::number: return fmt::format("{}", next().number);
            default: return hillock::quoted(next().text);
        }
    }

    // -- The grammar

    void object() {
        if (!is("(")) fail(next().line, "'(' expected, {} found", name_of_next());
        if (is(Kind::string, 1)) return contour();
        if (is(Kind::label, 1)) return is("(", 2) ? marker() : property();
        if (is(Kind::set, 1)) return set();
        if (!is("(", 1)) fail(next(1).line, "an object begins with a name, a label or a parenthesis");
        auto const begin = at_, curves = curves_.size();
        if (text()) return;
        at_ = begin;
        curves_.erase(curves_.begin() + static_cast<std::ptrdiff_t>(curves), curves_.end());
        tree();
    }
    /// Few sets are in each other: what is in one may be read twice, in a set of it four times.
    void set() {
        if (++sets_ > 8) fail(next().line, "more than 8 sets in each other");
        demand("(");
        take();
        demand(Kind::string, "the name of a set");
        while (is("(")) {
            object();
            skip_comma();
        }
        demand(")");
        --sets_;
    }
    void property() {
        demand("(");
        label_ = demand(Kind::label, "a label").text;
        if (is_no_number(label_)) fail(next().line, "{}: coordinates must be finite", label_);
        while (!is(")")) {
            if (is(Kind::rgb)) {
                take();
                demand("(");
                for (auto k = 0; k < 3; ++k) {
                    demand(Kind::number, "a number");
                    skip_comma();
                }
                demand(")");
            } else if (is(Kind::number) || is(Kind::string) || is(Kind::label)) {
                take();
            } else {
                fail(next().line, "{} is no value of a property", name_of_next());
            }
        }
        demand(")");
    }
    /// Reads properties; `label_` becomes the last one's, none if there is none.
    void properties() {
        label_.clear();
        while (is_property()) {
            if (is(Kind::set, 1))
                set();
            else
                property();
            skip_comma();
        }
    }
    void marker() {
        demand("(");
        demand(Kind::label, "a label");
        properties();
        points();
        demand(")");
    }
    /// A text with a place, which is skipped; false if it turns out to be a tree.
    bool text() {
        demand("(");
        properties();
        if (!is("(") || !is(Kind::number, 1)) return false;
        point();
        if (!is(Kind::string) || !is(")", 1)) return false;
        at_ += 2;
        return true;
    }
    void contour() {
        demand("(");
        auto const name = demand(Kind::string, "the name of a contour");
        properties();
        auto points = this->points();
        demand(")");
        if (name.text != "CellBody" && name.text != "Cell Body" && name.text != "Soma") return;
        if (points.size() > 2) curves_.push_back({true, 1, std::move(points), name.line});
    }
    void tree() {
        demand("(");
        properties();
        auto const type = label_ == "Axon" ? 2 : label_ == "Dendrite" ? 3 : label_ == "Apical" ? 4 : 0;
        branch(type, {});
        demand(")");
    }
    void branch(int type, std::optional<std::size_t> parent) {
        if (++depth_ > 10000) fail(next().line, "more than 10000 forks one behind the other");
        auto const number = curves_.size(), line = next().line;
        curves_.push_back({false, type, {}, line, parent});
        std::vector<Point> points;
        do {
            if (is(Kind::label, 1)) {
                if (is("(", 2))
                    marker();
                else
                    property();
            } else {
                points.push_back(point());
                while (is("<")) spine();
            }
            skip_comma();
        } while (is("(") && is(Kind::number, 1));
        if (points.empty()) fail(line, "a branch without a point");
        curves_[number].points = std::move(points);
        while (is("(") && is(Kind::label, 1)) skip_parentheses();  // markers
        skip_comma();
        if (is("(")) {
            do {
                take();  // the parenthesis, or a bar
                branch(type, number);
            } while (is("|"));
            demand(")");
        } else if (is(Kind::label)) {
            take();  // how the branch ends
        }
        --depth_;
    }
    void spine() {
        while (!is(">") && !is(Kind::end)) take();
        demand(">");
    }
    void skip_parentheses() {
        auto const line = next().line;
        std::size_t open = 0;
        do {
            if (is(Kind::end)) fail(line, "a parenthesis that is never closed");
            open += is("(");
            open -= is(")");
            take();
        } while (open > 0);
    }
    std::vector<Point> points() {
        std::vector<Point> all{point()};
        skip_comma();
        while (is("(")) {
            all.push_back(point());
            skip_comma();
        }
        return all;
    }
    /// x, y and, as far as they are there, z and the diameter; what follows is skipped.
    Point point() {
        demand("(");
        std::array<double, 4> numbers{};
        std::size_t count = 0;
        for (; count < 4 && (count < 2 || is(Kind::number)); ++count) {
            auto const [kind, text, number, line] = demand(Kind::number, "a coordinate");
            if (!(std::abs(number) <= largest))
                fail(line, "{} um: must be within {} um of 0", number, largest);
            numbers[count] = number;
            skip_comma();
        }
        if (count == 4) {
            if (is(Kind::label)) take();
            skip_comma();
            if (is("(")) skip_parentheses();
        }
        demand(")");
        return {numbers[0], numbers[1], numbers[2], numbers[3]};
    }

    static constexpr double largest = 1e9;  // um, from 0

    std::filesystem::path path_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0, depth_ = 0, sets_ = 0;  // how deep in forks and in sets
    std::string label_;
    std::vector<Curve> curves_;
};

}  // namespace hillock::inline HILLOCK_ISA::asc
