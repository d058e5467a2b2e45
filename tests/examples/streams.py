# SPDX-License-Identifier: MIT
"""streams.py PROGRAM [OPTIONS...]: the program tells a full stdout from one that takes its --help; and what it says of OPTIONS, which
it refuses, does not end it otherwise where nobody can read it. With no options only the first."""

import subprocess
import sys
import tempfile
from pathlib import Path

program, refused = str(Path(sys.argv[1]).resolve()), sys.argv[2:]


def status(words, redirection):
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(["sh", "-c", f'"$@" {redirection}', "sh", *words], cwd=folder, stdout=subprocess.DEVNULL, timeout=60).returncode


assert status([program, "--help"], "") == 0
for full in ">/dev/full", ">&-":
    assert status([program, "--help"], full) == 1, full
if refused:
    for gone in "", "2>/dev/full", "2>&-", ">&- 2>&-":
        assert status([program, *refused], gone) == 1, gone
