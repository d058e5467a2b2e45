// expect: insert: a channel must have 'Current<T> current(T v, State const&) const'
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
    auto rates(T) const { return std::tuple{}; }
#ifdef LEGAL
    hillock::Current<T> current(T, State const&) const { return hillock::ohmic(g, e); }
#endif
};

int main() {
    hillock::Section const soma{"soma"};
    (void)hillock::insert(soma, basic_leak<double>{});
}
