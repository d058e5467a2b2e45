# SPDX-License-Identifier: MIT
"""make_bound.py: writes bound.csv, V of a cell with testbound.mod, by NEURON 8.2.2. Run it in a folder where nrnivmodl has
compiled it."""

from neuron import h

h.load_file("stdrun.hoc")
soma = h.Section(name="soma")
soma.L = soma.diam = 20
for name in ["hh", "testbound"]:
    soma.insert(name)
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 5, 60, 0.3
h.usetable_hh, h.dt = 0, 0.025
h.finitialize(-65)
with open("bound.csv", "w") as file:
    print("t,v,open", file=file)
    for step in range(4001):
        if step % 20 == 0:
            print(f"{step * 0.025:.3f},{soma(0.5).v:.13g},{soma(0.5).testbound.open:.13g}", file=file)
        h.fadvance()
