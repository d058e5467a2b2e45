"""The files of a network (see ../networks.hpp), and what every simulator's script prints of its run."""

import csv
import json
import pathlib
import time


class Network:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.__dict__.update(json.loads((folder / "network.json").read_text()))  # name, model, cells, connections, tstop, dt
        self.start = [(float(r["v"]), float(r["threshold"])) for r in rows(folder / "cells.csv")]  # mV, mV
        self.connections = [(int(r["pre"]), int(r["post"]), int(r["synapse"]), float(r["weight"]), float(r["delay"]))
                            for r in rows(folder / "connections.csv")]  # uS, ms
        self.stimuli = [(int(r["gid"]), float(r["time"]), int(r["synapse"]), float(r["weight"]))
                        for r in rows(folder / "stimuli.csv")]  # ms, uS


def rows(path):
    with path.open() as file:
        yield from csv.DictReader(file)


def by_kind(connections):
    """Connections in groups of one synapse, weight and delay: {(synapse, weight, delay): [(pre, post), ...]}."""
    groups = {}
    for pre, post, synapse, weight, delay in connections:
        groups.setdefault((synapse, weight, delay), []).append((pre, post))
    return groups


class Stopwatch:
    """Seconds of the clock, and of the processor for all of this process."""

    def __init__(self):
        self.clock, self.processor = time.perf_counter(), time.process_time()

    def __sub__(self, earlier):
        return self.clock - earlier.clock, self.processor - earlier.processor


def report(output, spikes, build_seconds, run_seconds, cpu_seconds):
    """Writes the spikes, (ms, gid), in order, and prints what the run took as the last line."""
    spikes = sorted((round(float(t), 6), int(gid)) for t, gid in spikes)
    if output:
        pathlib.Path(output).write_text("".join(f"{t:.12f}, {gid}\n" for t, gid in spikes))
    print(json.dumps({"spikes": len(spikes), "build_s": round(build_seconds, 6), "run_s": round(run_seconds, 6), "cpu_s": round(cpu_seconds, 6)}))
