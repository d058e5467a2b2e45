# SPDX-License-Identifier: MIT
"""options.py PROGRAM [WORDS...]: no option of the program that is a number takes one that is none, or none that makes sense, or is given
twice; the message is short and names it, and nothing has been written. WORDS: what the program does not run without."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

program, words = str(Path(sys.argv[1]).resolve()), sys.argv[2:]
text = subprocess.run([program, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
options = re.findall(r"^ +(--[\w-]+) (FLOAT|INT|UINT)\b", text, re.MULTILINE)
assert options, text
counts = {option for option, kind in options if kind == "UINT"}
signed = {"--gexc", "--weight", "--reflex", "--load", "--amp", "--threshold"}  # FLOATs that may be negative
times = {"--tstop", "--presim"}
for option, _ in options:
    wrong = ["nan", "inf", "-inf", "nan(3)", "1e400", "abc", "1abc", ""]
    wrong += [] if option in signed else ["-1"]
    wrong += ["1e300"] if option in counts | times else []
    wrong += ["0", "1e-300"] if option in {"--tstop", "--threads"} else []
    others = words.copy()
    if option in others:
        del others[others.index(option) : others.index(option) + 2]
    for given in [[f"{option}={value}"] for value in wrong] + [[option, "1", option, "1"]]:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([program, *others, *given], cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                                  timeout=60)
            written = sorted(path.name for path in Path(folder).iterdir())
        said = done.stderr
        if done.returncode == 0 or option.lstrip("-").replace("-", "_") not in said.replace("-", "_") or len(said) > 500 or written:
            sys.exit(f"{given}: exit status {done.returncode}, wrote {written}, said: {said}")
