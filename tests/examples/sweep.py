"""sweep.py PROGRAM: 13_sweep counts the same spikes in single precision as in double, at nearly the same V."""

import csv
import pathlib
import subprocess
import sys
import tempfile

program = pathlib.Path(sys.argv[1]).resolve()


def table(precision):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "--variants", "48", "--tstop", "60", "--precision", precision], cwd=folder, check=True, capture_output=True)
        return [{name: float(value or "nan") for name, value in row.items()} for row in csv.DictReader(open(pathlib.Path(folder, "13_sweep.csv")))]


double, single = table("double"), table("single")
for variant, (exact, found) in enumerate(zip(double, single, strict=True)):
    if found["spikes"] != exact["spikes"] or abs(found["mean"] - exact["mean"]) > 0.02:
        sys.exit(f"variant {variant}: {found} in single precision, {exact} in double")
if all(found["mean"] == exact["mean"] for exact, found in zip(double, single)):
    sys.exit("single precision gives the numbers of double precision")

with tempfile.TemporaryDirectory() as folder:
    refused = subprocess.run([program, "--output", "13_sweep.png"], cwd=folder, capture_output=True, text=True)
    if refused.returncode == 0 or "is the same file as --output 13_sweep.png" not in refused.stderr:
        sys.exit(f"a picture over the table: {refused.stderr}")
