# SPDX-License-Identifier: MIT
"""files.py PROGRAM DATA: what the network program does with its files when something goes wrong: nothing is left behind, no input is
overwritten, no failed write goes unnoticed, and the spikes of a run that a signal has ended are written."""

import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

program, data = str(Path(sys.argv[1]).resolve()), Path(sys.argv[2]).resolve()
home = Path(tempfile.mkdtemp())
os.chdir(home)


def command(output="out.dat", tstop=250, connections=data / "small.connections.csv", stimuli=data / "small.stimuli.csv", **more):
    given = {"model": "connor-stevens", "cells": 100, "tstop": tstop, "connections": connections, "stimuli": stimuli, "output": output, **more}
    return [program] + [word for key, value in given.items() if value is not None for word in ("--" + key.replace("_", "-"), str(value))]


def run(words, **how):
    return subprocess.run(words, **{"capture_output": True, "text": True, "timeout": 120, **how})


def leaves(*names):
    """The folder holds these files and no others; they are taken away."""
    there = sorted(os.listdir())
    assert there == sorted(names), (there, names)
    for name in names:
        os.unlink(name)


def refused(words, *sentences, **how):
    done = run(words, **how)
    assert done.returncode == 1, (words, done.returncode, done.stderr)
    for sentence in sentences:
        assert sentence in done.stderr, (sentence, done.stderr)


assert run(command()).returncode == 0
whole = Path("out.dat").read_bytes()
leaves("out.dat")

# Repeated rows: two NetCons in NEURON (8.2.2: 7.325 ms), one in the tutorial's dictionary.
head = "pre,post,synapse,weight,delay,threshold\n"
Path("two.csv").write_text(head + 2 * "0,1,0,0.004,1,-10\n")
Path("s.csv").write_text("gid,time,synapse,weight\n0,5,0,0.02\n")
two = {"model": "hodgkin-huxley", "cells": 2, "connections": "two.csv", "stimuli": "s.csv", "tstop": 30}
for repeats, time_of_1, connections in (None, 7.325, 2), ("keep", 7.325, 2), ("replace", 7.625, 1):
    done = run(command(**two, repeats=repeats))
    assert f'"connections": {connections},' in done.stdout, done
    assert Path("out.dat").read_text() == f"5.525000000000, 0\n{time_of_1:.12f}, 1\n", repeats
    os.unlink("out.dat")
refused(command(**two, repeats="refuse"), "two.csv: connection 0 -> 1, synapse 0: given twice")
assert run(command(**two, repeats="sometimes")).returncode != 0
assert "keep" in run([program, "--help"]).stdout
leaves("two.csv", "s.csv")

# Times that make no run, with digests and without.
for tstop in -5, 0, 0.01, "nan", "inf", 1e300:
    for digests in None, "d.csv":
        refused(command(tstop=tstop, digests=digests))
leaves()

# No input and no other output is overwritten, by whatever name.
for name in "connections", "stimuli":
    Path(name + ".csv").write_bytes((data / f"small.{name}.csv").read_bytes())
os.mkdir("inner")
os.symlink("connections.csv", "link")
os.link("stimuli.csv", "also")
inputs = {"connections": "connections.csv", "stimuli": "stimuli.csv"}
for same in "connections.csv", "./connections.csv", "inner/../stimuli.csv", "link", "also":
    refused(command(**inputs | {"output": same}), f"--output {same}: is the same file as --")
    refused(command(**inputs, digests=same), f"--digests {same}: is the same file as --")
os.symlink("out.dat", "to_out")
for same in "out.dat", "inner/../out.dat", "to_out":
    refused(command(**inputs, digests=same), f"--digests {same}: is the same file as --output out.dat")
os.rmdir("inner")
os.unlink("to_out")
for words in command(**inputs), command(**inputs | {"output": "new.dat"}, digests="out.dat"):
    with open("out.dat", "w") as out:
        refused(words, "is the file that stdout goes to", stdout=out, stderr=subprocess.PIPE, capture_output=False)
with open("connections.csv", "a") as out:
    refused(command(**inputs), "--connections connections.csv: is the file that stdout", stdout=out, stderr=subprocess.PIPE, capture_output=False)
assert Path("connections.csv").read_bytes() == (data / "small.connections.csv").read_bytes()
assert run(command(**inputs | {"output": "/dev/null"}, digests="/dev/null")).returncode == 0
leaves("connections.csv", "stimuli.csv", "link", "also", "out.dat")
with open("all", "w") as out:
    done = run(command(output="/dev/stdout"), stdout=out, stderr=subprocess.PIPE, capture_output=False)
assert done.returncode == 0 and Path("all").read_bytes().startswith(whole + b'{"cells"'), done
leaves("all")

