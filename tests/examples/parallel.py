# SPDX-License-Identifier: MIT
"""The example programs on threads and MPI ranks: the same files byte for byte, errors that end the whole job, signals.

    parallel.py DATA NETWORK [MPIRUN NETWORK_MPI PARALLEL DIGEST]

DIGEST is the SHA-256 of the spikes that PARALLEL must write.
"""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

data, network = Path(sys.argv[1]).resolve(), [str(Path(sys.argv[2]).resolve())]
mpi = [str(Path(word).resolve()) if Path(word).exists() else word for word in sys.argv[3:]]
os.chdir(tempfile.mkdtemp())


def command(program, *more, output="spikes.dat", cells=100, tstop=250, connections=data / "small.connections.csv"):
    return [*program, "--model", "connor-stevens", "--cells", str(cells), "--tstop", str(tstop), "--threshold", "-10", "--connections",
            str(connections), "--stimuli", str(data / "small.stimuli.csv"), "--output", output, *map(str, more)]


def run(words):
    return subprocess.run(words, capture_output=True, text=True, timeout=120)


def content(words, output="spikes.dat"):
    Path(output).unlink(missing_ok=True)
    done = run(words)
    assert done.returncode == 0, (words, done.stderr)
    return Path(output).read_bytes()


def fails(words, *sentences):
    """The program ends soon, and not as if all were well, says why, and leaves no file that it has begun."""
    before = set(os.listdir())
    begin = time.monotonic()
    done = run(words)
    took = time.monotonic() - begin
    assert done.returncode != 0, words
    for sentence in sentences:
        assert sentence in done.stderr, (words, done.stderr)
    assert took < 30, took
    assert set(os.listdir()) <= before, (words, set(os.listdir()) - before)


def stops(words, signal_number, exit_code):
    """A signal during a long run: the spikes so far are written, and it is said."""
    Path("spikes.dat").unlink(missing_ok=True)
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(3)
    process.send_signal(signal_number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == exit_code or exit_code is None and process.returncode != 0, (process.returncode, said)
    assert "stopped at t = " in said and "the spikes so far are in spikes.dat" in said, said
    spikes = Path("spikes.dat").read_bytes()
    assert spikes.startswith(whole), len(spikes)


whole = content(command(network))
assert whole.count(b"\n") == 282
for threads in 2, 3, 4:
    assert content(command(network, "--threads", threads)) == whole, threads

# Digests: the same whatever the split, and they differ from where the runs differ.
digests = [content(command(network, "--threads", n, "--digests", "digests.csv"), "digests.csv") for n in (1, 3)]
assert digests[0] == digests[1] and digests[0].count(b"\n") == 251
more = Path("more.csv")
more.write_text((data / "small.stimuli.csv").read_text() + "0,20,0,0.01\n")
with_more = [str(more) if w.endswith("small.stimuli.csv") else w for w in command(network, "--digests", "other.csv")]
same = [a == b for a, b in zip(digests[0].splitlines(), content(with_more, "other.csv").splitlines())]
assert same == [True] * 21 + [False] * 230, same  # the header, and 1 to 20 ms

fails(command(network, "--threads", "0"), "--threads")
for number, code in (signal.SIGINT, 130), (signal.SIGTERM, 143):
    stops(command(network, "--threads", 2, tstop=10_000_000), number, code)

if mpi:
    mpirun, network_mpi, parallel, digest = mpi

    def on(ranks, program=network_mpi):
        return [mpirun, "-n", str(ranks), program]

    assert content(command([network_mpi])) == whole
    for ranks, threads in (1, 1), (2, 1), (3, 2), (4, 1), (7, 1), (2, 4):
        assert content(command(on(ranks), "--threads", threads, "--balance")) == whole, (ranks, threads)
    assert content(command(on(3), "--digests", "digests.csv"), "digests.csv") == digests[0]
    assert run([*on(3), "--help"]).stdout.count("Usage") == 1

    for words in [parallel], on(2, parallel), [*on(4, parallel), "--threads", "2"]:
        assert hashlib.sha256(content(words, "spikes_1.dat")).hexdigest() == digest, words
    assert run(on(4, parallel)).stdout.count("cells   ") == 1  # from rank 0 only

    # Three legs through files, each on other ranks and threads: the spikes and the last state of one run.
    legs = b"".join([
        content(command(network, "--threads", 2, "--save-at", 8, "--save", "first", tstop=8)),
        content(command(on(3), "--restore", "first", "--save-at", 20, "--save", "second", tstop=20)),
        content(command(network, "--restore", "second", "--save-at", 250, "--save", "third")),
    ])
    assert legs == whole
    assert content(command(network, "--save-at", 250, "--save", "whole"), "whole") == Path("third").read_bytes()

    # Faults on one rank alone.
    bad = Path("bad.csv")
    bad.write_text((data / "small.connections.csv").read_text() + "0,nonsense,0,0,1,-10\n")
    for rank in 0, 2:
        script = f'[ "$OMPI_COMM_WORLD_RANK" = {rank} ] && file={bad} || file={data}/small.connections.csv; exec "$@" --connections "$file"'
        words = [w for w in command([network_mpi]) if w not in ("--connections", str(data / "small.connections.csv"))]
        fails([mpirun, "-n", "3", "sh", "-c", script, "sh", *words], f"rank {rank}", "bad.csv", "nonsense")
    blast = Path("blast.csv")
    blast.write_text("gid,time,synapse,weight\n1,20,0,1e308\n1,20,0,1e308\n")
    words = [str(blast) if w.endswith("small.stimuli.csv") else w for w in command(on(3))]
    fails(words, "rank 1: cell 1: v has become infinite or NaN between t = ")
    fails(command(on(3), output="nowhere/spikes.dat"), "rank 0", "nowhere/spikes.dat")
    fails(command(on(3), output="bad.csv", connections="bad.csv"), "--output bad.csv: is the same file as --connections bad.csv")
    stops(command(on(2), tstop=10_000_000), signal.SIGTERM, None)
