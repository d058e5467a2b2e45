// expect: add<Type>: the network was not declared with this cell type
#include <hillock/model/channel/passive.hpp>
#include <hillock/model/synapse/expsyn.hpp>
#include <hillock/network.hpp>

template <int N>
struct MyCell : hillock::Cell<MyCell<N>> {
    hillock::Section soma{"soma"};

    auto create_sections() { return hillock::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() {}
    auto define_biophysics() { return hillock::biophysics(hillock::insert(soma, hillock::Passive{})); }
    auto create_synapses() { return hillock::synapses(hillock::place(hillock::ExpSyn{}, soma(0.5))); }
};

int main() {
    hillock::Network<MyCell<1>> network;
#ifdef LEGAL
    network.add<MyCell<1>>(1);
    network.add(1);
#else
    network.add<MyCell<2>>(1);
#endif
}
