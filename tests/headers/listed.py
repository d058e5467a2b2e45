"""listed.py INCLUDE HEADER...: every header in the folder INCLUDE is one of the HEADERs (which are what is installed)."""

import pathlib
import sys

include, listed = pathlib.Path(sys.argv[1]), set(sys.argv[2:])
there = {path.relative_to(include).as_posix() for path in include.rglob("*.hpp")}
forgotten = sorted(there - listed)
for header in forgotten:
    print(f"include/meson.build does not list {header}")
sys.exit(bool(forgotten))
