"""COBAHH in NEST, which has a model for it: hh_cond_exp_traub. It integrates with adaptive steps, so that its grid need not be
finer than the delay, and takes the peak of an action potential for the spike.

    nest_peer.py run FOLDER cobahh ...
"""

import argparse
import pathlib

import nest
import numpy

import inputs


def gates(v):
    """Steady states at v, mV."""
    u = v + 63

    def trap(x, s):
        return x / numpy.expm1(x / s)

    def inf(alpha, beta):
        return alpha / (alpha + beta)

    return {"Act_m": inf(0.32 * trap(13 - u, 4), 0.28 * trap(u - 40, 5)), "Inact_h": inf(0.128 * numpy.exp((17 - u) / 18), 4 / (1 + numpy.exp((40 - u) / 5))),
            "Act_n": inf(0.032 * trap(15 - u, 5), 0.5 * numpy.exp((10 - u) / 40))}


def run(o):
    network = inputs.Network(o.folder / o.network)
    began = inputs.Stopwatch()
    nest.ResetKernel()
    nest.resolution = 0.1
    nest.local_num_threads = o.threads
    v = numpy.array([v for v, _ in network.start])
    conductance = numpy.zeros((2, network.cells))  # nS, what the cells start with
    for gid, _, synapse, weight in network.stimuli:
        conductance[synapse, gid] += weight * 1e3
    cells = nest.Create("hh_cond_exp_traub", network.cells, {
        "C_m": 200, "g_L": 10, "g_Na": 20000, "g_K": 6000, "E_L": -60, "E_Na": 50, "E_K": -90, "V_T": -63, "E_ex": 0, "E_in": -80,
        "tau_syn_ex": 5, "tau_syn_in": 10, "t_ref": 3})
    cells.set([dict(V_m=float(v[k]), **{name: float(value[k]) for name, value in gates(v).items()}) for k in range(network.cells)])
    start = nest.Create("spike_generator", params={"spike_times": [nest.resolution]})  # a conductance cannot be set, but arrive
    for synapse, sign in ((0, 1), (1, -1)):
        nest.Connect(start, cells, "all_to_all", {"weight": sign * numpy.maximum(conductance[synapse], 0).reshape(-1, 1), "delay": nest.resolution})
    recorder = nest.Create("spike_recorder")
    nest.Connect(cells, recorder)
    first = cells[0].global_id
    for (synapse, weight, delay), pairs in inputs.by_kind(network.connections).items():
        pre, post = numpy.array(pairs).T + first
        each = numpy.ones(len(pre))
        nest.Connect(pre, post, "one_to_one", {"synapse_model": "static_synapse_hpc", "weight": each * weight * (1e3 if synapse == 0 else -1e3),
                                               "delay": each * delay})
    nest.Prepare()
    built = inputs.Stopwatch()
    nest.Run(o.tstop or network.tstop)
    ran = inputs.Stopwatch()
    nest.Cleanup()
    events = recorder.events
    inputs.report(o.output, zip(events["times"], events["senders"] - first), (built - began)[0], *(ran - built))


parser = argparse.ArgumentParser()
commands = parser.add_subparsers(required=True)
p = commands.add_parser("run")
p.add_argument("folder", type=pathlib.Path)
p.add_argument("network", choices=["cobahh"])
p.add_argument("--threads", type=int, default=1)
p.add_argument("--tstop", type=float)
p.add_argument("--output")
p.set_defaults(do=run)
options = parser.parse_args()
options.do(options)
