# SPDX-License-Identifier: MIT
"""make_mod_files.py: writes mod_files.csv, V and calcium of a cell with the mod files of this folder, by NEURON 8.2.2.
Run it in a folder where nrnivmodl has compiled them."""

from neuron import h

h.load_file("stdrun.hoc")
soma = h.Section(name="soma")
soma.L = soma.diam = 20
for name in ["pas", "testna", "testca", "testcad", "testkca", "testkv"]:
    soma.insert(name)
soma(0.5).pas.g, soma(0.5).pas.e = 1e-4, -65
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 5, 60, 0.5
synapse = h.testsyn(soma(0.5))
connection = h.NetCon(None, synapse)
connection.weight[0] = 0.004
handler = h.FInitializeHandler(lambda: [connection.event(t) for t in (70.0, 80.0, 85.0, 110.0)])
h.celsius, h.dt = 34, 0.025
h.finitialize(-65)
with open("mod_files.csv", "w") as file:
    print("t,v,cai", file=file)
    for step in range(6001):
        if step % 20 == 0:
            print(f"{step * 0.025:.3f},{soma(0.5).v:.12g},{soma(0.5).cai:.12g}", file=file)
        h.fadvance()
