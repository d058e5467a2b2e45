"""swc.py PROGRAM FILE.swc: 09_swc reads files as its options say, prints what was done to them, and refuses bad options."""

import pathlib
import subprocess
import sys
import tempfile

program, file = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()

cell = "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 1 2\n"
loose = cell + "4 2 -50 0 0 0.3 -1\n5 2 -150 0 0 0.3 4\n6 2 -50 50 0 0.3 -1\n7 2 -150 50 0 0.3 6\n"
thin = "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 30 0 0 0 2\n4 3 50 0 0 0 3\n5 3 90 0 0 1 4\n"
tip = "1 1 0 0 0 6 -1\n2 3 7 0 0 1 1\n3 3 80 0 0 0.5 2\n4 3 90 0 0 0 3\n"
late_soma = cell + "4 1 0 9 0 6 1\n5 1 0 18 0 5 4\n6 4 0 30 0 1.5 5\n7 4 0 150 0 1 6\n"
# The text of a file, options, and what is printed; sections, lengths and areas are those of NEURON 8.2.2.
read = [
    ("\ufeff" + cell, "", ["2 sections, 4 segments, 85 um, 911.062 um2"]),
    (tip, "", ["2 sections, 4 segments, 95 um, 812.129 um2"]),
    (loose, "--other-roots attach", ["notice: cell.swc: 2 trees ", "lines 4, 6", "4 sections", " 285 um, 1288.05 um2"]),
    (loose, "--other-roots drop", ["notice: cell.swc: 2 trees ", "2 sections", " 85 um, 911.062 um2"]),
    (thin, "--min-radius 0.05", ["notice: cell.swc: 2 radii below 0.05 um", "lines 3, 4", "2 sections"]),
    (late_soma, "", ["notice: cell.swc: NEURON's Import3d makes other sections", "3 sections", " 230 um, 2210.46 um2"]),
    (late_soma, "--import3d", ["4 sections", " 235 um, 2618.87 um2"]),
]
refused = [
    (loose, "", "lines 4, 6"),
    (thin, "", "2 points of radius 0"),
    (cell, "--min-radius -1", "min_radius -1 um: must be between 0 and 500000000"),
]

with tempfile.TemporaryDirectory() as folder:

    def run(name, options):
        return subprocess.run([program, name, *options.split()], cwd=folder, capture_output=True, text=True)

    for text, options, printed in read:
        pathlib.Path(folder, "cell.swc").write_text(text, encoding="utf-8")
        done = run("cell.swc", options)
        if done.returncode != 0 or not all(words in done.stdout for words in printed):
            sys.exit(f"{options}: {done.stdout}{done.stderr}, not {printed}")
        if "notice" in done.stdout and not any("notice" in words for words in printed):
            sys.exit(f"{options}: a notice without a reason: {done.stdout}")
    for text, options, said in refused:
        pathlib.Path(folder, "cell.swc").write_text(text)
        done = run("cell.swc", options)
        if done.returncode != 1 or said not in done.stderr:
            sys.exit(f"{options}: {done.stderr}")
    if run(file, "--other-roots all").returncode == 0:
        sys.exit("--other-roots all: accepted")
    help_text = run("--help", "").stdout
    for option in "--min-radius", "--other-roots", "--import3d":
        if option not in help_text:
            sys.exit(f"--help does not know {option}")
    for wrong, said in {
        "--d-lambda nan": "nan of the length constant: must be finite and positive",
        "--d-lambda 0": "0 of the length constant: must be finite and positive",
        "--d-lambda -0.1": "-0.1 of the length constant: must be finite and positive",
        "--d-lambda 1e-12": "no more than 32767 are allowed: here that is a part of ",
        "--d-lambda 1e-9": "no more than 32767 are allowed: here that is a part of ",
        "--shape-at 50": "--shape-at 50: must be between 0 and --tstop 40",
    }.items():
        done = run(file, wrong)
        if done.returncode != 1 or said not in done.stderr:
            sys.exit(f"{wrong}: {done.stderr}")
