"""swc.py PROGRAM FILE.swc: 09_swc says what is wrong with its options."""

import pathlib
import subprocess
import sys
import tempfile

program, file = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
with tempfile.TemporaryDirectory() as folder:
    for wrong, said in {
        "--d-lambda nan": "nan of the length constant: must be finite and positive",
        "--d-lambda 0": "0 of the length constant: must be finite and positive",
        "--d-lambda -0.1": "-0.1 of the length constant: must be finite and positive",
        "--d-lambda 1e-12": "no more than 32767 are allowed: here that is a part of ",
        "--d-lambda 1e-9": "no more than 32767 are allowed: here that is a part of ",
        "--shape-at 50": "--shape-at 50: must be between 0 and --tstop 40",
    }.items():
        done = subprocess.run([program, file, *wrong.split()], cwd=folder, stderr=subprocess.PIPE, text=True)
        if done.returncode != 1 or said not in done.stderr:
            sys.exit(f"{wrong}: {done.stderr}")
