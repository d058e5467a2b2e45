// expect: hillock: every data member of a mechanism's State must be of its number type T
#include <array>
#include <cmath>
#include <string_view>
#include <tuple>

#include <hillock/model/cell.hpp>

using namespace hillock;

template <class T>
struct basic_channel {
    T g = 1;

    struct State {
#ifdef LEGAL
        T m;
#else
        T m;
        bool is_open;
#endif
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
