// expect: hillock: every data member of a mechanism must be of its number type T, not int, bool or double
#include <array>
#include <cmath>
#include <string_view>
#include <tuple>

#include <hillock/model/cell.hpp>

using namespace hillock;

template <class T>
struct basic_channel {
    T g = 1;
#ifdef LEGAL
    T steps = 3;
#else
    int steps = 3;
#endif

    struct State {
        T m;
    };

    static constexpr std::string_view name = "Channel";
    static constexpr auto parameters() { return std::array{Field{"g", "S/cm2", &basic_channel::g}}; }
    static constexpr auto states() { return std::array{Field{"m", "", &State::m}}; }
    auto rates(T v) const { return std::tuple{gate(exp(v), T(1))}; }
    Current<T> current(T, State const& s) const { return ohmic(g * s.m, T(-77)); }
};

int main() {
    Section const soma{"soma"};
    (void)insert(soma, basic_channel<double>{});
}
