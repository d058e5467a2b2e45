"""The ring of branched cells (examples/08_ring.cpp) in NEURON and here, in turn, on one core: seconds, ns per compartment and
step, and whether the spikes are the same.

    /usr/bin/python3 benchmarks/peers/ring.py --hillock build/examples/08_ring [--cells 1000 --rings 10 --branches 31
        --compartments 1 --tstop 200 --repeats 3]

With Debian's NEURON set LD_LIBRARY_PATH=/usr/lib/nrn. Built-in mechanisms alone: hh, pas, ExpSyn."""

import argparse
import json
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
o = options.parse_args()
weight, delay, dt = 0.04, 5, 0.025


def build(h):
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
        target = gid // length * length + (gid % length + 1) % length
        connection = h.NetCon(soma(0.5)._ref_v, kept[target][2], sec=soma)
        connection.threshold, connection.delay, connection.weight[0] = 10, delay, weight
        connection.record(spikes, gids, gid)
        connections.append(connection)
    kicks = []
    for ring in range(o.rings):
        kick = h.NetCon(None, kept[ring * length][2])
        kick.delay, kick.weight[0] = 0, weight
        kicks.append(kick)
    begin = h.FInitializeHandler(lambda: [kick.event(1) for kick in kicks])
    return spikes, gids, (kept, connections, kicks, begin)


def neuron():
    """One run in a process of its own: seconds and spikes."""
    from neuron import h

    h.load_file("stdrun.hoc")
    spikes, gids, _kept = build(h)
    context = h.ParallelContext()
    h.CVode().cache_efficient(1)
    h.dt, h.steps_per_ms = dt, 1 / dt
    context.set_maxstep(10)
    h.finitialize(-65)
    start = time.perf_counter()
    context.psolve(o.tstop)
    seconds = time.perf_counter() - start
    return seconds, sorted((round(t / dt), int(g)) for t, g in zip(spikes, gids))


def hillock():
    with tempfile.TemporaryDirectory() as folder:
        words = [o.hillock.resolve(), "--output", "spikes.dat"]
        for name in ("cells", "rings", "branches", "compartments", "tstop"):
            words += [f"--{name}", str(getattr(o, name))]
        text = subprocess.run(words, cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout
        seconds = float(re.search(r"ran in +([0-9.]+) s", text).group(1))
        rows = (line.split(",") for line in pathlib.Path(folder, "spikes.dat").read_text().splitlines())
        return seconds, sorted((round(float(t) / dt), int(g)) for t, g in rows)


if __name__ == "__main__" and len(sys.argv) > 1 and sys.argv[-1] == "--repeats=0":  # what a repetition runs
    print(json.dumps(neuron()))
    sys.exit()

times = {"NEURON": [], "hillock": []}
spikes = {}
for _ in range(o.repeats):
    done = subprocess.run([sys.executable, __file__, *sys.argv[1:], "--repeats=0"], stdout=subprocess.PIPE, text=True, check=True)
    seconds, fired = json.loads(done.stdout.splitlines()[-1])
    times["NEURON"].append(seconds)
    spikes["NEURON"] = [tuple(each) for each in fired]
    if o.hillock:
        seconds, spikes["hillock"] = hillock()
        times["hillock"].append(seconds)

compartments = 1 + o.branches * o.compartments
print(f"{o.cells} cells in {o.rings} rings, soma (hh) and {o.branches} branches (pas) of {o.compartments} compartments, {o.tstop:g} ms, dt {dt} ms")
for name, each in times.items():
    if each:
        ns = min(each) * 1e9 / (o.cells * compartments * o.tstop / dt)
        print(f"{name:8} {min(each):8.3f} s   {ns:7.2f} ns per compartment and step   {len(spikes[name])} spikes")
if o.hillock:
    print(f"ratio    {min(times['NEURON']) / min(times['hillock']):.1f}   spikes {'equal' if spikes['NEURON'] == spikes['hillock'] else 'DIFFER'}")
