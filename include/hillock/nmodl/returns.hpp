// SPDX-License-Identifier: MIT
#pragma once

/// `return` in VERBATIM, which ends a block early: what follows it belongs to the branches that go on. And C
/// conditions around statements of NMODL.

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include <hillock/isa.hpp>
#include <hillock/nmodl/text.hpp>
#include <hillock/nmodl/tree.hpp>
#include <hillock/nmodl/verbatim.hpp>

namespace hillock::inline HILLOCK_ISA::nmodl {

inline bool is_return(Statement const& one) {
    return one.act == Act::verbatim && is_plain_return(c_code(one.name));
}

/// How many braces of C code stay open.
inline int open_braces(Statement const& one) {
    if (one.act != Act::verbatim) return 0;
    auto const code = c_code(one.name);
    return static_cast<int>(std::count(code.begin(), code.end(), '{') -
                            std::count(code.begin(), code.end(), '}'));
}

/// Whether C code opens a condition that holds only where a program has set a pointer, which none does here.
inline bool opens_pointer_condition(Statement const& one) {
    return open_braces(one) > 0 && one.name.find("_p_") != std::string::npos &&
           one.name.find("if") != std::string::npos;
}

/// Whether a block may be left within this statement, or holds statements that never run.
inline bool may_return(Statement const& one) {
    if (one.act == Act::initial) return false;
    auto const any = [](Statements const& body) { return std::any_of(body.begin(), body.end(), may_return); };
    return is_return(one) || opens_pointer_condition(one) || any(one.body) || any(one.other);
}

/// The place of the statement whose C code closes the braces that statement `k` opens; the code behind them.
inline std::pair<std::size_t, std::string> closed(Statements const& body, std::size_t k) {
    auto depth = open_braces(body[k]);
    for (auto n = k + 1; n < body.size(); ++n) {
        depth += open_braces(body[n]);
        if (depth > 0) continue;
        auto const code = c_code(body[n].name);
        return {n, code.substr(code.rfind('}') + 1)};
    }
    refuse(body[k].at, "VERBATIM: there is no '}}' to a '{{' in it");
}

/// The same statements without returns.
inline Statements without_returns(Statements const& body) {
    Statements made;
    for (std::size_t k = 0; k < body.size(); ++k) {
        if (is_return(body[k])) return made;
        if (opens_pointer_condition(body[k])) {
            auto const [last, code] = closed(body, k);
            Statements rest(body.begin() + static_cast<std::ptrdiff_t>(last), body.end());
            rest[0].name = code;
            rest = without_returns(rest);
            made.insert(made.end(), rest.begin(), rest.end());
            return made;
        }
        if (!may_return(body[k])) {
            made.push_back(body[k]);
            continue;
        }
        if (body[k].act != Act::branch) refuse(body[k].at, "VERBATIM: 'return' within a loop");
        auto both = body[k];
        for (auto* side : {&both.body, &both.other}) {
            side->insert(side->end(), body.begin() + static_cast<std::ptrdiff_t>(k) + 1, body.end());
            *side = without_returns(*side);
        }
        made.push_back(both);
        return made;
    }
    return made;
}

}  // namespace hillock::inline HILLOCK_ISA::nmodl