# Names and links, and what other runs have left.
for stale in range(1001):
    Path(f"out.dat.part{stale}").touch()
assert run(command()).returncode == 0 and Path("out.dat").read_bytes() == whole
leaves("out.dat", *(f"out.dat.part{k}" for k in range(1001)))
assert run(command(output="n" * 255)).returncode == 0
leaves("n" * 255)
os.symlink("target", "link")
assert run(command(output="link")).returncode == 0 and os.path.islink("link") and Path("target").read_bytes() == whole
leaves("link", "target")
refused(command(output="n" * 256), "File name too long")
refused(command(digests="no/such/d.csv"), "no/such/d.csv")
refused(command(connections="/dev/zero"), "/dev/zero:1: a line longer than")
refused(command(connections=""), "cannot read ''")
leaves()

# Streams that are closed or full.
with open("/dev/full", "w") as full:
    for words in command(), command(digests="d.csv", balance=""), [program, "--help"]:
        words = [word for word in words if word]
        done = run(words, stdout=full, stderr=subprocess.PIPE, capture_output=False)
        assert done.returncode == 1 and "cannot write to stdout: No space left" in done.stderr, (words, done)
    for words in command(tstop=-1), command(output="/dev/full"), command(output=""):
        done = run(words, stdout=subprocess.PIPE, stderr=full, capture_output=False)
        assert done.returncode == 1, (words, done)
assert Path("out.dat").read_bytes() == whole
leaves("out.dat", "d.csv")
for streams, code in ("2>&-", 0), (">&-", 1), (">&- 2>&-", 1), ("<&- >&- 2>&-", 1), ("--tstop=-1 2>&-", 1):
    words = ["sh", "-c", '"$@" ' + streams, "sh", *command()]
    if streams.startswith("--"):
        words = ["sh", "-c", f'"$@" {streams}', "sh", *command(tstop=None)]
    done = run(words)
    assert done.returncode == code, (streams, done)
    if not streams.startswith("--"):
        assert Path("out.dat").read_bytes() == whole, streams
        os.unlink("out.dat")
leaves()

# A pipe that nobody reads: what is printed on stderr does not matter, what is printed on stdout does.
for words, stream, code in (command(), "stdout", 1), (command(), "stderr", 0), (command(tstop=-1), "stderr", 1):
    reader, writer = os.pipe()
    os.close(reader)
    done = run(words, **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "capture_output": False, stream: writer})
    os.close(writer)
    assert done.returncode == code, (words, stream, done)
leaves("out.dat")


def with_default_signals():
    """Undoes what a parent such as nohup ignores."""
    for number in signal.SIGHUP, signal.SIGINT, signal.SIGTERM:
        signal.signal(number, signal.SIG_DFL)


def start(words, **how):
    return subprocess.Popen(words, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True,
                                      "preexec_fn": with_default_signals, **how})


# A signal while the network is built (it waits for its connections) ends the program.
os.mkfifo("fifo")
for number in signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGKILL:
    process = start(command(connections="fifo", digests="d.csv"))
    with open("fifo", "w") as fifo:
        fifo.write(head)
        fifo.flush()
        time.sleep(0.2)
        process.send_signal(number)
        assert process.wait(10) == -number, number
leaves("fifo")

# During the run it stops, and the spikes so far are written.
for number in signal.SIGHUP, signal.SIGINT, signal.SIGTERM:
    process = start(command(tstop=10_000_000, digests="d.csv"))
    time.sleep(1)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + number and f"{number.name}: stopped at t = " in said, (process.returncode, said)
    assert Path("out.dat").read_bytes().startswith(whole) and Path("d.csv").read_text().startswith("time,spikes,state\n")
    leaves("out.dat", "d.csv")

# So it does when its terminal closes, on which it shows its progress.
child, terminal = pty.fork()
if child == 0:
    with_default_signals()
    os.execv(program, command(tstop=10_000_000))
time.sleep(1)
assert b" of 10000000.0 ms (" in os.read(terminal, 10000)
os.close(terminal)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
assert status in (1, 129), status  # 1: the summary could not be written
assert Path("out.dat").read_bytes().startswith(whole)
leaves("out.dat")

# Progress alone on a terminal that is gone, in a session of its own, which no signal tells of it.
mine, others = pty.openpty()
process = subprocess.Popen(command(tstop=40_000), stdout=subprocess.DEVNULL, stderr=others, start_new_session=True)
os.close(others)
time.sleep(0.5)
os.close(mine)
assert process.wait(120) == 0
assert Path("out.dat").read_bytes().startswith(whole)
leaves("out.dat")
os.rmdir(home)
