// expect: hillock: a synapse with a Connection must have 'template <class At> void receive(State&, Connection&, At& at) const'
#include <array>
#include <string_view>

#include <hillock/model/cell.hpp>

template <class T>
struct basic_counter {
    T e = 0;

    struct State {
        T g;
    };
    struct Connection {
        T weight;
    };

    static constexpr std::string_view name = "Counter";
    static constexpr auto parameters() { return std::array{hillock::Field{"e", "mV", &basic_counter::e}}; }
    static constexpr auto states() { return std::array{hillock::Field{"g", "uS", &State::g}}; }
    static constexpr auto connection() {
        return std::array{hillock::Field{"weight", "uS", &Connection::weight}};
    }
#ifdef LEGAL
    template <class At>
    void receive(State& s, Connection& c, At&) const {
        s.g += c.weight;
    }
#else
    void receive(State& s, T weight) const { s.g += weight; }
#endif
};

int main() {
    hillock::Section const soma{"soma"};
    (void)hillock::place(basic_counter<double>{}, soma(0.5));
}
