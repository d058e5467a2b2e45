"""microcircuit.py PROGRAM: 16_microcircuit at scale 0.02 has the synapses that its rule says, NEST's rates, also with
weights of one byte, and the same spikes on one thread and on two. NEST 3.10: benchmarks/peers/microcircuit.py --scale 0.02 --presim 200 --tstop 1000 --seeds 3."""

import json
import pathlib
import subprocess
import sys
import tempfile

program = pathlib.Path(sys.argv[1]).resolve()
nest = [0.013, 0.168, 1.218, 1.124, 1.560, 3.587, 0.124, 4.045]  # spikes/s of each population
last, spikes = [], []
with tempfile.TemporaryDirectory() as folder:
    for threads, weight_bytes in ("1", "0"), ("2", "0"), ("2", "1"):
        options = ["--scale", "0.02", "--presim", "200", "--tstop", "500", "--threads", threads, "--weight-bytes", weight_bytes]
        text = subprocess.run([program, *options], cwd=folder, stdout=subprocess.PIPE, text=True, check=True).stdout
        last.append(json.loads(text.splitlines()[-1]))
        spikes.append(pathlib.Path(folder, "spikes_microcircuit.dat").read_bytes())
if spikes[0] != spikes[1]:
    sys.exit("other spikes on two threads than on one")
if spikes[2] == spikes[0]:
    sys.exit("the same spikes with weights of one byte")
one = last[0]
if one["cells"] != 1544 or abs(one["connections"] - 298880970 * 0.02**2) > 32:
    sys.exit(f"{one['cells']} cells, {one['connections']} connections")
for k, (rate, expected) in enumerate(zip(one["rates"] + last[2]["rates"], nest + nest)):
    if abs(rate - expected) > 0.25 * expected + 0.1:
        sys.exit(f"population {k}: {rate} spikes/s, NEST has {expected}")
for key in "spikes", "build_s", "run_s", "real_time_factor", "peak_memory_bytes":
    if not one[key] > 0:
        sys.exit(f"{key}: {one[key]}")
for option, value in ("--input", "ac"), ("--scale", "nan"), ("--indegree-scale", "nan"):
    done = subprocess.run([program, option, value], stderr=subprocess.PIPE, text=True)
    if done.returncode == 0 or option not in done.stderr or value not in done.stderr:
        sys.exit(f"{option} {value}: {done.stderr}")
