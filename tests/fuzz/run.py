# SPDX-License-Identifier: MIT
"""run.py TARGET SEEDS [OPTIONS...]: runs a libFuzzer target on its seeds and what it makes of them. An input that breaks it is written
to the working directory, and its path is in what is printed; mended, it belongs in SEEDS."""

import os
import subprocess
import sys
import tempfile

target, seeds, options = sys.argv[1], sys.argv[2], sys.argv[3:]
assert os.listdir(seeds), f"no seeds in {seeds}"
memory = "/dev/shm" if os.path.isdir("/dev/shm") else None  # no disk to wait for
with tempfile.TemporaryDirectory(dir=memory) as folder:
    corpus = os.path.join(folder, "corpus")
    os.mkdir(corpus)
    done = subprocess.run([target, *options, corpus, seeds], env=os.environ | {"TMPDIR": folder})
    sys.exit(done.returncode != 0)  # libFuzzer's own 77 would say "skipped"
