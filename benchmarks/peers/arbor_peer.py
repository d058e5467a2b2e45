"""A network in Arbor: cells of one compartment in groups that share vectors, dt as the others'.

    arbor_peer.py prepare FOLDER                compiles the channels, for this machine's vector instructions
    arbor_peer.py run FOLDER NETWORK --catalogue F ...

Arbor places a spike between two steps where the voltage crosses the threshold.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

import arbor as A
from arbor import units as U

import inputs

here = pathlib.Path(__file__).resolve().parent


def prepare(o):
    shutil.rmtree(o.folder, ignore_errors=True)
    o.folder.mkdir(parents=True)
    scripts = sysconfig.get_path("scripts")
    done = subprocess.run([pathlib.Path(scripts) / "arbor-build-catalogue", "peers", here / "mod/arbor"], cwd=o.folder, capture_output=True,
                          text=True, env={**os.environ, "PATH": scripts + os.pathsep + os.environ["PATH"]})
    (o.folder / "log").write_text(done.stdout + done.stderr)
    if not (o.folder / "peers-catalogue.so").exists():
        sys.exit("\n".join((done.stdout + done.stderr).splitlines()[-5:]))


class Recipe(A.recipe):
    def __init__(self, network, catalogue):
        super().__init__()
        self.network = network
        self.cobahh = network.model == "traub-miles"
        self.properties = A.neuron_cable_properties()
        self.properties.catalogue.extend(A.load_catalogue(str(catalogue)), "")
        self.properties.set_property(tempK=279.45 * U.Kelvin, cm=0.01 * U.F / U.m2)
        self.properties.set_ion("na", rev_pot=50 * U.mV)
        self.properties.set_ion("k", rev_pot=(-90 if self.cobahh else -77) * U.mV)
        self.into = [[] for _ in network.start]
        for pre, post, synapse, weight, delay in network.connections:
            self.into[post].append(A.connection((pre, "axon"), f"synapse{synapse}", weight, delay * U.ms))
        self.events = [{} for _ in network.start]
        for gid, t, synapse, weight in network.stimuli:
            self.events[gid].setdefault((synapse, weight), []).append(t * U.ms)
        side = 15 if not self.cobahh else (20000 / 3.141592653589793) ** 0.5
        self.tree = A.segment_tree()
        self.tree.append(A.mnpos, A.mpoint(-side / 2, 0, 0, side / 2), A.mpoint(side / 2, 0, 0, side / 2), tag=1)
        self.decors = {}

    def num_cells(self):
        return self.network.cells

    def cell_kind(self, gid):
        return A.cell_kind.cable

    def global_properties(self, kind):
        return self.properties

    def connections_on(self, gid):
        return self.into[gid]

    def event_generators(self, gid):
        return [A.event_generator(f"synapse{synapse}", weight, A.explicit_schedule(times)) for (synapse, weight), times in self.events[gid].items()]

    def cell_description(self, gid):
        v, threshold = self.network.start[gid]
        decor = A.decor()
        decor.set_property(Vm=v * U.mV)
        decor.paint('"all"', A.density(self.network.model.replace("-", "_")))
        for number, (e, tau) in enumerate(((0, 5), (-80, 10)) if self.cobahh else ((0, 2), (-75, 2))):
            synapse = A.synapse("expsyn", dict(e=e, tau=tau)) if self.cobahh else A.synapse("exp2syn", dict(e=e, tau1=0.1, tau2=tau))
            decor.place('"middle"', synapse, f"synapse{number}")
        decor.place('"middle"', A.threshold_detector(threshold * U.mV), "axon")
        return A.cable_cell(self.tree, decor, A.label_dict({"all": "(all)", "middle": "(location 0 0.5)"}), A.cv_policy_single())


def run(o):
    network = inputs.Network(o.folder / o.network)
    began = inputs.Stopwatch()
    recipe = Recipe(network, o.catalogue)
    context = A.context(threads=o.threads)
    hint = A.partition_hint()
    hint.cpu_group_size = max(64, network.cells // 16)  # cells that share their vectors: as many as was best
    simulation = A.simulation(recipe, context, A.partition_load_balance(recipe, context, {A.cell_kind.cable: hint}))
    simulation.record(A.spike_recording.all)
    built = inputs.Stopwatch()
    simulation.run((o.tstop or network.tstop) * U.ms, network.dt * U.ms)
    ran = inputs.Stopwatch()
    spikes = simulation.spikes()
    inputs.report(o.output, ((t, source["gid"]) for source, t in zip(spikes["source"], spikes["time"])), (built - began)[0], *(ran - built))


parser = argparse.ArgumentParser()
commands = parser.add_subparsers(required=True)
p = commands.add_parser("prepare")
p.add_argument("folder", type=pathlib.Path)
p.set_defaults(do=prepare)
p = commands.add_parser("run")
p.add_argument("folder", type=pathlib.Path)
p.add_argument("network")
p.add_argument("--catalogue", type=pathlib.Path, required=True)
p.add_argument("--threads", type=int, default=1)
p.add_argument("--tstop", type=float)
p.add_argument("--output")
p.set_defaults(do=run)
options = parser.parse_args()
options.do(options)
