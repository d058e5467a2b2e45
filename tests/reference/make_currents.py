# SPDX-License-Identifier: MIT
"""Writes data/currents.csv: voltages that NEURON 8.2.2 finds where Vector.play drives an IClamp, for
tests/network/inputs.cpp. Run it as `python3 make_currents.py` where `import neuron` works."""

from neuron import h

h.load_file("stdrun.hoc")
h.celsius = 6.3

TIMES = [1.03, 3.33, 3.33, 7.77, 12.05, 15.0]
VALUES = [0.02, 0.1, -0.05, 0.2, 0.05, 0.07]


def passive(name, length, diam, nseg):
    section = h.Section(name=name)
    section.L, section.diam, section.nseg, section.Ra, section.cm = length, diam, nseg, 100, 1
    section.insert("pas")
    section.g_pas, section.e_pas = 1e-3, -70
    return section


def column(is_stick, continuous):
    soma = passive("soma", 20, 20, 1)
    sections = [soma]
    place = soma(0.5)
    if is_stick:
        dend = passive("dend", 300, 2, 5)
        dend.connect(soma(1))
        sections.append(dend)
        place = dend(0.7)
    clamp = h.IClamp(place)
    clamp.delay, clamp.dur = 0, 1e9
    times, values = h.Vector(TIMES), h.Vector(VALUES)
    if continuous:
        values.play(clamp._ref_amp, times, True)
    else:
        values.play(clamp._ref_amp, times)
    recorded = h.Vector().record(place._ref_v)
    h.dt, h.steps_per_ms = 0.1, 10
    h.finitialize(-65)
    for _ in range(200):
        h.fadvance()
    return list(recorded)


columns = [column(False, True), column(False, False), column(True, True)]
with open("data/currents.csv", "w") as file:
    file.write("step,interpolated,stepped,dendrite\n")
    for step in range(0, 201, 4):
        file.write(f"{step}," + ",".join(f"{c[step]:.10g}" for c in columns) + "\n")
