// expect: hillock: a mechanism's Writes names a node variable that is missing from its Uses
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
#ifdef LEGAL
    using Uses = NodeVariables<ion::k::current, ion::k::reversal, ion::k::inside>;
    using Writes = NodeVariables<ion::k::inside>;
#else
    using Uses = NodeVariables<ion::k::current, ion::k::reversal>;
    using Writes = NodeVariables<ion::k::inside>;
#endif

    static constexpr std::string_view name = "Channel";
    static constexpr auto parameters() { return std::array{Field{"g", "S/cm2", &basic_channel::g}}; }
    static constexpr auto states() { return std::array<Field<State, T>, 0>{}; }
    Current<T> current(T v, State const&, Nearby<T, Uses>& at) const {
        T const e = at(ion::k::reversal{});
        at(ion::k::current{}) += g * (v - e);
        return ohmic(g, e);
    }
};

int main() {
    Section const soma{"soma"};
    (void)insert(soma, basic_channel<double>{});
    Nearby<Scalar, typename basic_channel<Scalar>::Uses> at;
    (void)basic_channel<Scalar>{}.current(Scalar(0), {}, at);
}
