"""A network in Brian2's C++ standalone mode, with the compiler flags that are its default (-O3 -march=native -ffast-math).

    brian_peer.py prepare FOLDER NETWORK --project P --threads N [--tstop MS]   compiles a program for the network
    brian_peer.py run --project P ...                                          runs it

Exponential Euler at the others' dt. A spike is a step at whose end V is above threshold and was not before.
"""

import argparse
import json
import pathlib
import resource
import shutil
import subprocess
import time

import numpy

import inputs

# Of each model: the equations of its channels, their constants, the area (um2); u in mV, rates in 1/ms.
CHANNELS = {
    "connor-stevens": ("""
        dv/dt = (gna*m**3*h*(ena - v) + gk*n**4*(ek - v) + ga*a**3*b*(ek - 3*mV - v) + gl*(el - v) + i_synapses)/c_m : volt
        u = v/mV : 1
        dm/dt = (0.38*10/exprel(-(u + 29.7)/10)*(1 - m) - 15.2*exp(-0.0556*(u + 54.7))*m)/ms : 1
        dh/dt = (0.266*exp(-0.05*(u + 48))*(1 - h) - 3.8/(1 + exp(-0.1*(u + 18)))*h)/ms : 1
        dn/dt = (0.02*10/exprel(-(u + 45.7)/10)*(1 - n) - 0.25*exp(-0.0125*(u + 55.7))*n)/ms : 1
        da/dt = (a_inf - a)/(0.3632*ms + 1.158*ms/(1 + exp(0.0497*(u + 55.96)))) : 1
        db/dt = (b_inf - b)/(1.24*ms + 2.678*ms/(1 + exp(0.0624*(u + 50)))) : 1
        a_inf = (0.0761*exp(0.0314*(u + 94.22))/(1 + exp(0.0346*(u + 1.17))))**(1/3.0) : 1
        b_inf = 1/(1 + exp(0.0688*(u + 53.3)))**4 : 1""",
        dict(gna=0.12, gk=0.02, ga=0.0477, gl=3e-4, ena=50, ek=-77, el=-70),
        dict(m=("0.38*10/exprel(-(u + 29.7)/10)", "15.2*exp(-0.0556*(u + 54.7))"), h=("0.266*exp(-0.05*(u + 48))", "3.8/(1 + exp(-0.1*(u + 18)))"),
             n=("0.02*10/exprel(-(u + 45.7)/10)", "0.25*exp(-0.0125*(u + 55.7))"), a=("a_inf", "1 - a_inf"), b=("b_inf", "1 - b_inf"))),
    "wang-buzsaki": ("""
        dv/dt = (gna*m**3*h*(ena - v) + gk*n**4*(ek - v) + gl*(el - v) + i_synapses)/c_m : volt
        u = v/mV : 1
        alpha_m = 0.1*10/exprel(-(u + 35)/10) : 1
        m = alpha_m/(alpha_m + 4*exp(-(u + 60)/18)) : 1 (constant over dt)
        dh/dt = 5*(0.07*exp(-(u + 58)/20)*(1 - h) - 1/(exp(-(u + 28)/10) + 1)*h)/ms : 1
        dn/dt = 5*(0.01*10/exprel(-(u + 34)/10)*(1 - n) - 0.125*exp(-(u + 44)/80)*n)/ms : 1""",
        dict(gna=0.035, gk=0.009, gl=1e-4, ena=50, ek=-77, el=-65),
        dict(h=("0.07*exp(-(u + 58)/20)", "1/(exp(-(u + 28)/10) + 1)"), n=("0.01*10/exprel(-(u + 34)/10)", "0.125*exp(-(u + 44)/80)"))),
    "traub-miles": ("""
        dv/dt = (gna*m**3*h*(ena - v) + gk*n**4*(ek - v) + gl*(el - v) + i_synapses)/c_m : volt
        u = v/mV + 63 : 1
        dm/dt = (0.32*4/exprel((13 - u)/4)*(1 - m) - 0.28*5/exprel((u - 40)/5)*m)/ms : 1
        dh/dt = (0.128*exp((17 - u)/18)*(1 - h) - 4/(1 + exp((40 - u)/5))*h)/ms : 1
        dn/dt = (0.032*5/exprel((15 - u)/5)*(1 - n) - 0.5*exp((10 - u)/40)*n)/ms : 1""",
        dict(gna=0.1, gk=0.03, gl=5e-5, ena=50, ek=-90, el=-60),
        dict(m=("0.32*4/exprel((13 - u)/4)", "0.28*5/exprel((u - 40)/5)"), h=("0.128*exp((17 - u)/18)", "4/(1 + exp((40 - u)/5))"),
             n=("0.032*5/exprel((15 - u)/5)", "0.5*exp((10 - u)/40)"))),
}

TWO_EXPONENTIALS = """
        i_synapses = ((B0 - A0)*(0*mV - v) + (B1 - A1)*(-75*mV - v))/area : amp/meter**2
        dA0/dt = -A0/(0.1*ms) : siemens
        dB0/dt = -B0/(2*ms) : siemens
        dA1/dt = -A1/(0.1*ms) : siemens
        dB1/dt = -B1/(2*ms) : siemens
        threshold_v : volt (constant)"""
