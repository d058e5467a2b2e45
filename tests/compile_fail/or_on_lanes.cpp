// expect: hillock: a comparison of lanes has an answer for each of them
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
        T m;
    };

    static constexpr std::string_view name = "Channel";
    static constexpr auto parameters() { return std::array{Field{"g", "S/cm2", &basic_channel::g}}; }
    static constexpr auto states() { return std::array{Field{"m", "", &State::m}}; }
    auto rates(T v) const {
#ifdef LEGAL
        T const opening = choose((v < -80) | (v > 20), 0, exp(v));
#else
        T const opening = choose(v < -80 || v > 20, 0, exp(v));
#endif
        return std::tuple{gate(opening, T(1))};
    }
    Current<T> current(T, State const& s) const { return ohmic(g * s.m, T(-77)); }
};

int main() {
    Section const soma{"soma"};
    (void)insert(soma, basic_channel<double>{});
}
