#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes data/gap_junctions.csv, from NEURON alone: python3 make_gap_junctions.py

Five cells of a soma (hh) and a dendrite (pas), joined by gap junctions at segments and at ends of sections by way of
ParallelContext's transfer; an electrode in the first one. t and v, every 0.25 ms, at the places in the head line.

(Made with NEURON 8.2.2; steps of 0.025 ms, rates of hh without a table. Wants nrnivmodl.)"""
import os
import pathlib
import subprocess
import tempfile

HALF_GAP = """
NEURON { POINT_PROCESS HalfGap  RANGE g, vgap, i  NONSPECIFIC_CURRENT i }
PARAMETER { g (uS)  vgap (mV) }
ASSIGNED { v (mV)  i (nA) }
BREAKPOINT { i = g*(v - vgap) }
"""
here = pathlib.Path(__file__).resolve().parent
built = tempfile.TemporaryDirectory()
pathlib.Path(built.name, 'halfgap.mod').write_text(HALF_GAP)
subprocess.run('nrnivmodl', cwd=built.name, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
os.environ['NEURON_MODULE_OPTIONS'] = '-nogui'
from neuron import h

h.nrn_load_dll(str(next(pathlib.Path(built.name).glob('*/libnrnmech.so'))))
dt, tstop, rows_apart = 0.025, 20, 10

cells = []
for _ in range(5):
    soma, dend = h.Section(), h.Section()
    soma.L = soma.diam = 15
    dend.L, dend.diam, dend.nseg = 120, 2, 5
    dend.connect(soma(1))
    soma.insert('hh')
    dend.insert('pas')
    dend.g_pas, dend.e_pas = 1e-4, -65
    soma.ena, soma.ek = 50, -77
    cells.append({'soma': soma, 'dend': dend})

at = lambda gid, section, x: cells[gid][section](x)
junctions = [((0, 'soma', 0.5), (1, 'dend', 0.3), 2e-3), ((1, 'dend', 1), (2, 'soma', 0), 3e-3),
             ((2, 'dend', 0.7), (3, 'dend', 1), 1e-3), ((3, 'dend', 1), (4, 'soma', 0.5), 2e-3),
             ((0, 'dend', 1), (4, 'dend', 0.3), 1e-3), ((0, 'soma', 0.5), (3, 'soma', 1), 5e-3)]
places = [*((gid, 'soma', 0.5) for gid in range(5)), (1, 'dend', 1), (2, 'soma', 0), (3, 'dend', 0.9)]

context, halves, sources = h.ParallelContext(), [], {}
def source(place):
    if place not in sources:
        sources[place] = len(sources)
        context.source_var(at(*place)._ref_v, sources[place], sec=cells[place[0]][place[1]])
    return sources[place]
for *ends, conductance in junctions:
    for own, other in (ends, ends[::-1]):
        half = h.HalfGap(at(*own))
        half.g = conductance
        context.target_var(half, half._ref_vgap, source(other))
        halves.append(half)
context.setup_transfer()

electrode = h.IClamp(at(0, 'soma', 0.5))
electrode.delay, electrode.dur, electrode.amp = 1, 12, 0.4
records = [h.Vector().record(at(*place)._ref_v) for place in places]
h.usetable_hh, h.celsius, h.dt = 0, 6.3, dt
context.set_maxstep(10)
h.finitialize(-65)
context.psolve(tstop)

with open(here / 'data' / 'gap_junctions.csv', 'w') as out:
    print('t', *(f'{gid} {section}({x:g})' for gid, section, x in places), sep=',', file=out)
    for row in range(0, round(tstop / dt) + 1, rows_apart):
        print(f'{row * dt:g}', *(f'{record[row]:.10g}' for record in records), sep=',', file=out)
