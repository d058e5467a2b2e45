// expect: rates() must give one gate for each state
#include <array>
#include <string_view>
#include <tuple>

#include <hillock/model/concepts.hpp>
#include <hillock/model/gating.hpp>

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

static_assert(hillock::HasRates<basic_channel<double>>);

int main() {}
