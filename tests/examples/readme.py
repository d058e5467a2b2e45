"""readme.py README.md PROGRAM.cpp: the program that the README shows first is PROGRAM.cpp, but for its licence line."""

import pathlib
import sys

readme = pathlib.Path(sys.argv[1]).read_text()
shown = readme.split("```cpp\n", 1)[1].split("```", 1)[0]
program = pathlib.Path(sys.argv[2]).read_text().split("\n", 1)[1]
if shown != program:
    sys.exit("the README's program differs from " + sys.argv[2])
