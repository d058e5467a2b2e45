"""morphology.py PROGRAM FOLDER: the voltages that 07_morphology writes are NEURON 8.2.2's within 1e-6 mV, column by column (the
references in FOLDER have every tenth row)."""

import csv
import pathlib
import subprocess
import sys
import tempfile

program, references = (pathlib.Path(word).resolve() for word in sys.argv[1:])
for cell, columns in ("ball_and_stick", 3), ("branched", 8):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "--cell", cell, "--output", "F.csv"], cwd=folder, check=True)
        found = list(csv.DictReader(pathlib.Path(folder, "F.csv").open()))
    expected = list(csv.DictReader((references / f"{cell}.csv").open()))
    if len(found) != 10 * (len(expected) - 1) + 1 or len(expected[0]) != columns + 1 or list(found[0]) != list(expected[0]):
        sys.exit(f"{cell}: {len(found)} rows of {list(found[0])}")
    worst = max((abs(float(a[name]) - float(b[name])), name, b["t"]) for a, b in zip(found[::10], expected) for name in b if name != "t")
    print(f"{cell}: largest difference {worst[0]:.2g} mV in {worst[1]} at {worst[2]} ms")
    if not worst[0] < 1e-6 or any(a["t"] != b["t"] for a, b in zip(found[::10], expected)):
        sys.exit(1)
