"""run.py PROGRAM NAME,NAME,... [OPTIONS...]: the benchmark has cases of these names, and none finds a wrong answer (which is no failure to
Google Benchmark)."""

import json
import pathlib
import subprocess
import sys
import tempfile

program, names = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2].split(",")
with tempfile.TemporaryDirectory() as folder:
    command = [program, f"--benchmark_filter={'|'.join(names)}", "--benchmark_format=json", *sys.argv[3:]]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
cases = json.loads(done.stdout)["benchmarks"]
print(f"{len(cases)} cases")
wrong = [f"{case['name']}: {case['error_message']}" for case in cases if case.get("error_occurred")]
wrong += [f"no case is called {name}" for name in names if not any(name in case["name"] for case in cases)]
if wrong:
    sys.exit("\n".join(wrong))
