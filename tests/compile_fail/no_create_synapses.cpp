// expect: MyCell does not implement create_synapses()
#include <hillock/model/cell.hpp>
#include <hillock/model/channel/passive.hpp>
#include <hillock/model/synapse/expsyn.hpp>

struct MyCell : hillock::Cell<MyCell> {
    hillock::Section soma{"soma"};

    auto create_sections() { return hillock::sections(soma); }
    void build_topology() {}
    void build_subsets() {}
    void define_geometry() { soma.L = soma.diam = 15; }
    auto define_biophysics() { return hillock::biophysics(hillock::insert(soma, hillock::Passive{})); }
#ifdef LEGAL
    auto create_synapses() { return hillock::synapses(hillock::place(hillock::ExpSyn{}, soma(0.5))); }
#endif
};

int main() { (void)hillock::assemble<MyCell>(); }
