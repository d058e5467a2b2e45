"""symbols.py NM LIBRARY LIBRARY: no function or variable of hillock is the same in both, units for different machines."""

import subprocess
import sys


def symbols(library: str) -> set[str]:
    listed = subprocess.run([nm, "--demangle", "--defined-only", "--extern-only", "--format=posix", library],
                            check=True, capture_output=True, text=True).stdout
    return {line.rsplit(maxsplit=3)[0] for line in listed.splitlines() if "hillock::" in line}


nm, *libraries = sys.argv[1:]
found = [symbols(library) for library in libraries]
shared = sorted(set.intersection(*found))
print(*shared[:20], f"{len(shared)} shared among {[len(some) for some in found]}", sep="\n")
sys.exit(bool(shared) or not all(found))
