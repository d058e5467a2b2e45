"""readme.py PROGRAM.cpp PAGE.md... --from SOURCE.cpp...: the first page begins with PROGRAM.cpp, but for its licence line, and
every struct that a page shows stands, word for word, in a SOURCE. So what is shown compiles."""

import pathlib
import sys

program, *pages = sys.argv[1 : sys.argv.index("--from")]
sources = [pathlib.Path(name).read_text() for name in [program, *sys.argv[sys.argv.index("--from") + 1 :]]]


def snippets(page):
    return [part.split("```", 1)[0] for part in pathlib.Path(page).read_text().split("```cpp\n")[1:]]


if snippets(pages[0])[0] != pathlib.Path(program).read_text().split("\n", 1)[1]:
    sys.exit(f"the program in {pages[0]} differs from {program}")
checked = 0
for page in pages:
    for snippet in snippets(page):
        if "struct" not in snippet:
            continue
        checked += 1
        if not any(snippet in source for source in sources):
            sys.exit(f"{page} shows what stands in no source:\n{snippet}")
if checked < len(pages):
    sys.exit(f"{checked} structs found in {len(pages)} pages: the pages or this test have changed")
