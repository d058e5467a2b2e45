// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::meta {

/// The name of a type as the program writes it, for messages: `type_name<MyCell>()` is "MyCell". A
/// type that has a name of its own keeps it: "IafPscExp".
template <class T>
constexpr std::string_view type_name() {
    if constexpr (requires { std::string_view(T::name); }) return T::name;
    // "... [with T = MyCell; ...]" by g++, "... [T = MyCell]" by clang
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("T = ") + 4);
    return text.substr(0, text.find_first_of(";]"));
}

}  // namespace hillock::inline HILLOCK_ISA::meta
