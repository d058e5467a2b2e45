# SPDX-License-Identifier: MIT
"""make_resets.py: writes resets.csv, V and u of a cell with testizh.mod, whose events set V, by NEURON 8.2.2. Run it in a
folder where nrnivmodl has compiled it."""

from neuron import h

h.load_file("stdrun.hoc")
h.dt = 0.025
soma = h.Section(name="soma")
soma.L = soma.diam = 20
cell = h.testizh(soma(0.5))
connections = [h.NetCon(None, cell) for _ in range(2)]
connections[0].weight[0], connections[1].weight[0] = 0.05, -12
times = (20.01, 20.9, 55.13, 77.31, 130.11, 131.02), (40.103, 90.27, 150.1)
handler = h.FInitializeHandler(lambda: [c.event(t) for c, each in zip(connections, times) for t in each])
h.finitialize(-65)
with open("resets.csv", "w") as file:
    print("t,v,u", file=file)
    for step in range(8001):
        if step % 20 == 0:
            print(f"{step * 0.025:.3f},{soma(0.5).v:.13g},{cell.u:.14g}", file=file)
        h.fadvance()
