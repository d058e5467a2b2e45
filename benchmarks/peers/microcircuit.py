#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The cortical microcircuit by NEST and by hillock, in turn: what each takes, and whether they do the same.

    python3 -m venv nest && nest/bin/pip install nest-simulator numpy scipy
    nest/bin/python benchmarks/peers/microcircuit.py --hillock build/examples/16_microcircuit --scale 0.1

Every population's rate is compared over --seeds networks: the difference of the means in units of its standard
error. The cells' rates, their CV, and the correlations of pairs are compared by two-sample Kolmogorov-Smirnov
tests, all seeds together; with so many numbers the distance D says more than p. At scale 1 NEST takes 15 GB.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

NAMES = ["L2/3E", "L2/3I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
SIZES = np.array([20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948])
INPUTS = np.array([1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100])
RATES = np.array([0.903, 2.965, 4.414, 5.876, 7.569, 8.633, 1.105, 7.829])
V_MEAN = [-68.28, -63.16, -63.33, -63.45, -63.11, -61.66, -66.72, -61.43]
V_SD = [5.36, 4.57, 4.74, 4.94, 4.94, 4.55, 5.46, 4.48]
PROBABILITY = np.array([
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0, 0.0076, 0],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0, 0.0042, 0],
    [0.0077, 0.0059, 0.0497, 0.135, 0.0067, 0.0003, 0.0453, 0],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0, 0.1057, 0],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.06, 0.3158, 0.0086, 0],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.001, 0.0034, 0.0005, 0.0277, 0.008, 0.0658, 0.1443],
])
DT, TAU_M, TAU_SYN, C_M, PSP, BACKGROUND = 0.1, 10.0, 0.5, 250.0, 0.15, 8.0


def run_nest(o, seed, output):
    """Builds and runs the network in this process; writes the spikes after --presim, gids from 0."""
    import nest

    nest.set_verbosity("M_ERROR")
    nest.ResetKernel()
    nest.SetKernelStatus({"resolution": DT, "local_num_threads": o.threads, "rng_seed": seed})
    start = time.perf_counter()
    ratio, difference = TAU_M / TAU_SYN, TAU_SYN - TAU_M
    pA = PSP / (TAU_M * TAU_SYN / (C_M * difference) *
                (ratio ** (TAU_M / difference) - ratio ** (TAU_SYN / difference)))
    weights = np.tile([pA, -4 * pA], (8, 4))
    weights[0, 2] *= 2
    synapses = np.round(np.log1p(-PROBABILITY) / np.log1p(-1 / np.outer(SIZES, SIZES)))
    k = o.indegree_scale
    missing = (weights * synapses / SIZES[:, None] * RATES).sum(axis=1)
    missing += pA * INPUTS * BACKGROUND if o.input == "poisson" else 0
    current = 1e-3 * TAU_SYN * (1 - np.sqrt(k)) * missing
    current += 1e-3 * TAU_SYN * pA * INPUTS * BACKGROUND if o.input == "dc" else 0
    populations = []
    for p in range(8):
        cells = nest.Create("iaf_psc_exp", int(round(SIZES[p] * o.scale)), params={
            "C_m": C_M, "tau_m": TAU_M, "tau_syn_ex": TAU_SYN, "tau_syn_in": TAU_SYN, "t_ref": 2.0,
            "E_L": -65.0, "V_reset": -65.0, "V_th": -50.0, "I_e": current[p]})
        cells.V_m = nest.random.normal(V_MEAN[p], V_SD[p])
        populations.append(cells)
    for target in range(8):
        for source in range(8):
            n = int(round(synapses[target, source] * o.scale * k))
            if n == 0:
                continue
            mean = weights[target, source] / np.sqrt(k)
            delay = 1.5 if source % 2 == 0 else 0.75
            low, high = (0.0, np.inf) if mean > 0 else (-np.inf, 0.0)
            nest.Connect(populations[source], populations[target], {"rule": "fixed_total_number", "N": n}, {
                "weight": nest.math.redraw(nest.random.normal(mean, 0.1 * abs(mean)), min=low, max=high),
                "delay": nest.math.redraw(nest.random.normal(delay, 0.5 * delay), min=DT / 2, max=np.inf)})
    if o.input == "poisson":
        for p in range(8):
            generator = nest.Create("poisson_generator", params={"rate": BACKGROUND * round(INPUTS[p] * k)})
            nest.Connect(generator, populations[p],
                         syn_spec={"weight": pA / np.sqrt(k), "delay": 1.5})
    recorder = nest.Create("spike_recorder", params={"start": o.presim})
    for cells in populations:
        nest.Connect(cells, recorder)
    nest.Prepare()
    built = time.perf_counter()
    nest.Run(o.presim)
    begin = time.perf_counter()
    nest.Run(o.tstop)
    end = time.perf_counter()
    nest.Cleanup()
    events = recorder.get("events")
    np.savez(output, times=events["times"], gids=np.asarray(events["senders"]) - 1)
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    print(json.dumps({"build_s": built - start, "run_s": end - begin, "peak_memory_bytes": peak}))


