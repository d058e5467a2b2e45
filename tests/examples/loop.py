"""loop.py PROGRAM: in 10_closed_loop a load turns the arm, less with the reflex than without, and its end lets it go back."""

import pathlib
import subprocess
import sys
import tempfile

program = pathlib.Path(sys.argv[1]).resolve()
with tempfile.TemporaryDirectory() as folder:
    lines = subprocess.run([program], cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    if not pathlib.Path(folder, "10_closed_loop.png").stat().st_size:
        sys.exit("an empty picture")
angles = {int(ms): (float(without), float(with_it)) for ms, without, with_it in map(str.split, lines[1:-1])}
if sorted(angles) != list(range(100, 1600, 100)):
    sys.exit(f"angles at {sorted(angles)} ms")
without, with_it = angles[1000]
# without a reflex 1.5 N m against a stiffness of 2 N m and an asymmetry of the pools: 43 degrees and a few
if not 35 < without < 55 or not 5 < with_it < without / 2:
    sys.exit(f"under the load the arm is at {without} degrees without the reflex, at {with_it} with it")
for ms in (100, 1500):
    if max(map(abs, angles[ms])) > 10:
        sys.exit(f"without a load the arm is at {angles[ms]} degrees")
