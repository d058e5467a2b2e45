"""effect.py PROGRAM: in the second network the left half's rate rises above the right half's from 100 to 150 ms, for at least 9 of
10 seeds."""

import pathlib
import re
import subprocess
import sys
import tempfile

program = pathlib.Path(sys.argv[1]).resolve()
differences = []
with tempfile.TemporaryDirectory() as folder:
    for seed in range(1, 11):
        done = subprocess.run([program, "--seed", str(seed), "--stimulus-seed", str(seed), "--tstop", "150"], cwd=folder,
                              stdout=subprocess.PIPE, text=True, check=True)
        differences.append(float(re.search(r"right half's at .*: ([+-][\d.]+)", done.stdout).group(1)))
print("left minus right, spikes/s:", differences)
if sum(difference > 0 for difference in differences) < 9:
    sys.exit("the left half is not faster for 9 of 10 seeds")
