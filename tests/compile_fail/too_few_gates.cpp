// expect: rates() must give one gate for each state
#include <array>
#include <string_view>
#include <tuple>

#include <hillock/model/gating.hpp>
#include <hillock/model/tabulated.hpp>
#include <hillock/population/gates.hpp>

template <class T>
struct basic_channel {
    T g = 1;

    struct State {
        T m, h;
    };

    static constexpr std::string_view name = "Channel";
    static constexpr auto parameters() { return std::array{hillock::Field{"g", "S/cm2", &basic_channel::g}}; }
    static constexpr auto states() {
        return std::array{hillock::Field{"m", "", &State::m}, hillock::Field{"h", "", &State::h}};
    }
    auto rates(T v) const {
        auto const m = hillock::gate(v, v);
#ifdef LEGAL
        return std::tuple{m, m};
#else
        return std::tuple{m};
#endif
    }
};

int main() {
    using L = hillock::Scalar;
    using Channel = basic_channel<L>;
    double states[2] = {}, v = -65;
    Channel const channel;
    hillock::population::GatePlaces<Channel, L> const places{&channel, 0, &v, nullptr, 0, states, 0};
    hillock::population::Gates<L, Channel, hillock::ExactRates>::advance({}, 0.025, 1, places);
}