def nest_result(o, seed, folder):
    file = os.path.join(folder, "nest.npz")
    command = [sys.executable, __file__, "--only-nest", file, "--first-seed", str(seed), "--scale", str(o.scale),
               "--indegree-scale", str(o.indegree_scale), "--input", o.input, "--tstop", str(o.tstop),
               "--presim", str(o.presim), "--threads", str(o.threads)]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    spikes = np.load(file)
    return json.loads(text.strip().splitlines()[-1]), spikes["times"], spikes["gids"]


def hillock_result(o, seed, folder):
    file = os.path.join(folder, "spikes.dat")
    command = [os.path.abspath(o.hillock), "--seed", str(seed), "--scale", str(o.scale), "--indegree-scale",
               str(o.indegree_scale), "--input", o.input, "--tstop", str(o.tstop), "--presim", str(o.presim),
               "--threads", str(o.threads), "--output", file]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=folder).stdout
    spikes = np.loadtxt(file, delimiter=",", ndmin=2)
    return json.loads(text.strip().splitlines()[-1]), spikes[:, 0], spikes[:, 1].astype(int)


def statistics(o, times, gids):
    """Statistics of each population: the cells' rates, the CVs of those with more than three spikes, correlations."""
    sizes = np.round(SIZES * o.scale).astype(int)
    firsts = np.concatenate([[0], np.cumsum(sizes)])
    order = np.lexsort((times, gids))
    times, gids = times[order], gids[order]
    found = []
    for p in range(8):
        inside = (gids >= firsts[p]) & (gids < firsts[p + 1])
        own, cells = times[inside], gids[inside] - firsts[p]
        counts = np.bincount(cells, minlength=sizes[p])
        trains = np.split(own, np.cumsum(counts)[:-1])
        cv = [np.std(d) / np.mean(d) for d in map(np.diff, trains) if len(d) > 2]
        bins = np.arange(o.presim, o.presim + o.tstop + 1, 2)
        some = [np.histogram(t, bins)[0] for t in trains if len(t) > 0][:200]
        pairs = np.corrcoef(some)[np.triu_indices(len(some), 1)] if len(some) > 1 else np.array([])
        found.append((counts / o.tstop * 1e3, np.array(cv), pairs))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hillock", default="build/examples/16_microcircuit", help="the example's program")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--indegree-scale", type=float, help="by default as --scale")
    parser.add_argument("--input", choices=["poisson", "dc"], default="poisson")
    parser.add_argument("--tstop", type=float, default=2000)
    parser.add_argument("--presim", type=float, default=500)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--only-nest", help=argparse.SUPPRESS)
    o = parser.parse_args()
    o.indegree_scale = o.indegree_scale or o.scale
    if o.only_nest:
        return run_nest(o, o.first_seed, o.only_nest)

    from scipy.stats import ks_2samp

    results = {"hillock": [], "NEST": []}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(o.first_seed, o.first_seed + o.seeds):
            for name, run in (("hillock", hillock_result), ("NEST", nest_result)):
                cost, times, gids = run(o, seed, folder)
                results[name].append((cost, statistics(o, times, gids)))
    print("| simulator | build (s) | run (s) | wall over model time | peak memory (GB) |\n|---|--:|--:|--:|--:|")
    for name, all_runs in results.items():
        build, run, peak = (min(cost[k] for cost, _ in all_runs) for k in ("build_s", "run_s", "peak_memory_bytes"))
        print(f"| {name} | {build:.2f} | {run:.2f} | {run / o.tstop * 1e3:.2f} | {peak * 1e-9:.2f} |")
    print("\n| population | rate | NEST's | difference (se) | CV | NEST's | correlation | NEST's | D rates | D CV |"
          " D correlations |\n|---|" + "--:|" * 10)
    for p, name in enumerate(NAMES):
        own, other = ([found[p] for _, found in results[s]] for s in ("hillock", "NEST"))
        rates = [np.array([each[0].mean() for each in side]) for side in (own, other)]
        spread = np.sqrt(sum(r.var(ddof=1) / len(r) for r in rates)) if o.seeds > 1 else np.nan
        whole = [[np.concatenate([each[k] for each in side]) for k in range(3)] for side in (own, other)]
        distances = [ks_2samp(whole[0][k], whole[1][k]).statistic if len(whole[0][k]) and len(whole[1][k]) else np.nan
                     for k in range(3)]
        mean = [[np.nanmean(numbers) if len(numbers) else np.nan for numbers in side] for side in whole]
        print(f"| {name} | {rates[0].mean():.3f} | {rates[1].mean():.3f} | "
              f"{(rates[0].mean() - rates[1].mean()) / spread:+.1f} | {mean[0][1]:.3f} | {mean[1][1]:.3f} | "
              f"{mean[0][2]:.5f} | {mean[1][2]:.5f} | " + " | ".join(f"{d:.3f}" for d in distances) + " |")


if __name__ == "__main__":
    main()
