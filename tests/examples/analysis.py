"""analysis.py PROGRAM SPIKES: 05_analysis of a spike file agrees with numpy where numpy is there, divides by the time that was
simulated, and refuses bad spike files."""

import csv
import pathlib
import subprocess
import sys
import tempfile

program, spikes = (pathlib.Path(name).resolve() for name in sys.argv[1:3])


def run(file, folder, cells=100, *more):
    return subprocess.run([program, "--spikes", file, "--cells", str(cells), "--tstop", "250", "--output", "out", *more], cwd=folder,
                          capture_output=True, text=True)


def table(folder, name):
    return list(csv.reader(pathlib.Path(folder, "out", name).open()))


with tempfile.TemporaryDirectory() as folder:
    done = run(spikes, folder)
    if done.returncode != 0:
        sys.exit(done.stderr)
    times, gids = zip(*((float(t), int(g)) for t, g in csv.reader(spikes.open())))
    rows = table(folder, "histogram.csv")
    assert rows[0] == ["t", "count"] and len(rows) == 251
    counts = [int(count) for _, count in rows[1:]]
    by_hand = [0] * 250
    for t in times:
        by_hand[min(int(t + 1e-9), 249)] += 1
    assert counts == by_hand, "counts differ from a plain histogram"
    try:
        import numpy
    except ImportError:
        print("no numpy: trains.npy is not read")
    else:
        trains = numpy.load(pathlib.Path(folder, "out", "trains.npy"))
        assert trains.shape == (250, 100) and (trains.sum(axis=1) == counts).all()
        assert (trains.sum(axis=0) == numpy.bincount(gids, minlength=100)).all()

    # A regular train in bins that do not divide --tstop, of a run that went on.
    regular = pathlib.Path(folder, "regular.dat")
    regular.write_text("".join(f"{k + 0.5}, 0\n" for k in range(300)))
    done = run(regular, folder, 1, "--bin", "100")
    assert done.returncode == 0 and "50 spikes after --tstop 250 ms are left out" in done.stderr, done.stderr
    assert [row[1] for row in table(folder, "histogram.csv")[1:]] == ["100", "100", "50"]
    assert [row[1] for row in table(folder, "rates.csv")[1:]] == ["1000", "1000", "1000"]
    assert "per 100 ms: 0.0000" in done.stdout, done.stdout

    for text, complaint in (("1.0, 3\n2.0; 4\n", ":2"), ("2.0, 3\n1.0, 4\n", ":2"), ("1.0, 3\n1.5, 100\n", ":2"), ("-1.0, 3\n", ":1")):
        bad = pathlib.Path(folder, "bad.dat")
        bad.write_text(text)
        refused = run(bad, folder)
        assert refused.returncode != 0 and f"bad.dat{complaint}" in refused.stderr, (text, refused.stderr)

    for label in ("left", "all", "t"):
        refused = run(spikes, folder, 100, "--group", "left=0..4", "--group", f"{label}=5..9")
        assert refused.returncode != 0 and f"--group {label}: there is another column of this name" in refused.stderr, refused.stderr
    refused = run(spikes, folder, 100, "--group", "le\nft=0..4")
    assert refused.returncode != 0 and "must be like left=0..399,800..899" in refused.stderr, refused.stderr
