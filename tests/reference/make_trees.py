#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes data/trees.txt, from NEURON alone: python3 make_trees.py

Random trees of 2 to 60 sections, what is inserted, placed and done, and the voltages that follow at several places. A line a thing:

  tree      number of sections
  section   parent (its number, -1: the root), x there, L, diam, nseg, Ra, cm, gnabar (0: no hh), g (0: no pas)
  exp2syn   section, x, tau1, tau2, e                     two of them, synapses 0 and 1
  expsyn    section, x, tau, e                            two of them, synapses 2 and 3
  event     synapse, time, weight
  electrode section, x, delay, dur, amp
  place     section, x                                    where v is recorded
  v         t and v at each of the places, every 0.25 ms

(Made with NEURON 8.2.2; steps of 0.025 ms, rates of hh without a table.)"""
import os
import random

os.environ['NEURON_MODULE_OPTIONS'] = '-nogui'
from neuron import h

h.load_file('stdrun.hoc')
dt, tstop, rows_apart = 0.025, 20, 10


def tree(seed, count, most_segments):
    rng = random.Random(seed)
    number = lambda low, high: float(f'{rng.uniform(low, high):.4g}')
    place = lambda k: (k, rng.choice([0, 1, 1, 0.5, number(0, 1)]))
    anywhere = lambda: place(rng.randrange(count))
    for k in range(count):
        root = k == 0
        has_hh = root or rng.random() < 0.4
        yield ('section', -1 if root else rng.randrange(k), rng.choice([0, 0.3, 0.5, 1, 1]), number(10, 30) if root else number(10, 200),
               number(10, 30) if root else number(0.4, 4), rng.randint(1, most_segments), number(50, 250), number(0.7, 2),
               number(0.05, 0.15) if has_hh else 0, 0 if has_hh and rng.random() < 0.5 else number(2e-5, 1e-3))
    yield ('exp2syn', *anywhere(), 0.2, 3, 0)
    yield ('exp2syn', *anywhere(), 0.5, 5, -80)
    yield ('expsyn', *anywhere(), 2, 0)
    yield ('expsyn', *anywhere(), 4, -70)
    for synapse, time, weight in ((0, 1, 8e-3), (1, 2, 1e-3), (2, 2.5, 2e-3), (3, 4, 2e-3), (0, 7, 8e-3), (2, 8.01, 3e-3), (0, 12.3, 1e-2), (3, 15, 5e-3)):
        yield ('event', synapse, time, weight)
    yield ('electrode', *anywhere(), 3, 4, number(0.1, 0.3))
    yield ('place', 0, 0.5)
    for x in (0, 1, 0.5):
        yield ('place', rng.randrange(count), x)
    yield ('place', *anywhere())
    yield ('place', count - 1, 1)


def voltages(lines):
    """Rows of t and v at the places of one tree."""
    sections, synapses, connections, events, places = [], [], [], [], []
    for what, *values in lines:
        if what == 'section':
            parent, x, L, diam, nseg, Ra, cm, gnabar, g = values
            s = h.Section(name=f's{len(sections)}')
            s.L, s.diam, s.nseg, s.Ra, s.cm = L, diam, nseg, Ra, cm
            if parent >= 0:
                s.connect(sections[parent](x))
            if gnabar:
                s.insert('hh')
                s.gnabar_hh = gnabar
            if g:
                s.insert('pas')
                s.g_pas, s.e_pas = g, -65
            sections.append(s)
            continue
        if what == 'event':
            events.append(values)
            continue
        k, x, *parameters = values
        at = sections[k](x)
        if what == 'place':
            places.append(h.Vector().record(at._ref_v))
        elif what == 'electrode':
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
    h.usetable_hh = 0
    h.celsius = 6.3
    h.dt, h.steps_per_ms = dt, round(1 / dt)
    h.finitialize(-65)
    for synapse, time, weight in events:
        connection = h.NetCon(None, synapses[synapse])
        connection.weight[0] = weight
        connection.event(time)
        connections.append(connection)
    for _ in range(round(tstop / dt)):
        h.fadvance()
    for row in range(0, round(tstop / dt) + 1, rows_apart):
        yield ('v', f'{row * dt:g}', *(f'{place[row]:.10g}' for place in places))


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'data', 'trees.txt'), 'w') as out:
    for seed, (count, most_segments) in enumerate(((2, 7), (5, 5), (9, 9), (17, 4), (33, 3), (60, 4)), start=1):
        lines = list(tree(seed, count, most_segments))
        for line in (('tree', count), *lines, *voltages(lines)):
            print(*line, file=out)
