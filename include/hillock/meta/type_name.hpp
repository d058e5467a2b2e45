// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <hillock/isa.hpp>

namespace hillock::inline HILLOCK_ISA::meta {

/// The name of a type as the compiler has it.
template <class T>
constexpr std::string_view full_type_name() {
    // "... [with T = MyCell; ...]" by g++, "... [T = MyCell]" by clang
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("T = ") + 4);
    return text.substr(0, text.find_first_of(";]"));
}

/// The length of the namespaces of this library with which a name begins: "hillock::isa_avx2::".
constexpr std::size_t length_of_namespaces(std::string_view name) {
    constexpr std::string_view outer = "hillock::";
    if (!name.starts_with(outer)) return 0;
    auto const rest = name.substr(outer.size());
    return outer.size() + (rest.starts_with("isa_") ? rest.find("::") + 2 : 0);
}

/// A name of at most `capacity` letters.
template <std::size_t capacity>
struct TypeName {
    std::array<char, capacity> letters{};
    std::size_t size = 0;
};

/// The name of a type without the namespaces of this library, its template arguments included.
template <class T>
inline constexpr auto short_type_name = [] {
    constexpr auto full = full_type_name<T>();
    TypeName<full.size()> name;
    for (std::size_t k = 0; k < full.size();) {
        bool const begins = k == 0 || std::string_view(" <,(&*").find(full[k - 1]) != std::string_view::npos;
        if (auto const outer = begins ? length_of_namespaces(full.substr(k)) : 0; outer > 0)
            k += outer;
        else
            name.letters[name.size++] = full[k++];
    }
    return name;
}();

/// The name of a type as the program writes it, for messages: `type_name<MyCell>()` is "MyCell". A
/// type that has a name of its own keeps it: "IafPscExp".
template <class T>
constexpr std::string_view type_name() {
    if constexpr (requires { std::string_view(T::name); })
        return T::name;
    else
        return {short_type_name<T>.letters.data(), short_type_name<T>.size};
}

}  // namespace hillock::inline HILLOCK_ISA::meta