ONE_EXPONENTIAL = """
        i_synapses = (g0*(0*mV - v) + g1*(-80*mV - v))/area : amp/meter**2
        dg0/dt = -g0/(5*ms) : siemens
        dg1/dt = -g1/(10*ms) : siemens
        threshold_v : volt (constant)"""


def prepare(o):
    import brian2 as b

    network = inputs.Network(o.folder / o.network)
    shutil.rmtree(o.project, ignore_errors=True)
    b.set_device("cpp_standalone", build_on_run=False)
    b.prefs.devices.cpp_standalone.openmp_threads = o.threads if o.threads > 1 else 0
    b.defaultclock.dt = network.dt * b.ms
    channels, constants, gates = CHANNELS[network.model]
    cobahh = network.model == "traub-miles"
    space = {name: value * (b.siemens / b.cm**2 if name.startswith("g") else b.mV) for name, value in constants.items()}
    space.update(c_m=1 * b.uF / b.cm**2, area=(20000 if cobahh else numpy.pi * 15 * 15) * b.um**2)
    cells = b.NeuronGroup(network.cells, channels + (ONE_EXPONENTIAL if cobahh else TWO_EXPONENTIALS), method="exponential_euler",
                          threshold="v > threshold_v", refractory="v > threshold_v", namespace=space)
    cells.v = numpy.array([v for v, _ in network.start]) * b.mV
    cells.threshold_v = numpy.array([threshold for _, threshold in network.start]) * b.mV
    for gate, (alpha, beta) in gates.items():
        setattr(cells, gate, f"({alpha})/(({alpha}) + ({beta}))")
    peak = 0.1 * 2 / (2 - 0.1) * numpy.log(2 / 0.1)
    factor = float(1 / (numpy.exp(-peak / 2) - numpy.exp(-peak / 0.1)))  # of Exp2Syn

    def receive(synapse, weight):
        if cobahh:
            return f"g{synapse}_post += {weight!r}*usiemens"
        return f"A{synapse}_post += {weight * factor!r}*usiemens; B{synapse}_post += {weight * factor!r}*usiemens"

    objects = [cells]
    for (synapse, weight, delay), pairs in inputs.by_kind(network.connections).items():
        synapses = b.Synapses(cells, cells, on_pre=receive(synapse, weight), delay=delay * b.ms)
        i, j = numpy.array(pairs).T
        synapses.connect(i=i, j=j)
        objects.append(synapses)
    kicks = {}
    for gid, t, synapse, weight in network.stimuli:
        if t < network.dt / 2:
            continue  # what the cells start with
        kicks.setdefault((synapse, weight), []).append((gid, t))
    for (synapse, weight), arrivals in kicks.items():
        gids, times = numpy.array([g for g, _ in arrivals]), numpy.array([t for _, t in arrivals])
        steps = numpy.floor(times / network.dt + 0.5) - 1  # what Brian delivers in one step acts in the next
        source = b.SpikeGeneratorGroup(len(arrivals), numpy.arange(len(arrivals)), steps * network.dt * b.ms)
        synapses = b.Synapses(source, cells, on_pre=receive(synapse, weight))
        synapses.connect(i=numpy.arange(len(arrivals)), j=gids)
        objects += [source, synapses]
    if cobahh:
        start = numpy.zeros((2, network.cells))
        for gid, t, synapse, weight in network.stimuli:
            if t < network.dt / 2:
                start[synapse, gid] += weight
        cells.g0, cells.g1 = start[0] * b.usiemens, start[1] * b.usiemens
    spikes = b.SpikeMonitor(cells)
    net = b.Network(objects, spikes)
    net.run((o.tstop or network.tstop) * b.ms)
    b.device.build(directory=str(o.project), run=False, compile=True, with_output=False)
    arrays = {name: pathlib.Path(b.device.get_array_filename(spikes.variables[name])).name for name in ("t", "i")}
    (o.project / "spikes.json").write_text(json.dumps({"dt": network.dt, **arrays}))


def run(o):
    began = time.perf_counter()
    subprocess.run(["./main"], cwd=o.project, check=True, stdout=subprocess.DEVNULL)
    whole = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    results = o.project / "results"
    run_seconds = float((results / "last_run_info.txt").read_text().split()[0])
    spikes = json.loads((o.project / "spikes.json").read_text())
    times = numpy.fromfile(results / spikes["t"], dtype=numpy.float64) * 1e3 + spikes["dt"]  # it stamps a step's end with its beginning
    gids = numpy.fromfile(results / spikes["i"], dtype=numpy.int32)
    inputs.report(o.output, zip(times, gids), whole - run_seconds, run_seconds, min(used.ru_utime + used.ru_stime, run_seconds))


parser = argparse.ArgumentParser()
commands = parser.add_subparsers(required=True)
p = commands.add_parser("prepare")
p.add_argument("folder", type=pathlib.Path)
p.add_argument("network")
p.add_argument("--project", type=pathlib.Path, required=True)
p.add_argument("--threads", type=int, default=1)
p.add_argument("--tstop", type=float)
p.set_defaults(do=prepare)
p = commands.add_parser("run")
p.add_argument("--project", type=pathlib.Path, required=True)
p.add_argument("--output")
p.set_defaults(do=run)
options = parser.parse_args()
options.do(options)
