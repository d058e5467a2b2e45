// expect: hillock: a mechanism with Uses writes 'Current<T> current(T v, State&, Nearby<T, Uses>&) const', or has no current()
#include <array>
#include <string_view>
#include <tuple>

#include <hillock/model/cell.hpp>
#include <hillock/model/ion.hpp>

using namespace hillock;

template <class T>
struct basic_channel {
    T g = 1;

    struct State {};
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;

    static constexpr std::string_view name = "Channel";
    static constexpr auto parameters() { return std::array{Field{"g", "S/cm2", &basic_channel::g}}; }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }
#ifdef LEGAL
    Current<T> current(T v, State const&, Nearby<T, Uses>& at) const {
        at(ion::k::current{}) += g * v;
        return ohmic(g, T(0));
    }
#else
    Current<T> current(T v, Nearby<T, Uses>& at) const {
        at(ion::k::current{}) += g * v;
        return ohmic(g, T(0));
    }
#endif
};

int main() {
    Section const soma{"soma"};
    (void)insert(soma, basic_channel<double>{});
}
