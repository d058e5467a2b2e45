"""Cells with dendrites one by one, fifty different ones, and many equal ones: NEURON against hillock, in turn, on one core.

    meson compile -C build peer_neurons
    /usr/bin/python3 benchmarks/peers/neurons.py --hillock build/benchmarks/peer_neurons [--sections 60 --repeats 3]

Random trees; "active": Hodgkin-Huxley and a leak everywhere; "passive": Hodgkin-Huxley in the soma, leaks elsewhere; "six channels":
TransientSodium, Kv3, HighThresholdCalcium, SK, HCurrent, MCurrent, and calcium, everywhere (wants nrnivmodl, which compiles the mod files
of tests/reference/make_mechanisms.py). Seconds of the processor without building, the best of several runs. NEURON runs with exact rates
(usetable_hh = 0), as hillock computes, whose spikes must be at the same steps, and with hh's tables of 1 mV, its default. hillock runs in double and in single precision.

--coreneuron PYTHON: also CoreNEURON, of the NEURON that this Python has. --arbor PYTHON: also Arbor, from this Python, with a control volume
for each segment; it places spikes between steps. --shapes 1000: instead, the memory and the start of hillock for
as many different shapes, a quarter and half of them."""

import argparse
import importlib.util
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

from nrnivmodl import compile_mods

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


def third_active(parts):
    """The cell with channels in the soma and a third of its other sections only."""
    return [(*part[:5], int(k % 3 < 1)) for k, part in enumerate(parts)]


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


def compile_mechanisms(folder, nrnivmodl, *options):
    """Compiles the library's mechanisms for a NEURON, if its nrnivmodl is there; the file to load."""
    if not shutil.which(nrnivmodl):
        print(f"{nrnivmodl}: not found; no cells of six channels", file=sys.stderr)
        return None
    mods = folder / "mods"
    mods.mkdir(parents=True)
    path = pathlib.Path(__file__).resolve().parents[2] / "tests/reference/make_mechanisms.py"
    spec = importlib.util.spec_from_file_location("make_mechanisms", path)
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    wanted = {"TransientSodium", "Kv3", "HighThresholdCalcium", "CalciumPool", "SK", "HCurrent", "MCurrent"}
    for number, (name, text) in enumerate(make.mods):
        if name in wanted:
            (mods / f"m{number:02}_{name}.mod").write_text(text)
    return compile_mods(folder, "mods", nrnivmodl, *options)


six = {"lnat": ("gbar_lnat", 0.1), "lkv3": ("gbar_lkv3", 0.02), "lhva": ("gbar_lhva", 5e-5), "lcad": ("gamma_lcad", 5e-4), "lsk": ("gbar_lsk", 1e-4),
       "lih": ("gbar_lih", 1e-5), "lim": ("gbar_lim", 1e-4)}


def run_neuron(o):
    """Runs the cells of a file in NEURON and prints what hillock's program prints."""
    from neuron import h

    h.load_file("stdrun.hoc")
    if o.mechanisms:
        h.nrn_load_dll(o.mechanisms)
    if o.run == "core":
        if o.mechanisms:
            os.environ["CORENEURONLIB"] = str(pathlib.Path(o.mechanisms).with_name("libcorenrnmech.so"))
        from neuron import coreneuron
        coreneuron.enable, coreneuron.verbose = True, 0
    h.usetable_hh = int(o.run == "table")
    kept, times, gids = [], h.Vector(), h.Vector()
    context = h.ParallelContext()
    for parts in read(o.file):
        for _ in range(o.copies):
            gid, all_ = len(kept), []
            for parent, at, length, diam, nseg, active in parts:
                section = h.Section(name=f"s{gid}_{len(all_)}")
                section.L, section.diam, section.nseg, section.Ra, section.cm = length, diam, int(nseg), 100, 1
                if active and o.cortical:
                    for suffix, (parameter, value) in six.items():
                        section.insert(suffix)
                        setattr(section, parameter, value)
                elif active:
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
    h.celsius, h.dt, h.steps_per_ms = 34 if o.cortical else 6.3, dt, 1 / dt
    h.CVode().cache_efficient(1)
    context.set_maxstep(10)
    h.finitialize(-65)
    context.psolve(dt)
    began = time.process_time()
    context.psolve(o.tstop)
    seconds = time.process_time() - began
    segments = sum(section.nseg for section in kept[0][0])
    print(json.dumps({"seconds": seconds, "segments": segments, "spikes": [(round(t / dt), int(g)) for t, g in zip(times, gids)]}))


