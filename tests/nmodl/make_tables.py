# SPDX-License-Identifier: MIT
"""make_tables.py: writes tables.csv, V of a cell with testtable.mod and its calcium (testca.mod, testcad.mod), by
NEURON 8.2.2. Run it in a folder where nrnivmodl has compiled them."""

from math import exp

from neuron import h

h.load_file("stdrun.hoc")
ninf = h.Vector([1 / (1 + exp(-(-90 + 5 * k + 35) / 7)) for k in range(25)])  # from -90 to 30 mV
tau_at, tau = h.Vector([-80, -55, -40, -10, 20]), h.Vector([12, 9, 5.5, 2, 0.7])
v_at, ca_at = h.Vector([-70, -30, 0]), h.Vector([5e-5, 2e-4, 1e-3])
factor = h.Vector([0.2, 0.5, 1, 0.3, 0.8, 1.5, 0.5, 1, 2.5])  # all of the first V first
h.table_ninf_testtable(ninf._ref_x[0], len(ninf), -90, 30)
h.table_ntau_testtable(tau, tau_at)
h.table_factor_testtable(factor._ref_x[0], len(v_at), v_at._ref_x[0], len(ca_at), ca_at._ref_x[0])
soma = h.Section(name="soma")
soma.L = soma.diam = 20
for name in ["pas", "testca", "testcad", "testtable"]:
    soma.insert(name)
soma(0.5).pas.g, soma(0.5).pas.e = 1e-4, -65
clamp = h.IClamp(soma(0.5))
clamp.delay, clamp.dur, clamp.amp = 5, 60, 0.3
h.celsius, h.dt = 34, 0.025
h.finitialize(-65)
with open("tables.csv", "w") as file:
    print("t,v,n", file=file)
    for step in range(4001):
        if step % 20 == 0:
            print(f"{step * 0.025:.3f},{soma(0.5).v:.12g},{soma(0.5).testtable.n:.12g}", file=file)
        h.fadvance()
