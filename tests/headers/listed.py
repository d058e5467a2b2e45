"""listed.py INCLUDE HEADER...: every header in the folder INCLUDE is one of the HEADERs (which are what is installed), and
none calls std::from_chars, which some libraries lack for numbers that are not whole: portable::from_chars is for all."""

import pathlib
import sys

include, listed = pathlib.Path(sys.argv[1]), set(sys.argv[2:])
there = {path.relative_to(include).as_posix() for path in include.rglob("*.hpp")}
forgotten = sorted(there - listed)
for header in forgotten:
    print(f"include/meson.build does not list {header}")
unportable = sorted(name for name in there - {"hillock/words/from_chars.hpp"}
                    if "std::from_chars(" in (include / name).read_text())
for header in unportable:
    print(f"{header} calls std::from_chars: use portable::from_chars")
sys.exit(bool(forgotten or unportable))
