# SPDX-License-Identifier: MIT
"""program.py PROGRAM: hillock-nmodl never writes a header over a file that it has read."""

import pathlib
import subprocess
import sys
import tempfile

program = pathlib.Path(sys.argv[1]).resolve()
content = "NEURON { SUFFIX leak NONSPECIFIC_CURRENT i }\nASSIGNED { v i }\nBREAKPOINT { i = 1e-3*(v + 65) }\n"

with tempfile.TemporaryDirectory() as folder:
    file = pathlib.Path(folder, "leak.hpp")
    file.write_text(content)
    done = subprocess.run([program, file.name, "--output", "."], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 1 and "is the same file as the .mod file leak.hpp" in done.stderr, done.stderr
    assert file.read_text() == content
    done = subprocess.run([program, file.name, "--output", "headers"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0 and pathlib.Path(folder, "headers", "leak.hpp").exists(), done.stderr
