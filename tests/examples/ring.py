"""ring.py PROGRAM: in 08_ring every cell passes the spike on to the next one, around and around."""

import pathlib
import subprocess
import sys
import tempfile

program = pathlib.Path(sys.argv[1]).resolve()
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([program, "--cells", "24", "--rings", "2", "--branches", "7", "--compartments", "3", "--tstop", "150"], cwd=folder, check=True)
    rows = [line.split(",") for line in pathlib.Path(folder, "spikes_ring.dat").read_text().splitlines()]
for ring in range(2):
    gids = [int(gid) for _, gid in rows if int(gid) // 12 == ring]
    times = [float(time) for time, gid in rows if int(gid) // 12 == ring]
    if len(gids) <= 12 or gids != [12 * ring + k % 12 for k in range(len(gids))]:
        sys.exit(f"ring {ring}: spikes of {gids}")
    if min(b - a for a, b in zip(times, times[1:])) < 5:
        sys.exit(f"ring {ring}: a spike arrives before its delay is over: {times}")
for wrong, said in {
    "--cells 10 --rings 3": "--rings 3: must divide the number of cells, 10",
    "--cells 0": "--cells 0: there must be at least one",
    "--branches -1": "--branches: Value -1 not in range 0 to 1000000",
    "--compartments 0": "--compartments: Value 0 not in range 1 to 32767",
    "--branches 300000000": "--branches: Value 300000000 not in range 0 to 1000000",
    "--branches 1000000 --compartments 30000": "30000000001 compartments a cell, must be no more than 1000000",
}.items():
    done = subprocess.run([program, *wrong.split()], stderr=subprocess.PIPE, text=True)
    if done.returncode == 0 or said not in done.stderr:
        sys.exit(f"{wrong}: {done.stderr}")