def run_arbor(o):
    """Runs the cells of a file in Arbor: a control volume for each segment, and for each branching point one without a membrane."""
    import arbor as A
    from arbor import units as U

    cells = [parts for parts in read(o.file) for _ in range(o.copies)]

    def describe(parts):
        tree, ends = A.segment_tree(), []  # of each section: its first segment's parent, its last segment
        for parent, at, length, diam, nseg, active in parts:
            last = A.mnpos if parent < 0 else ends[int(parent)][1 if at else 0]
            began, x, step = last, ends[int(parent)][2 if at else 3] if parent >= 0 else 0, length / nseg
            start = x
            for _ in range(int(nseg)):
                last = tree.append(last, A.mpoint(x, 0, 0, diam / 2), A.mpoint(x + step, 0, 0, diam / 2), tag=2 if active else 1)
                x += step
            ends.append((began, last, x, start))
        decor = A.decor()
        decor.paint('"all"', A.density("pas/e=-65", dict(g=1e-4)))
        decor.paint('"active"', A.density("hh"))
        decor.place('"middle"', A.i_clamp(1 * U.ms, 1e9 * U.ms, o.amp * U.nA))
        decor.place('"middle"', A.threshold_detector(0 * U.mV), "axon")
        labels = A.label_dict({"all": "(all)", "active": "(tag 2)", "middle": "(on-components 0.5 (segment 0))"})
        return A.cable_cell(tree, decor, labels, A.cv_policy_every_segment())

    class Recipe(A.recipe):
        def __init__(self):
            super().__init__()
            self.properties = A.neuron_cable_properties()
            self.properties.set_property(Vm=-65 * U.mV, tempK=279.45 * U.Kelvin, cm=0.01 * U.F / U.m2, rL=100 * U.Ohm * U.cm)
            self.properties.set_ion("na", rev_pot=50 * U.mV)
            self.properties.set_ion("k", rev_pot=-77 * U.mV)

        def num_cells(self):
            return len(cells)

        def cell_kind(self, gid):
            return A.cell_kind.cable

        def global_properties(self, kind):
            return self.properties

        def cell_description(self, gid):
            return describe(cells[gid])

    recipe, context, hint = Recipe(), A.context(threads=1), A.partition_hint()
    hint.cpu_group_size = len(cells)
    simulation = A.simulation(recipe, context, A.partition_load_balance(recipe, context, {A.cell_kind.cable: hint}))
    simulation.record(A.spike_recording.local)  # with `all` there are none without connections
    simulation.run(dt * U.ms, dt * U.ms)
    began = time.process_time()
    simulation.run(o.tstop * U.ms, dt * U.ms)
    seconds = time.process_time() - began
    spikes = simulation.spikes()
    print(json.dumps({"seconds": seconds, "spikes": [(t / dt, int(source["gid"])) for source, t in zip(spikes["source"], spikes["time"])]}))


def close(ours, theirs, steps=4):
    """How many of our spikes have one of theirs in the same cell within so many steps."""
    return sum(any(gid == g and abs(step - s) <= steps for s, g in theirs) for step, gid in ours)


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
    parser.add_argument("--coreneuron", help="a Python whose NEURON has CoreNEURON")
    parser.add_argument("--arbor", help="a Python that has Arbor")
    parser.add_argument("--shapes", type=int, help="report memory and start of so many shapes")
    parser.add_argument("--run", choices=("exact", "table", "core", "arbor"), help="run NEURON or Arbor alone, once")
    parser.add_argument("--mechanisms", help="a library of NEURON's mechanisms")
    parser.add_argument("--cortical", action="store_true", help="six channels and calcium")
    parser.add_argument("--file")
    parser.add_argument("--copies", type=int, default=1)
    parser.add_argument("--tstop", type=float, default=100)
    parser.add_argument("--amp", type=float, default=1)
    o = parser.parse_args()
    if o.run:
        return run_arbor(o) if o.run == "arbor" else run_neuron(o)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        measure_shapes(o, folder) if o.shapes else compare(o, folder)


