#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""NEST's hpc_benchmark by NEST and by hillock, in turn: rates, the distribution of the weights that have learned, what each takes.

    python3 -m venv nest && nest/bin/pip install nest-simulator numpy
    nest/bin/python benchmarks/peers/balanced.py --hillock build/examples/17_balanced_plastic [--scale 1 --seeds 3]

A cell has 11,250 synapses at any scale. At scale 1 hillock takes 1.2 GB and NEST 7 GB. Means over seeds, and their difference in
units of its standard error."""

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

DT, DELAY, TAU_M, TAU_SYN, C_M, V_TH, ETA = 0.1, 1.5, 10.0, 0.32582722403722841, 250.0, 20.0, 1.685
PEAK, PSP, INHIBITION = 1.700759, 0.14, -5.0  # ms, mV, as a ratio
LAMBDA, ALPHA, MU, TAU_PLUS, TAU_MINUS = 0.1, 0.0513, 0.4, 15.0, 30.0  # of the power-law rule
EXCITATORY, INHIBITORY = 9000, 2250
NUMBERS = ["rate_E", "rate_I", "mean", "sd", "1 %", "median", "99 %"]


def pA_per_mV():
    """The weight of a synapse whose potential peaks at 1 mV, by the shape of the potential at its peak."""
    rise = 1 / TAU_SYN - 1 / TAU_M
    shape = (np.exp(-PEAK / TAU_M) - np.exp(-PEAK / TAU_SYN)) / rise - PEAK * np.exp(-PEAK / TAU_SYN)
    return TAU_SYN * C_M * rise / (np.e * shape)


def run_nest(o):
    """Builds and runs the network in this process; what it found."""
    import nest

    nest.set_verbosity("M_ERROR")
    nest.ResetKernel()
    nest.SetKernelStatus({"resolution": DT, "local_num_threads": o.threads, "rng_seed": o.seed})
    start = time.perf_counter()
    J = PSP * pA_per_mV()
    neuron = {"E_L": 0.0, "C_m": C_M, "tau_m": TAU_M, "t_ref": 0.5, "V_th": V_TH, "V_reset": 0.0, "tau_syn_ex": TAU_SYN, "tau_syn_in": TAU_SYN,
              "tau_minus": TAU_MINUS}
    E, I = (nest.Create("iaf_psc_alpha", int(n * o.scale), params=neuron) for n in (EXCITATORY, INHIBITORY))
    for cells in (E, I):
        cells.V_m = nest.random.normal(5.7, 7.2)
    at_threshold = V_TH / (TAU_M / C_M * J * np.e * TAU_SYN)  # spikes/ms
    noise = nest.Create("poisson_generator", params={"rate": 1e3 * ETA * at_threshold})
    nest.CopyModel("static_synapse_hpc", "excites", {"weight": J, "delay": DELAY})
    nest.CopyModel("static_synapse_hpc", "inhibits", {"weight": INHIBITION * J, "delay": DELAY})
    nest.CopyModel("stdp_pl_synapse_hom_hpc", "learns",
                   {"weight": J, "delay": DELAY, "alpha": ALPHA, "lambda": LAMBDA, "mu": MU, "tau_plus": TAU_PLUS})
    fixed = {"rule": "fixed_indegree", "allow_autapses": False, "allow_multapses": True}
    nest.Connect(noise, E + I, syn_spec="excites")
    nest.Connect(E, E, {**fixed, "indegree": EXCITATORY}, "learns")
    nest.Connect(I, E, {**fixed, "indegree": INHIBITORY}, "inhibits")
    nest.Connect(E, I, {**fixed, "indegree": EXCITATORY}, "excites")
    nest.Connect(I, I, {**fixed, "indegree": INHIBITORY}, "inhibits")
    recorders = [nest.Create("spike_recorder") for _ in range(2)]
    for cells, recorder in zip((E, I), recorders):
        nest.Connect(cells, recorder, syn_spec="excites")
    if o.presim > 0:
        nest.Simulate(o.presim)
    built = time.perf_counter()
    nest.Simulate(o.tstop)
    done = time.perf_counter()
    spikes = [recorder.get("events") for recorder in recorders]
    rates = [np.count_nonzero(all_["times"] > o.presim) / len(cells) / o.tstop * 1e3 for cells, all_ in zip((E, I), spikes)]
    weights = weights_of(nest.GetConnections(target=E[:: max(1, len(E) // 100)], synapse_model="learns"), spikes[0], o.presim + o.tstop)
    found = [*rates, weights.mean(), weights.std(), *np.percentile(weights, [1, 50, 99])]
    print(json.dumps({"found": found, "build_s": built - start, "run_s": done - built,
                      "memory_GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))


def weights_of(connections, spikes, now):
    """Weights as of now. NEST's are those of the last spike of the source that has arrived: what the target has fired since then is added
    here, but for spikes that are on their way to the synapse."""
    fired = {}
    for sender, t in zip(spikes["senders"], spikes["times"]):
        fired.setdefault(int(sender), []).append(t)
    weights, traces = (np.array(connections.get(name)) for name in ("weight", "Kplus"))
    lasts = {source: max((t for t in times if t <= now - DELAY), default=0.0) for source, times in fired.items()}
    for k, (source, target) in enumerate(zip(connections.sources(), connections.targets())):
        last = lasts.get(source, 0.0)
        for t in fired.get(target, []):
            if last < t + DELAY and t + 2 * DELAY < now:
                weights[k] += LAMBDA * weights[k] ** MU * traces[k] * np.exp((last - t - DELAY) / TAU_PLUS)
    return weights


def run_hillock(o, seed):
    with tempfile.TemporaryDirectory() as folder:
        text = subprocess.run([o.hillock, "--scale", str(o.scale), "--tstop", str(o.tstop), "--presim", str(o.presim), "--seed", str(seed),
                               "--threads", str(o.threads)], cwd=folder, check=True, capture_output=True, text=True).stdout
    last = json.loads(text.splitlines()[-1])
    weights = re.search(r"weights: mean (\S+), sd (\S+), 1 % (\S+), median (\S+), 99 % (\S+) pA", text).groups()
    return {"found": [*last["rates"], *map(float, weights)], "build_s": last["build_s"], "run_s": last["run_s"],
            "memory_GB": last["peak_memory_bytes"] / 1e9}


def compare(o):
    """Prints what each simulator takes, and what both find."""
    runs = {"hillock": [], "NEST": []}
    for seed in range(o.seed, o.seed + o.seeds):
        runs["hillock"].append(run_hillock(o, seed))
        text = subprocess.run([sys.executable, __file__, "--run", "--seed", str(seed), "--scale", str(o.scale), "--tstop", str(o.tstop), "--presim",
                               str(o.presim), "--threads", str(o.threads)], check=True, capture_output=True, text=True).stdout
        runs["NEST"].append(json.loads(text.splitlines()[-1]))
        print(f"seed {seed}:", *(f"{name} {run[-1]}" for name, run in runs.items()), sep="\n  ", file=sys.stderr)
    print("| simulator | build (s) | run (s) | peak memory (GB) |\n|---|--:|--:|--:|")
    for name, all_ in runs.items():
        print("|", name, *(f"| {np.mean([run[key] for run in all_]):.2f}" for key in ("build_s", "run_s", "memory_GB")), "|")
    print("\n| | hillock | NEST | difference (se) |\n|---|--:|--:|--:|")
    ours, theirs = (np.array([run["found"] for run in runs[name]]) for name in ("hillock", "NEST"))
    for k, name in enumerate(NUMBERS):
        error = np.sqrt((ours[:, k].var(ddof=1) + theirs[:, k].var(ddof=1)) / o.seeds) if o.seeds > 1 else np.nan
        difference = ours[:, k].mean() - theirs[:, k].mean()
        print(f"| {name} | {ours[:, k].mean():.4g} | {theirs[:, k].mean():.4g} | {difference / error:+.1f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hillock", help="the program 17_balanced_plastic")
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--tstop", type=float, default=250, help="ms")
    parser.add_argument("--presim", type=float, default=50, help="ms before that, which are thrown away")
    parser.add_argument("--seed", type=int, default=1, help="the first one")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--run", action="store_true", help="run NEST alone, once")
    o = parser.parse_args()
    run_nest(o) if o.run else compare(o)


main()
