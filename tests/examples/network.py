"""network.py PROGRAM DATA: the network program gives NEURON's spikes of the small network, its last line is the JSON object that it
promises, and what is wrong with its input is said with the place, and nothing is written."""

import json
import pathlib
import subprocess
import sys
import tempfile

program, data = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
keys = ["cells", "connections", "spikes", "build_s", "run_s", "ns_per_cell_step", "real_time_factor", "ranks", "threads", "peak_memory_bytes"]


def run(folder, **options):
    given = {"model": "connor-stevens", "cells": 100, "connections": data / "small.connections.csv", "stimuli": data / "small.stimuli.csv",
             "tstop": 250, "output": "out.dat"}
    given.update(options)
    return subprocess.run([program] + [word for key, value in given.items() if value is not None for word in ("--" + key, str(value))],
                          cwd=folder, capture_output=True, text=True)


def spikes(path):
    return [(round(float(t), 6), int(g)) for t, g in (line.split(",") for line in path.open())]


with tempfile.TemporaryDirectory() as folder:
    out = pathlib.Path(folder, "out.dat")
    for rates in ("exact", "table"):
        done = run(folder, rates=rates)
        assert done.returncode == 0, done.stderr
        assert spikes(out) == spikes(data / f"small.spikes.{rates}.csv"), f"not NEURON's spikes ({rates})"
        report = json.loads(done.stdout.splitlines()[-1])
        assert list(report) == keys and report["cells"] == 100 and report["spikes"] == len(spikes(out)), report
        assert min(report.values()) > 0, report
    assert run(folder, precision="single").returncode == 0 and len(spikes(out)) > 200
    for model in ("wang-buzsaki", "hodgkin-huxley"):
        assert run(folder, model=model).returncode == 0
    out.unlink()

    # stopped and gone on from a file: one run
    state, legs = pathlib.Path(folder, "state"), []
    for options in ({"tstop": 8, "save-at": 8, "save": state}, {"tstop": 20, "restore": state, "save-at": 16.5, "save": folder + "/later", "threads": 2},
                    {"restore": folder + "/later", "threads": 3}):
        done = run(folder, **options)
        assert done.returncode == 0, done.stderr
        legs.append(spikes(out))
    whole = spikes(data / "small.spikes.exact.csv")
    assert legs[0] == [s for s in whole if s[0] < 8] and legs[1] == [s for s in whole if 8 <= s[0] < 20], "not the same run"
    assert legs[2] == [s for s in whole if s[0] >= 16.5] and len(legs[2]) > 50, "not the same run from 16.5 ms on"
    # one step after the other: 0.325 is less than 0.3 + 0.025 in floating point
    for options in ({"save-at": 0.3, "save": state.with_name("early")}, {"save-at": 0.325, "save": state.with_name("next"), "restore": "early"}):
        done = run(folder, tstop=1, **options)
        assert done.returncode == 0, done.stderr
    out.unlink()

    connections, stimuli = pathlib.Path(folder, "c.csv"), pathlib.Path(folder, "s.csv")
    head = "pre,post,synapse,weight,delay,threshold\n"
    good = "1,2,0,0.01,0.1,-10\n"

    def refused(complaints, **options):
        done = run(folder, **options)
        assert done.returncode != 0, (options, "was accepted")
        for complaint in complaints:
            assert complaint in done.stderr, (complaint, done.stderr)
        assert not out.exists(), (options, "wrote something")

    cut = pathlib.Path(folder, "cut")
    cut.write_bytes(state.read_bytes()[:-8])
    refused(["cut: snapshot: ", "cut off"], restore=cut)
    refused(["cannot read", "none.state"], restore="none.state")
    refused(["snapshot of another network: cells: 100 there, 120 here"], restore=state, cells=120)
    refused(["run_until(5)", "this time has passed, t = 8 ms"], restore=state, tstop=5)
    refused(["--save-at 6: must be a step or more after the 8 ms"], restore=state, **{"save": cut, "save-at": 6})
    refused(["--save-at 300: must be above 0 and up to 250 ms"], **{"save": cut, "save-at": 300})
    refused(["--save requires --save-at"], save=cut)
    refused(["--save", "same file"], restore=state, **{"save": state, "save-at": 100})
    for line, complaints in (
        ("1,100,0,0.01,0.1,-10", ["c.csv:3", "cell 100", "100 cells"]),
        ("1,2,2,0.01,0.1,-10", ["c.csv:3", "synapse 2", "2 synapses"]),
        ("1,2,-1,0.01,0.1,-10", ["c.csv:3", "synapse -1"]),
        ("1,2,0,0.01,0.01,-10", ["c.csv:3", "delay 0.01 ms", "0.025 ms"]),
        ("1,2,0,nan,0.1,-10", ["c.csv:3", "nan"]),
        ("1,2,0,0.01,0.1,inf", ["c.csv:3", "inf"]),
        ("1,2,0,0.01,0.1", ["c.csv:3"]),
        ("1,2,0,0.01,0.1,-10,7", ["c.csv:3"]),
        ("1.5,2,0,0.01,0.1,-10", ["c.csv:3", "1.5"]),
        ("-1,2,0,0.01,0.1,-10", ["c.csv:3", "-1"]),
        ("x,2,0,0.01,0.1,-10", ["c.csv:3", "x"]),
    ):
        connections.write_text(head + good + line + "\n")
        refused(complaints, connections=connections)
    connections.write_text("pre,post\n")
    refused(["c.csv:1"], connections=connections)
    connections.write_text("")
    refused(["c.csv"], connections=connections)
    refused(["missing.csv"], connections="missing.csv")
    for line, complaints in (("100,1,0,0.01", ["s.csv:2", "cell 100"]), ("1,-1,0,0.01", ["s.csv:2", "-1"]), ("1,1,5,0.01", ["s.csv:2", "synapse 5"])):
        stimuli.write_text("gid,time,synapse,weight\n" + line + "\n")
        refused(complaints, stimuli=stimuli)
    refused(["dt 0 ms", "positive"], dt=0)
    refused(["dt -1 ms"], dt=-1)
    refused(["nan"], dt="nan")
    refused(["--tstop 0", "positive"], tstop=0)
    refused(["--tstop -5", "positive"], tstop=-5)
    refused(["--tstop 0.01", "one step of 0.025 ms"], tstop=0.01)
    refused(["time 250 ms"], dt=1e-300)
    for option, values in {"cells": (-1, 1.5, 4294967296, "x"), "threads": (0, -1, 1025), "digest-every": (0, -1, 1e10), "repeats": ("", "all")}.items():
        for value in values:
            refused(["--" + option], **{option: value})
    refused(["empty"], cells=0, connections=None, stimuli=None)
    refused(["threshold"], threshold="nan")
    done = run(folder, output="no/such/folder/out.dat")
    assert done.returncode != 0 and "no/such/folder/out.dat" in done.stderr, done.stderr
    if pathlib.Path("/dev/full").exists():
        done = run(folder, output="/dev/full")
        assert done.returncode != 0 and "/dev/full" in done.stderr, done.stderr
