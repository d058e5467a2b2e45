# SPDX-License-Identifier: MIT
"""make_trains.py: writes trains.csv, V of a cell with testtrain.mod whose events come between steps, by NEURON 8.2.2.
Run it in a folder where nrnivmodl has compiled it."""

from neuron import h

h.load_file("stdrun.hoc")
soma = h.Section(name="soma")
soma.L = soma.diam = 20
soma.insert("pas")
soma(0.5).pas.g, soma(0.5).pas.e = 1e-4, -65
synapse = h.testtrain(soma(0.5))
listed = h.NetCon(None, synapse)
listed.weight[0] = 0.004
source = h.NetStim()
source.start, source.interval, source.number, source.noise = 20.0031, 7.0113, 8, 0
regular = h.NetCon(source, synapse)
regular.weight[0], regular.delay = 0.006, 1.0037
handler = h.FInitializeHandler(lambda: [listed.event(t) for t in (10.007, 10.0183, 17.3333, 60.0124, 60.0126)])
h.dt = 0.025
h.finitialize(-65)
with open("trains.csv", "w") as file:
    print("t,v,total", file=file)
    for step in range(4001):
        if step % 20 == 0:
            print(f"{step * 0.025:.3f},{soma(0.5).v:.13g},{synapse.total:.14g}", file=file)
        h.fadvance()
