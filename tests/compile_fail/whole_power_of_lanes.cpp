// expect: hillock: pow(x, y) is exp(y log(x)), for x > 0 and a y with a decimal point; a whole
// expect: power is a product: write x * x, cube(x) or fourth_power(x)
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
        return std::tuple{gate(fourth_power(v), pow(exp(v), 0.5))};
#else
        return std::tuple{gate(pow(v, 4), T(1))};
#endif
    }
    Current<T> current(T, State const& s) const { return ohmic(g * s.m, T(-77)); }
};

int main() {
    Section const soma{"soma"};
    (void)insert(soma, basic_channel<double>{});
}
