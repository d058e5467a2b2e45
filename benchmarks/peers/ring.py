"""The ring of branched cells (examples/08_ring.cpp) in NEURON, in CoreNEURON and here, in turn, on one core: seconds, ns per
compartment and step, and whether the spikes are the same.

    /usr/bin/python3 benchmarks/peers/ring.py --hillock build/examples/08_ring [--coreneuron PYTHON]
        [--cells 1000 --rings 10 --branches 31 --compartments 1 --tstop 200 --repeats 3]

This Python's NEURON, Debian's say, against CoreNEURON, which comes with NEURON's wheel: PYTHON is one that has it, after peers/run
build-peers/environment/bin/python. Built-in mechanisms alone: hh, pas, ExpSyn."""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
options.add_argument("--hillock", type=pathlib.Path, help="the program 08_ring; NEURON alone without it")
options.add_argument("--cells", type=int, default=1000)
options.add_argument("--rings", type=int, default=10)
options.add_argument("--branches", type=int, default=31)
options.add_argument("--compartments", type=int, default=1)
options.add_argument("--tstop", type=float, default=200)
options.add_argument("--repeats", type=int, default=3)
options.add_argument("--coreneuron", help="a Python with NEURON's wheel")
options.add_argument("--run", choices=("NEURON", "CoreNEURON"), help="run this alone, once, and print seconds and spikes as JSON")
o = options.parse_args()
weight, delay, dt = 0.04, 5, 0.025


def build(h, context):
    """The cells, their synapses and connections; what must stay alive."""
    kept = []
    for gid in range(o.cells):
        soma = h.Section(name=f"soma{gid}")
        soma.L = soma.diam = 12.6157
        soma.insert("hh")
        branches = [h.Section(name=f"branch{gid}_{k}") for k in range(o.branches)]
        for k, branch in enumerate(branches):
            branch.connect(branches[(k - 1) // 2](1) if k else soma(1))
            branch.L, branch.diam, branch.nseg = 50, 1, o.compartments
            branch.insert("pas")
            branch.g_pas, branch.e_pas = 1e-3, -65
        for section in (soma, *branches):
            section.Ra, section.cm = 100, 1
        synapse = h.ExpSyn((branches[0] if branches else soma)(0.5))
        synapse.tau, synapse.e = 2, 0
        kept.append((soma, branches, synapse))
    spikes, gids, connections = h.Vector(), h.Vector(), []
    length = o.cells // o.rings
    for gid, (soma, _, _) in enumerate(kept):
        source = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
        source.threshold = 10
        context.set_gid2node(gid, 0)
        context.cell(gid, source)
    for gid in range(o.cells):
        target = gid // length * length + (gid % length + 1) % length
        connections.append(context.gid_connect(gid, kept[target][2]))
        connections[-1].delay, connections[-1].weight[0] = delay, weight
    for ring in range(o.rings):
        kick = h.NetStim()
        kick.start, kick.number = 1, 1
        connections.append(h.NetCon(kick, kept[ring * length][2]))
        connections[-1].delay, connections[-1].weight[0] = 0, weight
        kept.append(kick)
    context.spike_record(-1, spikes, gids)
    return spikes, gids, (kept, connections)


def neuron(core):
    """One run: seconds and spikes."""
    from neuron import h

    h.load_file("stdrun.hoc")
    context = h.ParallelContext()
    spikes, gids, _kept = build(h, context)
    h.CVode().cache_efficient(1)
    h.dt, h.steps_per_ms = dt, 1 / dt
    context.set_maxstep(10)
    moving = 0
    if core:
        from neuron import coreneuron

        coreneuron.enable, coreneuron.verbose, coreneuron.cell_permute = True, 0, 0
        h.finitialize(-65)
        moving = measured(lambda: context.psolve(dt))  # a step, to know how long the cells take to CoreNEURON and back: that is not running
    h.finitialize(-65)
    seconds = measured(lambda: context.psolve(o.tstop)) - moving
    return seconds, sorted((round(t / dt), int(g)) for t, g in zip(spikes, gids))


def measured(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def hillock():
    with tempfile.TemporaryDirectory() as folder:
        words = [o.hillock.resolve(), "--output", "spikes.dat"]
        for name in ("cells", "rings", "branches", "compartments", "tstop"):
            words += [f"--{name}", str(getattr(o, name))]
        text = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout
        seconds = float(re.search(r"ran in +([0-9.]+) s", text).group(1))
        rows = (line.split(",") for line in pathlib.Path(folder, "spikes.dat").read_text().splitlines())
        return seconds, sorted((round(float(t) / dt), int(g)) for t, g in rows)


if o.run:
    print(json.dumps(neuron(o.run == "CoreNEURON")))
    sys.exit()

pythons = {"NEURON": sys.executable} | ({"CoreNEURON": o.coreneuron} if o.coreneuron else {})
libraries = {"NEURON": "/usr/lib/nrn", "CoreNEURON": ""}  # Debian's NEURON does not find its own
times = {name: [] for name in [*pythons, *(["hillock"] if o.hillock else [])]}
spikes = {}
for _ in range(o.repeats):
    for name, python in pythons.items():
        environment = {**os.environ, "LD_LIBRARY_PATH": libraries[name], "NEURON_MODULE_OPTIONS": "-nogui -nobanner"}
        done = subprocess.run([python, __file__, *sys.argv[1:], f"--run={name}"], stdout=subprocess.PIPE, text=True, check=True, env=environment)
        seconds, fired = json.loads(done.stdout.splitlines()[-1])
        times[name].append(seconds)
        spikes[name] = [tuple(each) for each in fired]
    if o.hillock:
        seconds, spikes["hillock"] = hillock()
        times["hillock"].append(seconds)

compartments = 1 + o.branches * o.compartments
print(f"{o.cells} cells in {o.rings} rings, soma (hh) and {o.branches} branches (pas) of {o.compartments} compartments, {o.tstop:g} ms, dt {dt} ms")
for name, each in times.items():
    ns = min(each) * 1e9 / (o.cells * compartments * o.tstop / dt)
    compared = f"   {min(each) / min(times['hillock']):5.1f} x hillock   {'equal' if spikes[name] == spikes['hillock'] else 'DIFFERENT'}" if o.hillock else ""
    print(f"{name:10} {min(each):8.3f} s   {ns:7.2f} ns per compartment and step   {len(spikes[name])} spikes{compared}")