def measure_shapes(o, folder):
    print("| shapes | segments each | start (s) | peak memory (MB) | kB a shape |")
    print("|--:|--:|--:|--:|--:|")
    for count in (o.shapes // 4, o.shapes // 2, o.shapes):
        cells = [tree(seed, 78, True) for seed in range(count)]
        write(folder / "cells", cells)
        run = shell([o.hillock, folder / "cells", "--tstop", 1])
        segments = sum(part[4] for parts in cells for part in parts) / count
        print(f"| {count} | {segments:.0f} | {run['start']:.2f} | {run['megabytes']:.0f} | {1024 * run['megabytes'] / count:.0f} |", flush=True)


def compare(o, folder):
    """Prints a line for each case."""
    different = [tree(seed, o.sections, True) for seed in range(50)]
    cases = [("one active cell", different[1:2], 1, 200., 5., False), ("one passive cell", [tree(1, o.sections, False)], 1, 400., 1., False),
             ("50 different active cells", different, 1, 20., 5., False), ("64 equal active cells", different[1:2], 64, 20., 5., False),
             ("64 equal cells, a third active", [third_active(different[1])], 64, 20., 3., False),
             ("64 equal passive cells", [tree(1, o.sections, False)], 64, 40., 1., False)]
    mechanisms = {"exact": compile_mechanisms(folder / "exact", "nrnivmodl")}
    if o.coreneuron:
        mechanisms["core"] = compile_mechanisms(folder / "core", str(pathlib.Path(o.coreneuron).with_name("nrnivmodl")), "-coreneuron")
    if mechanisms["exact"]:
        cases += [("one cell of six channels", different[1:2], 1, 100., 5., True), ("50 different of six channels", different, 1, 10., 5., True),
                  ("64 equal of six channels", different[1:2], 64, 10., 5., True)]
    pythons = {"exact": sys.executable, "table": sys.executable, "core": o.coreneuron, "arbor": o.arbor}
    print("| cells | segments each | NEURON, exact (s) | NEURON, tables (s) | CoreNEURON (s) | Arbor (s) | hillock (s) | single (s) "
          "| exact/hillock | tables/hillock | core/hillock | Arbor/hillock | exact/single | spikes | equal | in single | Arbor's within 0.1 ms |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|---|--:|")
    for name, cells, copies, tstop, amp, cortical in cases:
        file = folder / "cells"
        write(file, cells)
        what = [file, "--copies", copies, "--tstop", tstop, "--amp", amp] + ["--cortical"] * cortical
        kinds = [kind for kind in pythons if pythons[kind] and (mechanisms.get(kind) if cortical else True)]
        runs = {key: [] for key in kinds + ["hillock", "single"]}
        for _ in range(o.repeats):
            for kind in kinds:
                loaded = ["--mechanisms", mechanisms[kind]] if cortical else []
                runs[kind].append(shell([pythons[kind], __file__, "--run", kind, "--file", *what, *loaded]))
            runs["hillock"].append(shell([o.hillock, *what]))
            runs["single"].append(shell([o.hillock, *what, "--single"]))
        best = {key: min(run["seconds"] for run in all_) for key, all_ in runs.items()}
        theirs, ours, single = (sorted(map(tuple, runs[key][0]["spikes"])) for key in ("exact", "hillock", "single"))
        seconds = [f"{best[kind]:.3f}" if kind in best else "" for kind in pythons]
        ratios = [f"{best[kind] / best['hillock']:.1f}" if kind in best else "" for kind in pythons]
        near = str(close(ours, runs["arbor"][0]["spikes"])) if "arbor" in runs else ""
        print("|", " | ".join([name, str(runs["exact"][0]["segments"]), *seconds, f"{best['hillock']:.4f}", f"{best['single']:.4f}", *ratios,
                               f"{best['exact'] / best['single']:.1f}", str(len(ours)), "yes" if theirs == ours else "no",
                               "yes" if theirs == single else "no", near]), "|", flush=True)


main()
