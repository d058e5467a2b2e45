"""A sweep over one cell's conductances: NEURON, one variant after the other, against examples/13_sweep, on one core.

    meson compile -C build 13_sweep
    /usr/bin/python3 benchmarks/peers/sweep.py --hillock build/examples/13_sweep [--variants 2000 --of 20]

hillock runs all variants and writes its table, in double and in single precision; NEURON (exact rates, cache_efficient) runs every so
many of them, without recording anything but spikes and V at the soma, and must find the same features. Seconds of the processor without
building, of one variant. In single precision, a spike so near a step that it takes place a step earlier or later counts as the same."""

import argparse
import csv
import pathlib
import resource
import subprocess
import tempfile
import time

from neuron import h

dt, begin, tstop, amp = 0.025, 20, 200, 1


def cell():
    """The cell of 13_sweep.cpp."""
    shape = {"soma": (20, 20, 1), "trunk": (400, 3, 15), "tuft1": (200, 1, 9), "tuft2": (200, 1, 9), "oblique": (150, 1.5, 7),
             "basal1": (150, 1.5, 7), "basal2": (150, 1.5, 7), "basal3": (150, 1.5, 7)}
    parent = {"trunk": ("soma", 1), "tuft1": ("trunk", 1), "tuft2": ("trunk", 1), "oblique": ("trunk", 0.5), "basal1": ("soma", 0),
              "basal2": ("soma", 0), "basal3": ("soma", 0)}
    made = {}
    for name, (length, diam, nseg) in shape.items():
        section = made[name] = h.Section(name=name)
        section.L, section.diam, section.nseg, section.Ra, section.cm = length, diam, nseg, 100, 1
        section.insert("pas")
        section.e_pas = -65
        if not name.startswith("basal"):
            section.insert("hh")
            if name != "soma":
                section.gnabar_hh, section.gkbar_hh, section.gl_hh = 0.02, 0.01, 0
        if name in parent:
            section.connect(made[parent[name][0]](parent[name][1]))
    return made


def sweep(o, precision):
    """The table that hillock writes, and the seconds of the processor that it takes for a variant."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([o.hillock.resolve(), "--variants", str(o.variants), "--tstop", str(tstop), "--amp", str(amp), "--precision", precision],
                       cwd=folder, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        rows = list(csv.DictReader(open(pathlib.Path(folder, "13_sweep.csv"))))
    return rows, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / o.variants


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hillock", type=pathlib.Path, required=True, help="the program 13_sweep")
    parser.add_argument("--variants", type=int, default=2000)
    parser.add_argument("--of", type=int, default=20, help="how many of them NEURON runs (%(default)s)")
    o = parser.parse_args()
    precisions = {"double": dt / 2, "single": 1.5 * dt}  # of each: by how much a latency may differ
    tables, ours = {}, {}
    for precision in precisions:
        tables[precision], ours[precision] = sweep(o, precision)

    h.load_file("stdrun.hoc")
    h.usetable_hh = 0
    made = cell()
    soma = made["soma"]
    clamp = h.IClamp(soma(0.5))
    clamp.delay, clamp.dur, clamp.amp = begin, tstop, amp
    spikes, v = h.Vector(), h.Vector().record(soma(0.5)._ref_v)
    source = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
    source.threshold = 10
    source.record(spikes)
    h.celsius, h.dt, h.steps_per_ms = 6.3, dt, 1 / dt
    h.CVode().cache_efficient(1)
    h.ParallelContext().set_maxstep(10)
    theirs = 0
    different, worst = dict.fromkeys(precisions, 0), dict.fromkeys(precisions, 0)
    chosen = range(0, o.variants, max(1, o.variants // o.of))
    for variant in chosen:
        row = tables["double"][variant]
        soma.gnabar_hh, soma.gkbar_hh = float(row["soma.gnabar"]), float(row["soma.gkbar"])
        made["trunk"].gnabar_hh = float(row["trunk.gnabar"])
        for section in made.values():
            section.g_pas = float(row["Passive.g"])
        h.finitialize(-65)
        started = time.process_time()
        h.ParallelContext().psolve(tstop)
        theirs += time.process_time() - started
        times = [t for t in spikes if t >= begin - dt / 2]
        window = [v[k] for k in range(round(begin / dt), len(v))]
        for precision, late in precisions.items():
            found = {name: float(value or "nan") for name, value in tables[precision][variant].items()}
            different[precision] += not (len(times) == found["spikes"] and (not times or abs(times[0] - begin - found["latency"]) < late))
            worst[precision] = max(worst[precision], abs(sum(window) / len(window) - found["mean"]), abs(min(window) - found["trough"]))
    theirs /= len(chosen)
    print("| variants | segments | precision | NEURON (ms each) | hillock (ms each) | ratio | with other spikes "
          "| largest difference of mean and trough (mV) |")
    print("|--:|--:|---|--:|--:|--:|--:|--:|")
    for precision in precisions:
        print(f"| {o.variants}, {len(chosen)} by NEURON | {sum(s.nseg for s in made.values())} | {precision} | {1e3 * theirs:.1f} "
              f"| {1e3 * ours[precision]:.2f} | {theirs / ours[precision]:.1f} | {different[precision]} | {worst[precision]:.1g} |")


main()
