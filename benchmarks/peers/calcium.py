"""A network of cells with calcium (mod/calcium: sodium, potassium, M, calcium by constant field, a pool, KCa), all of them mod files:
NEURON against hillock, in turn, on one core. Wants nrnivmodl.

    meson compile -C build peer_calcium
    /usr/bin/python3 benchmarks/peers/calcium.py --hillock build/benchmarks/peer_calcium [--cells 500 --tstop 500 --repeats 3]

Seconds of the processor without building, the best of several runs, and whether the spikes are at the same steps."""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

from nrnivmodl import compile_mods

dt = 0.025
mechanisms = ["pas", "calcium_ca", "calcium_kca", "calcium_kdr", "calcium_m", "calcium_na", "calcium_pool"]


def run_neuron(o):
    """Runs the network in NEURON and prints what hillock's program prints."""
    from neuron import h

    h.load_file("stdrun.hoc")
    context = h.ParallelContext()
    kept, synapses, times, gids = [], [], h.Vector(), h.Vector()
    for gid in range(o.cells):
        soma = h.Section(name=f"soma{gid}")
        soma.L = soma.diam = 20
        for mechanism in mechanisms:
            soma.insert(mechanism)
        soma.g_pas, soma.e_pas = 1e-4, -70
        synapse = h.Exp2Syn(soma(0.5))
        synapse.tau1, synapse.tau2, synapse.e = 0.5, 3, 0
        clamp = h.IClamp(soma(0.5))
        clamp.delay, clamp.dur, clamp.amp = 1, 1e9, 0.1 + 0.2 * (gid / o.cells)
        source = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
        source.threshold = 0
        context.set_gid2node(gid, 0)
        context.cell(gid, source)
        context.spike_record(gid, times, gids)
        synapses.append(synapse)
        kept += [soma, clamp, source]
    for gid in range(o.cells):
        for k in range(1, o.indegree + 1):
            connection = context.gid_connect((gid * 37 + k * 101 + 7) % o.cells, synapses[gid])
            connection.weight[0], connection.delay = 2e-4, 1.5
            kept.append(connection)
    h.celsius, h.dt, h.steps_per_ms = 34, dt, 1 / dt
    h.CVode().cache_efficient(1)
    context.set_maxstep(10)
    h.finitialize(-70)
    context.psolve(dt)
    began = time.process_time()
    context.psolve(o.tstop)
    seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "spikes": [(round(t / dt), int(g)) for t, g in zip(times, gids)]}))


def shell(command, folder):
    environment = {**os.environ, "NEURON_MODULE_OPTIONS": "-nogui -nobanner", "OMP_NUM_THREADS": "1"}
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env=environment, cwd=folder)
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hillock", type=pathlib.Path, help="the program peer_calcium")
    parser.add_argument("--cells", type=int, default=500)
    parser.add_argument("--indegree", type=int, default=40, help="connections to each cell (%(default)s)")
    parser.add_argument("--tstop", type=float, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--neuron", action="store_true", help="run NEURON alone, once")
    o = parser.parse_args()
    if o.neuron:
        return run_neuron(o)
    here = pathlib.Path(__file__).resolve()
    what = ["--cells", o.cells, "--indegree", o.indegree, "--tstop", o.tstop]
    runs = {"NEURON": [], "hillock": []}
    with tempfile.TemporaryDirectory() as folder:
        compile_mods(pathlib.Path(folder), here.parent / "mod" / "calcium")
        for _ in range(o.repeats):
            for name, command in (("NEURON", [sys.executable, here, "--neuron"]), ("hillock", [o.hillock.resolve()])):
                runs[name].append(json.loads(shell([*command, *what], folder).splitlines()[-1]))
    best = {name: min(run["seconds"] for run in all_) for name, all_ in runs.items()}
    theirs, ours = (sorted(map(tuple, runs[name][0]["spikes"])) for name in ("NEURON", "hillock"))
    print("| NEURON (s) | hillock (s) | ratio | spikes | equal |")
    print("|--:|--:|--:|--:|---|")
    print(f"| {best['NEURON']:.3f} | {best['hillock']:.3f} | {best['NEURON'] / best['hillock']:.1f} | {len(ours)} "
          f"| {'yes' if theirs == ours else 'no'} |")


main()
