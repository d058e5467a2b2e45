"""Cells with dendrites one by one, fifty different ones, and many equal ones: NEURON against hillock, in turn, on one core.

    meson compile -C build peer_neurons
    /usr/bin/python3 benchmarks/peers/neurons.py --hillock build/benchmarks/peer_neurons [--sections 60 --repeats 3]

Random trees; "active": Hodgkin-Huxley and a leak everywhere; "passive": Hodgkin-Huxley in the soma, leaks elsewhere. Seconds of the
processor without building, the best of several runs. NEURON runs twice: with exact rates (usetable_hh = 0), as hillock computes, whose
spikes must be at the same steps, and with its tables of 1 mV, its default."""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import time

dt = 0.025


def tree(seed, sections, active):
    """One cell: of each section parent, x there, L, diam, nseg, whether it is active."""
    draw = random.Random(seed)
    parts = [(-1, 0, 20, 20, 1, 1)]
    for k in range(1, sections):
        parent = 0 if k < 6 else draw.randrange(max(1, k - 20), k)
        parts.append((parent, 1 if parent or draw.random() < 0.7 else 0, round(draw.uniform(40, 160), 3), round(draw.uniform(0.5, 2.5), 3),
                      draw.randrange(3, 11), int(active)))
    return parts


def write(path, cells):
    with open(path, "w") as file:
        for parts in cells:
            print(len(parts), file=file)
            for part in parts:
                print(*part, file=file)


def read(path):
    cells, lines = [], iter(open(path).read().splitlines())
    for count in lines:
        cells.append([[float(word) for word in next(lines).split()] for _ in range(int(count))])
    return cells


def run_neuron(o):
    """Runs the cells of a file in NEURON and prints what hillock's program prints."""
    from neuron import h

    h.load_file("stdrun.hoc")
    h.usetable_hh = int(o.run == "table")
    kept, times, gids = [], h.Vector(), h.Vector()
    context = h.ParallelContext()
    for parts in read(o.file):
        for _ in range(o.copies):
            gid, all_ = len(kept), []
            for parent, at, length, diam, nseg, active in parts:
                section = h.Section(name=f"s{gid}_{len(all_)}")
                section.L, section.diam, section.nseg, section.Ra, section.cm = length, diam, int(nseg), 100, 1
                if active:
                    section.insert("hh")
                section.insert("pas")
                section.g_pas, section.e_pas = 1e-4, -65
                if all_:
                    section.connect(all_[int(parent)](at))
                all_.append(section)
            clamp = h.IClamp(all_[0](0.5))
            clamp.delay, clamp.dur, clamp.amp = 1, 1e9, o.amp
            source = h.NetCon(all_[0](0.5)._ref_v, None, sec=all_[0])
            source.threshold = 0
            context.set_gid2node(gid, 0)
            context.cell(gid, source)
            context.spike_record(gid, times, gids)
            kept.append((all_, clamp, source))
    h.celsius, h.dt, h.steps_per_ms = 6.3, dt, 1 / dt
    h.CVode().cache_efficient(1)
    context.set_maxstep(10)
    h.finitialize(-65)
    context.psolve(dt)
    began = time.process_time()
    context.psolve(o.tstop)
    seconds = time.process_time() - began
    segments = sum(section.nseg for section in kept[0][0])
    print(json.dumps({"seconds": seconds, "segments": segments, "spikes": [(round(t / dt), int(g)) for t, g in zip(times, gids)]}))


def shell(command):
    environment = {**os.environ, "NEURON_MODULE_OPTIONS": "-nogui -nobanner", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=environment)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hillock", type=pathlib.Path, help="the program peer_neurons")
    parser.add_argument("--sections", type=int, default=60, help="of each cell, of 6 segments on average (%(default)s)")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--run", choices=("exact", "table"), help="run NEURON alone, once")
    parser.add_argument("--file")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--tstop", type=float, default=100)
    parser.add_argument("--amp", type=float, default=1)
    o = parser.parse_args()
    if o.run:
        return run_neuron(o)
    cases = [("one active cell", [tree(1, o.sections, True)], 1, 200., 5.), ("one passive cell", [tree(1, o.sections, False)], 1, 400., 1.),
             ("50 different active cells", [tree(seed, o.sections, True) for seed in range(50)], 1, 20., 5.),
             ("64 equal active cells", [tree(1, o.sections, True)], 64, 20., 5.)]
    print("| cells | segments each | NEURON, exact (s) | NEURON, tables (s) | hillock (s) | exact/hillock | tables/hillock | spikes | equal |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder:
        for name, cells, copies, tstop, amp in cases:
            file = pathlib.Path(folder) / "cells"
            write(file, cells)
            what = [file, "--copies", copies, "--tstop", tstop, "--amp", amp]
            runs = {"exact": [], "table": [], "hillock": []}
            for _ in range(o.repeats):
                for rates in ("exact", "table"):
                    runs[rates].append(shell([sys.executable, __file__, "--run", rates, "--file", *what]))
                runs["hillock"].append(shell([o.hillock, *what]))
            best = {key: min(run["seconds"] for run in all_) for key, all_ in runs.items()}
            theirs, ours = (sorted(map(tuple, runs[key][0]["spikes"])) for key in ("exact", "hillock"))
            print(f"| {name} | {runs['exact'][0]['segments']} | {best['exact']:.3f} | {best['table']:.3f} | {best['hillock']:.4f} "
                  f"| {best['exact'] / best['hillock']:.1f} | {best['table'] / best['hillock']:.1f} | {len(ours)} "
                  f"| {'yes' if theirs == ours else 'no'} |", flush=True)


main()
