"""readme.py README.md PROGRAM.cpp MORE.cpp...: the program that the README shows first is PROGRAM.cpp, but for its licence line; the
cell types that it shows are to be found in the others."""

import pathlib
import sys

readme = pathlib.Path(sys.argv[1]).read_text()
shown, *more = (part.split("```", 1)[0] for part in readme.split("```cpp\n")[1:])
program = pathlib.Path(sys.argv[2]).read_text().split("\n", 1)[1]
if shown != program:
    sys.exit("the README's program differs from " + sys.argv[2])
others = [pathlib.Path(name).read_text() for name in sys.argv[3:]]
for text in more:
    if "struct" in text and not any(text in other for other in others):
        sys.exit("the README shows what no example has:\n" + text)
