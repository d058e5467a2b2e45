#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes data/membrane_currents.csv, from NEURON alone: python3 make_membrane_currents.py

The second tree of data/trees.txt and what happens to it there: i_membrane_ (nA, by cvode.use_fast_imem) of every segment,
i_cap and, where there is one, the leak's current (mA/cm2) in the middle of every section. t and these, every 0.25 ms.
A channel's current is what NEURON shows a step later, when it has computed it.

(Made with NEURON 8.2.2; steps of 0.025 ms, rates of hh without a table.)"""
import os
import pathlib

os.environ['NEURON_MODULE_OPTIONS'] = '-nogui'
from neuron import h

h.load_file('stdrun.hoc')
dt, tstop, rows_apart = 0.025, 20, 10
data = pathlib.Path(__file__).resolve().parent / 'data'

lines, trees = (data / 'trees.txt').read_text().splitlines(), 0
sections, synapses, connections, events = [], [], [], []
for line in lines:
    what, *words = line.split()
    trees += what == 'tree'
    if trees != 2 or what in ('tree', 'place', 'v'):
        continue
    values = [float(word) for word in words]
    if what == 'section':
        parent, x, L, diam, nseg, Ra, cm, gnabar, g = values
        s = h.Section(name=f's{len(sections)}')
        s.L, s.diam, s.nseg, s.Ra, s.cm = L, diam, int(nseg), Ra, cm
        if parent >= 0:
            s.connect(sections[int(parent)](x))
        if gnabar:
            s.insert('hh')
            s.gnabar_hh = gnabar
        if g:
            s.insert('pas')
            s.g_pas, s.e_pas = g, -65
        sections.append(s)
    elif what == 'event':
        events.append(values)
    else:
        at, parameters = sections[int(values[0])](values[1]), values[2:]
        if what == 'electrode':
            electrode = h.IClamp(at)
            electrode.delay, electrode.dur, electrode.amp = parameters
        else:
            synapse = h.Exp2Syn(at) if what == 'exp2syn' else h.ExpSyn(at)
            for name, value in zip(('tau1', 'tau2', 'e') if what == 'exp2syn' else ('tau', 'e'), parameters):
                setattr(synapse, name, value)
            synapses.append(synapse)
for s in sections:
    if h.ismembrane('hh', sec=s):
        s.ena, s.ek = 50, -77

cvode = h.CVode()
cvode.use_fast_imem(1)
columns = []  # name, numbers, how many steps later they are shown
def record(name, reference, later=0):
    columns.append((name, h.Vector().record(reference), later))
for s in sections:
    for segment in s:
        record(f'{s.name()}({segment.x:.17g}).i_membrane_', segment._ref_i_membrane_)
    record(f'{s.name()}(0.5).i_cap', s(0.5)._ref_i_cap)
    if h.ismembrane('pas', sec=s):
        record(f'{s.name()}(0.5).Passive.i', s(0.5).pas._ref_i, 1)

h.usetable_hh, h.celsius = 0, 6.3
h.dt, h.steps_per_ms = dt, round(1 / dt)
h.finitialize(-65)
for synapse, time, weight in events:
    connection = h.NetCon(None, synapses[int(synapse)])
    connection.weight[0] = weight
    connection.event(time)
    connections.append(connection)
for _ in range(round(tstop / dt) + 1):
    h.fadvance()

with open(data / 'membrane_currents.csv', 'w') as out:
    print('t', *(name for name, _, _ in columns), sep=',', file=out)
    for row in range(0, round(tstop / dt) + 1, rows_apart):
        print(f'{row * dt:g}', *(f'{numbers[row + later]:.10g}' for _, numbers, later in columns), sep=',', file=out)
