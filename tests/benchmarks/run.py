"""run.py PROGRAM [OPTIONS...]: the benchmark runs, and none of its cases finds a wrong answer (which is no failure to Google Benchmark)."""

import json
import pathlib
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    done = subprocess.run([pathlib.Path(sys.argv[1]).resolve(), *sys.argv[2:], "--benchmark_format=json"], cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
cases = json.loads(done.stdout)["benchmarks"]
wrong = [f"{case['name']}: {case['error_message']}" for case in cases if case.get("error_occurred")]
print(f"{len(cases)} cases")
if wrong or not cases:
    sys.exit("\n".join(wrong) or "no case")
