// expect: hillock: rates() must give a std::tuple of gates, made by gate(), steady_state() or instantaneous()
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
        return std::tuple{steady_state(exp(v), T(1))};
#else
        return std::tuple{exp(v)};
#endif
    }
    Current<T> current(T, State const& s) const { return ohmic(g * s.m, T(-77)); }
};

int main() {
    Section const soma{"soma"};
    (void)insert(soma, basic_channel<double>{});
}
