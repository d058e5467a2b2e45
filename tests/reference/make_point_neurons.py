#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes data/point_neurons.txt, from NEST alone (PyPI: nest-simulator): python3 make_point_neurons.py

Five iaf_psc_exp under given spikes and each other's, dt 0.1 ms, 300 ms; and five iaf_psc_alpha with the same
numbers. A line a thing; times and delays in steps:

  cell        tau_m, tau_ex, tau_in, t_ref, I_e, V_m at t = 0
  source      receptor (1: inhibitory), weight in pA, delay, then the times at which it sends to all cells
  connection  pre, post, weight in pA, delay
  spike       cell, time
  alpha       the same of iaf_psc_alpha
"""

import nest
import numpy

DT, STEPS = 0.1, 3000
CELLS = [  # the second has equal time constants, where the propagators have a limit; the third starts above threshold
    (10.0, 2.0, 2.0, 2.0, 250.0, -70.0),
    (10.0, 10.0, 3.0, 0.5, 50.0, -63.0),
    (20.0, 0.5, 5.0, 3.0, 250.0, -50.0),
    (7.0, 1.3, 0.7, 0.1, 380.0, -58.0),
    (15.0, 0.5, 0.5, 2.0, 290.0, -65.0),
]
SOURCES = [(0, 310.0, 1), (0, 150.0, 7), (0, 455.5, 15), (0, 90.0, 33), (1, -120.0, 1), (1, -301.0, 8)]

nest.resolution = DT
random = numpy.random.default_rng(5)
lines = []

groups = {"spike": nest.Create("iaf_psc_exp", len(CELLS)), "alpha": nest.Create("iaf_psc_alpha", len(CELLS))}
for k, (tau_m, tau_ex, tau_in, t_ref, current, v) in enumerate(CELLS):
    for cells in groups.values():
        cells[k].set(tau_m=tau_m, tau_syn_ex=tau_ex, tau_syn_in=tau_in, t_ref=t_ref, I_e=current, V_m=v)
    lines.append(f"cell {tau_m} {tau_ex} {tau_in} {t_ref} {current} {v}")
for receptor, weight, delay in SOURCES:
    steps = numpy.unique(random.integers(1, STEPS, 75))
    source = nest.Create("spike_generator", params={"spike_times": numpy.round(steps * DT, 1)})
    for cells in groups.values():
        nest.Connect(source, cells, "all_to_all", {"weight": weight, "delay": round(delay * DT, 1)})
    lines.append(f"source {receptor} {weight} {delay} " + " ".join(map(str, steps)))
for pre in range(len(CELLS)):
    for post in range(len(CELLS)):
        weight, delay = float(random.integers(1, 160)), int(random.integers(1, 40))
        if pre == 4:
            weight = -weight
        for cells in groups.values():
            nest.Connect(cells[pre], cells[post], "one_to_one", {"weight": weight, "delay": round(delay * DT, 1)})
        lines.append(f"connection {pre} {post} {weight} {delay}")

recorder = nest.Create("spike_recorder")
for cells in groups.values():
    nest.Connect(cells, recorder)
nest.Simulate(STEPS * DT)
found = recorder.get("events")
for kind, cells in groups.items():
    spikes = sorted((round(t / DT), int(sender) - cells[0].global_id) for t, sender in zip(found["times"], found["senders"]))
    spikes = [(step, cell) for step, cell in spikes if 0 <= cell < len(CELLS)]
    lines += [f"{kind} {cell} {step}" for step, cell in spikes]
    print(kind, [sum(cell == k for _, cell in spikes) for k in range(len(CELLS))])
with open("data/point_neurons.txt", "w") as file:
    file.write("\n".join(lines) + "\n")
