"""bases.py INCLUDE BASE... -- HEADER...: for each header the largest base that it includes, directly or not, or -.

Where that base has been compiled in advance, the header sees nothing that it does not include anyway."""

import functools
import pathlib
import re
import sys

include = pathlib.Path(sys.argv[1])
end = sys.argv.index("--")


@functools.cache
def included(header):
    """All headers of the library that one includes, directly or not."""
    found, new = set(), [header]
    while new:
        text = (include / new.pop()).read_text()
        new += set(re.findall(r"^#include <(hillock/.+)>", text, re.MULTILINE)) - found
        found.update(new)
    return found


for header in sys.argv[end + 1:]:
    bases = [base for base in sys.argv[2:end] if base in included(header) and header not in included(base)]
    print(max(bases, key=lambda base: len(included(base)), default="-"))
