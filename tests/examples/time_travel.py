"""time_travel.py PROGRAM: in 11_time_travel the two futures are the same until the event and part soon after it, cell by
cell; what is restored is the first of them again. An event without weight changes nothing."""

import pathlib
import re
import subprocess
import sys
import tempfile

program = pathlib.Path(sys.argv[1]).resolve()


def run(*options):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--tstop", "130", *options]
        text = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout
        if not pathlib.Path(folder, "11_time_travel.png").stat().st_size:
            sys.exit("an empty picture")
    without, with_it, restored = re.search(r"(\w{16}) without.* (\w{16}) with.* (\w{16}) restored", text).groups()
    if restored != without:
        sys.exit(f"restored, the digest is {restored}, not {without}")
    rows = [line.split() for line in text.splitlines() if re.fullmatch(r" *\d+( +\d+){2} +\S+", line)]
    return text, with_it == without, {int(ms): (int(differing), float(mV)) for ms, _, differing, mV in rows}


text, same, rows = run("--weight", "0")
if not same or "all spikes are the same" not in text or any(row != (0, 0) for row in rows.values()):
    sys.exit(f"an event without weight changes something:\n{text}")
text, same, rows = run()
cell, t = re.search(r"differs: cell (\d+) at (\S+) ms", text).groups()
if same or cell != "0" or not 100 < float(t) < 130 or rows[101][0] != 0 or rows[101][1] == 0 or rows[130][1] < 1:
    sys.exit(f"the two do not part as they should:\n{text}")
