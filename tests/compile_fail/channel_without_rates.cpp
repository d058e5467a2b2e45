// expect: insert: a channel must have 'rates(T v) const', or 'initial(T v) const' and 'advance(State&, T v, T
// dt) const'
#include <array>
#include <string_view>
#include <tuple>

#include <hillock/model/cell.hpp>

template <class T>
struct basic_leak {
    T g = 1e-3, e = -70;

    struct State {};

    static constexpr std::string_view name = "Leak";
    static constexpr auto parameters() {
        return std::array{hillock::Field{"g", "S/cm2", &basic_leak::g},
                          hillock::Field{"e", "mV", &basic_leak::e}};
    }
    static constexpr auto states() { return std::array<hillock::Field<State, T>, 0>{}; }
#ifdef LEGAL
    auto rates(T) const { return std::tuple{}; }
#endif
    hillock::Current<T> current(T, State const&) const { return hillock::ohmic(g, e); }
};

int main() {
    hillock::Section const soma{"soma"};
    (void)hillock::insert(soma, basic_leak<double>{});
}
