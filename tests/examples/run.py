"""run.py PROGRAM [OPTIONS...] [--writes FILE...] [--sha256 DIGEST]: the program succeeds in an empty folder, explains itself with
--help, and writes the files named; the digest is that of the first one. A PNG may be missing where there is no gnuplot."""

import hashlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

program = pathlib.Path(sys.argv[1]).resolve()
words = sys.argv[2:]
digest = words[words.index("--sha256") + 1] if "--sha256" in words else None
words = words[: words.index("--sha256")] if digest else words
files = words[words.index("--writes") + 1 :] if "--writes" in words else []
options = words[: words.index("--writes")] if files else words

with tempfile.TemporaryDirectory() as folder:
    done = subprocess.run([program, *options], cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    print(done.stdout)
    for name in files:
        path = pathlib.Path(folder, name)
        if path.suffix == ".png" and not shutil.which("gnuplot"):
            path = path.with_suffix(".gp")
        if not path.is_file() or path.stat().st_size == 0:
            sys.exit(f"{path.name} has not been written")
    if digest:
        got = hashlib.sha256(pathlib.Path(folder, files[0]).read_bytes()).hexdigest()
        if got != digest:
            sys.exit(f"{files[0]} has the digest {got}, must have {digest}")
if not program.name.startswith("00_"):
    help_text = subprocess.run([program, "--help"], stdout=subprocess.PIPE, text=True, check=True).stdout
    if "Usage:" not in help_text:
        sys.exit(f"--help says nothing of use: {help_text}")
