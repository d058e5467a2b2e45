#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes data/extracellular.csv, from NEURON alone: python3 make_extracellular.py

Three sections in a line (x in um): `s0` from 0 to 20, `s1` on from there to 320, `s2` back from 0 to -200. The potential outside,
40 mV (1 - exp(-x/300)) and a field of 0.05 mV/um, by NEURON's `extracellular` with e_extracellular, goes up from 2 to 4 ms and down at 9 ms.
Columns: t, then v across the membrane at s0(0.5), s1(0.9), s2(0.5), every 0.25 ms. (NEURON 8.2.2, rates of hh without a table.)"""
import math
import os
import pathlib

os.environ['NEURON_MODULE_OPTIONS'] = '-nogui'
from neuron import h

h.load_file('stdrun.hoc')
h.usetable_hh = 0
soma, on, back = (h.Section(name=name) for name in ('s0', 's1', 's2'))
for s, L, diam, nseg, Ra, cm in ((soma, 20, 20, 1, 100, 1), (on, 300, 2, 9, 120, 1.2), (back, 200, 1.5, 5, 90, 0.9)):
    s.L, s.diam, s.nseg, s.Ra, s.cm = L, diam, nseg, Ra, cm
on.connect(soma(1))
back.connect(soma(0))
for s in (soma, on):
    s.insert('hh')
    s.gnabar_hh = 0.12
for s in (on, back):
    s.insert('pas')
    s.g_pas, s.e_pas = 2e-4, -65
begin = {soma: lambda x: 20 * x, on: lambda x: 20 + 300 * x, back: lambda x: -200 * x}
t, kept = h.Vector([0, 2, 4, 9, 9, 10]), []
for s in (soma, on, back):
    s.insert('extracellular')
    for layer in (0, 1):
        s.xraxial[layer], s.xg[layer], s.xc[layer] = 1e9, 1e9, 0
    for segment in s:
        x = begin[s](segment.x)
        mV = 40 * (1 - math.exp(-x / 300)) - 0.05 * x
        course = h.Vector([0, 0, mV, mV, 0, 0])
        course.play(segment._ref_e_extracellular, t, True)
        kept.append(course)
traces = [h.Vector().record(s(x)._ref_v) for s, x in ((soma, 0.5), (on, 0.9), (back, 0.5))]
h.celsius, h.dt, h.steps_per_ms = 6.3, 0.025, 40
h.v_init, h.tstop = -65, 20
h.run()
with open(pathlib.Path(__file__).parent / 'data/extracellular.csv', 'w') as file:
    print('t,s0(0.5).v,s1(0.9).v,s2(0.5).v', file=file)
    for k in range(0, len(traces[0]), 10):
        print(f'{k * h.dt:g}', *(f'{trace[k]:.12g}' for trace in traces), sep=',', file=file)
