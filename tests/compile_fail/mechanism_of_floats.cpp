// expect: hillock: a mechanism is given in numbers of type double
#include <array>
#include <string_view>
#include <tuple>

#include <hillock/model/cell.hpp>

using namespace hillock;

template <class T>
struct basic_leak {
    T g = 1e-3, e = -70;

    struct State {};

    static constexpr std::string_view name = "Leak";
    static constexpr auto parameters() { return std::array{Field{"g", "S/cm2", &basic_leak::g}}; }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }
    auto rates(T) const { return std::tuple{}; }
    Current<T> current(T, State const&) const { return ohmic(g, e); }
};

#ifdef LEGAL
using Leak = basic_leak<double>;
#else
using Leak = basic_leak<float>;
#endif

int main() {
    Section const soma{"soma"};
    (void)insert(soma, Leak{});
}
