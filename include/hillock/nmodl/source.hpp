// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <hillock/isa.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tokens.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

/// Finds the text of an INCLUDE, by its name and that of the file which includes it; nothing if there is
/// none.
using Includes = std::function<std::shared_ptr<Text const>(std::string const& name, std::string const& from)>;

/// The tokens of a file, with those of the files that it includes in their place.
struct Source {
    Includes includes;                                 // finds them
    std::vector<std::shared_ptr<Text const>> texts{};  // in order of appearance
    std::vector<Comment> comments{};                   // of all
    std::vector<Token> tokens{};                       // the last is the end

    /// Adds a file, which is included `depth` deep.
    void add(std::shared_ptr<Text const> text, std::size_t depth = 0) {
        Text const& added = *texts.emplace_back(std::move(text));
        auto found = Lexer(added)();
        comments.insert(comments.end(), found.comments.begin(), found.comments.end());
        for (std::size_t k = 0; k < found.tokens.size(); ++k) {
            auto const& token = found.tokens[k];
            if (token.is("INCLUDE") && found.tokens[k + 1].kind == TokenKind::string)
                include(found.tokens[++k], added.name, depth);
            else if (token.kind != TokenKind::end || depth == 0)
                tokens.push_back(token);
        }
    }

private:
    static constexpr std::size_t deepest = 8, most_tokens = 1'000'000;

    void include(Token const& name, std::string const& from, std::size_t depth) {
        if (depth == deepest) refuse(name.at, "files that include each other more than {} deep", deepest);
        auto more = includes ? includes(std::string(name.text), from) : nullptr;
        if (!more) refuse(name.at, "there is no file \"{}\" to include", name.text);
        add(std::move(more), depth + 1);
        if (tokens.size() > most_tokens) refuse(name.at, "more than {} tokens", most_tokens);
    }
};

}  // namespace hillock::inline HILLOCK_ISA::nmodl
