"""A network in NEURON or CoreNEURON: exact rates, or tabulated (the channel files' own TABLE) for the tutorial's networks.

    neuron_peer.py prepare FOLDER [--nrnivmodl PROGRAM] [--coreneuron]    compiles the channels in FOLDER
    neuron_peer.py run FOLDER NETWORK ...                                 in the folder that holds what was compiled
"""

import argparse
import pathlib
import shutil
import sys

from nrnivmodl import compile_mods

here = pathlib.Path(__file__).resolve().parent


def prepare(o):
    """Compiles the channels as they are, and tabulated under other names, with the best flags that each engine can use."""
    shutil.rmtree(o.folder, ignore_errors=True)
    mods = o.folder / "mods"
    mods.mkdir(parents=True)
    for source in (here / "mod/neuron").glob("*.mod"):
        text = source.read_text()
        (mods / source.name).write_text(text)
        if ":TABLE" in text and not o.coreneuron:  # a GLOBAL that is written would keep CoreNEURON from using vectors
            text = text.replace(":TABLE", "TABLE").replace(":GLOBAL", "GLOBAL").replace("SUFFIX " + source.stem, f"SUFFIX {source.stem}_table")
            (mods / (source.stem + "_table.mod")).write_text(text)
    flags = "-O3 -march=native" + (" -ffast-math" if o.coreneuron else "")  # without which g++ has no vector exp
    compile_mods(o.folder, "mods", o.nrnivmodl, *["-coreneuron"] * o.coreneuron, "-incflags", flags)


def run(o):
    from neuron import h
    import inputs

    h.load_file("stdrun.hoc")
    network = inputs.Network(o.folder / o.network)
    pc = h.ParallelContext()
    began = inputs.Stopwatch()

    mechanism = network.model.replace("-", "_") + ("_table" if o.rates == "table" else "")
    cobahh = network.model == "traub-miles"
    side = 15 if not cobahh else (20000 / 3.141592653589793) ** 0.5
    sections, synapses, kept = [], [], []
    times, gids = h.Vector(), h.Vector()
    for gid, (v, threshold) in enumerate(network.start):
        soma = h.Section(name=f"soma{gid}")
        soma.L = soma.diam = side
        soma.insert(mechanism)
        if cobahh:
            soma.ek = -90
        here_ = []
        for e, tau in ((0, 5), (-80, 10)) if cobahh else ((0, 2), (-75, 2)):
            synapse = h.ExpSyn(soma(0.5)) if cobahh else h.Exp2Syn(soma(0.5))
            synapse.e = e
            if cobahh:
                synapse.tau = tau
            else:
                synapse.tau1, synapse.tau2 = 0.1, tau
            here_.append(synapse)
        pc.set_gid2node(gid, 0)
        source = h.NetCon(soma(0.5)._ref_v, None, sec=soma)
        source.threshold = threshold
        pc.cell(gid, source)
        pc.spike_record(gid, times, gids)
        sections.append(soma)
        synapses.append(here_)
        kept.append(source)
    for pre, post, synapse, weight, delay in network.connections:
        connection = pc.gid_connect(pre, synapses[post][synapse])
        connection.weight[0], connection.delay = weight, delay
        kept.append(connection)
    arrivals, ways = [], {}
    for gid, t, synapse, weight in network.stimuli:
        if (gid, synapse, weight) not in ways:
            way = ways[gid, synapse, weight] = h.NetCon(None, synapses[gid][synapse])
            way.weight[0] = weight  # event(t) arrives at t, whatever the delay
        arrivals.append((ways[gid, synapse, weight], t))

    def start():
        for way, t in arrivals:
            way.event(t)

    handler = h.FInitializeHandler(start)
    h.celsius = 6.3
    h.dt, h.steps_per_ms = network.dt, 1 / network.dt
    h.CVode().cache_efficient(1)
    pc.nthread(o.threads)
    pc.set_maxstep(10)
    for soma, (v, _) in zip(sections, network.start):
        soma(0.5).v = v
    if o.coreneuron:
        from neuron import coreneuron
        coreneuron.enable, coreneuron.verbose, coreneuron.cell_permute = True, 0, 0
    h.finitialize()
    ready = inputs.Stopwatch()
    if o.coreneuron:
        pc.psolve(network.dt)  # a step, to know how long the network takes to CoreNEURON and back: that is not running
    built = inputs.Stopwatch()
    pc.psolve(o.tstop or network.tstop)
    ran = inputs.Stopwatch()
    (run, cpu), (moving, moving_cpu) = ran - built, built - ready if o.coreneuron else (0, 0)
    inputs.report(o.output, zip(times, gids), (built - began)[0], run - moving, cpu - moving_cpu)
    sys.stdout.flush()
    os._exit(0)  # taking 10^5 objects apart one by one takes longer than the run


parser = argparse.ArgumentParser()
commands = parser.add_subparsers(required=True)
p = commands.add_parser("prepare")
p.add_argument("folder", type=pathlib.Path)
p.add_argument("--nrnivmodl", default="nrnivmodl")
p.add_argument("--coreneuron", action="store_true")
p.set_defaults(do=prepare)
p = commands.add_parser("run")
p.add_argument("folder", type=pathlib.Path)
p.add_argument("network")
p.add_argument("--rates", default="exact")
p.add_argument("--coreneuron", action="store_true")
p.add_argument("--threads", type=int, default=1)
p.add_argument("--tstop", type=float)
p.add_argument("--output")
p.set_defaults(do=run)
options = parser.parse_args()
options.do(options)
