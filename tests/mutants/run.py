#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Tries the faults of mutants.txt: builds the tests once with all of them in, behind a switch that is set when a
program starts, and runs for each the test cases that pass its place, its own stage's first, until one fails.

    tests/mutants/run.py                   # all: half an hour to build, then some minutes
    tests/mutants/run.py 17 20-25          # some, by number
    tests/mutants/run.py --file run/       # those of headers whose path begins so
    tests/mutants/run.py --again           # those that survived the last time
    tests/mutants/run.py --stages network,run   # by the tests of these stages alone

Ends with status 1 if a mutant survives that is not listed as equivalent. A program that uses ten times its time, or
waits for ever, counts as one that fails."""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
INCLUDE = TESTS.parent / "include"
MEMORY = 4 << 30  # bytes of a program
MOD_FILES = "mod_files"  # the stage whose headers the translator makes, without mutants
TOGETHER = 4  # files that are one unit, as in meson.build
TIERS = (0.1, 1, 4)  # seconds: test cases that take longer come after all that do not; the last ones are slow

SWITCH = """#pragma once
#include <cstdlib>
#include <type_traits>
#include <sys/mman.h>
namespace hillock_mutants {
inline constexpr int count = %d;
inline int number = [] { auto const* text = std::getenv("HILLOCK_MUTANT"); return text ? std::atoi(text) : 0; }();
inline auto* reached = static_cast<unsigned char*>(  // shared with the processes that tests fork
    mmap(nullptr, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
inline bool is(int n) { return reached[n] = 1, number == n; }
constexpr bool is_at_run_time(int n) { return std::is_constant_evaluated() ? false : is(n); }
}
"""


@dataclasses.dataclass
class Mutant:
    number: int
    file: str
    note: str
    edits: list[tuple[str, str, str, str]]  # before, part, after, what stands there instead
    reason: str = ""  # why it is equivalent
    is_constexpr: bool = False

    def switch(self) -> str:
        if self.is_constexpr:
            return f"::hillock_mutants::is_at_run_time({self.number})"
        return f"(::hillock_mutants::reached[{self.number}] = 1, ::hillock_mutants::number == {self.number})"


def parse(text: str) -> list[Mutant]:
    mutants, file, lines = [], "", iter(text.splitlines())
    for line in lines:
        if line.startswith("# "):
            file = line[2:]
        elif line.startswith("- "):
            mutants.append(Mutant(len(mutants) + 1, file, line[2:], []))
        elif line == "  = constexpr":
            mutants[-1].is_constexpr = True
        elif line.startswith("  = "):
            mutants[-1].reason = line[4:]
        elif line.startswith("  ") and mutants:
            pieces = re.split("[«»]", line[2:])
            if len(pieces) == 1:
                pieces = ["", line[2:], ""]
            for k in range(1, len(pieces), 2):
                change = next(lines)[2:]
                mutants[-1].edits.append(("".join(pieces[:k]), pieces[k], "".join(pieces[k + 1:]),
                                          "" if change == "(nothing)" else change))
    return mutants


def pattern(text: str) -> str:
    """Matches `text`, whatever blanks are between its words and signs."""
    return r"\s*".join(re.escape(word) for word in re.findall(r"\w+|[^\w\s]", text))


def find(text: str, mutant: Mutant, before: str, part: str, after: str) -> tuple[int, int]:
    found = list(re.finditer(r"\s*".join(filter(None, (pattern(before), f"(?P<part>{pattern(part)})", pattern(after)))),
                             text))
    if len(found) != 1:
        raise LookupError(f"mutant {mutant.number}, {mutant.file}: {mutant.note}: {before}«{part}»{after} occurs "
                          f"{len(found)} times, must occur once")
    return found[0].span("part")


def check(mutants: list[Mutant]):
    """Ends the program with the places that are not in the headers."""
    missing = []
    for mutant in mutants:
        text = (INCLUDE / "hillock" / mutant.file).read_text()
        for before, part, after, _ in mutant.edits:
            try:
                find(text, mutant, before, part, after)
            except LookupError as error:
                missing.append(str(error))
    if missing:
        sys.exit("\n".join(missing))


def mutate(text: str, mutants: list[Mutant]) -> str:
    """The text with a choice between itself and each mutant."""
    changes: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for mutant in mutants:
        for before, part, after, change in mutant.edits:
            changes.setdefault(find(text, mutant, before, part, after), []).append((mutant.switch(), change))
    end = len(text)
    for (first, last), choices in sorted(changes.items(), reverse=True):
        assert last <= end, f"mutants {[m.number for m in mutants]} overlap: {text[first:last][:80]}"
        end, part = first, text[first:last]
        if part[-1] in ";}":
            choice = "".join(f"if ({switch}) {{ {change} }} else " for switch, change in choices) + f"{{ {part} }}"
        else:
            choice = "(" + "".join(f"{switch} ? ({change}) : " for switch, change in choices) + f"({part}))"
        text = text[:first] + choice + text[last:]
    return text


def write(path: pathlib.Path, text: str) -> None:
    """Writes a file unless it is as it should be, so that only what has changed is built again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def stages(chosen: str) -> dict[str, list[str]]:
    """The sources of each stage, from meson.build, and of the test of translated mod files; of the chosen ones, or of
    all."""
    block = re.search(r"^stages = \{(.*?)^\}", (TESTS / "meson.build").read_text(), re.M | re.S).group(1)
    found = {name: re.findall(r"'([^']+\.cpp)'", files) for name, files in
             re.findall(r"'(\w+)': files\((.*?)\)", block, re.S)}
    found[MOD_FILES] = ["nmodl/mod_files.cpp"]
    return {name: found[name] for name in (chosen.split(",") if chosen else found)}


def build(folder: pathlib.Path, mutants: list[Mutant], sources: dict[str, list[str]], jobs: int) -> None:
    for header in INCLUDE.rglob("*.hpp"):
        name = str(header.relative_to(INCLUDE / "hillock"))
        write(folder / "include/hillock" / name, mutate(header.read_text(), [m for m in mutants if m.file == name]))
    write(folder / "include/hillock_mutants.hpp", SWITCH % (len(mutants) + 1))
    flags = ("-std=c++20 -O0 -march=native -ffp-contract=off -w -Iinclude -Imod "
             "-include hillock_mutants.hpp")
    mod_files = sorted(TESTS.glob("nmodl/*.mod")) if MOD_FILES in sources else []
    made = [f"mod/{file.stem}.hpp" for file in mod_files]
    ninja = [f"cxx = {os.environ.get('CXX', 'g++')}",
             f"rule compile\n  command = $cxx {flags} -MD -MF $out.d -c $in -o $out\n  depfile = $out.d\n  deps = gcc",
             "rule link\n  command = $cxx $in -o $out -lfmt -pthread",
             f"rule translator\n  command = $cxx -std=c++20 -w -I{INCLUDE} -MD -MF $out.d $in -o $out -lfmt\n"
             "  depfile = $out.d\n  deps = gcc",
             "rule translate\n  command = ./translator $in --output mod > /dev/null",
             f"build translator: translator {TESTS.parent}/examples/nmodl.cpp",
             f"build {' '.join(made)}: translate {' '.join(map(str, mod_files))} | translator" if made else "",
             f"build main.o: compile {HERE}/main.cpp"]
    for stage, files in sources.items():
        units = [files[k:k + TOGETHER] for k in range(0, len(files), TOGETHER)]
        for k, unit in enumerate(units):
            write(folder / f"units/{stage}{k}.cpp", "".join(f'#include "{TESTS}/{file}"\n' for file in unit))
            needs = f" || {' '.join(made)}" if stage == MOD_FILES else ""
            ninja.append(f"build {stage}{k}.o: compile units/{stage}{k}.cpp{needs}")
        ninja.append(f"build test_{stage}: link main.o {' '.join(f'{stage}{k}.o' for k in range(len(units)))}")
    write(folder / "build.ninja", "\n".join(ninja) + "\n")
    tests = [f"test_{stage}" for stage in sources]
    if subprocess.run(["ninja", "-C", folder, f"-j{jobs}", "-k0", "--quiet", *tests]).returncode:
        sys.exit("the mutants do not compile")
    shutil.copytree(TESTS, folder / "tests", dirs_exist_ok=True)


def run(folder: pathlib.Path, stage: str, arguments: list[str], seconds: float, **environment: str) -> tuple[bool, str]:
    """Whether a test program ends well, and what it prints."""
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    log = folder / f"log_{stage}_{environment.get('HILLOCK_MUTANT', '0')}"
    with open(log, "w") as output:
        process = subprocess.Popen([folder / f"test_{stage}", *arguments], cwd=folder / "tests", stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, preexec_fn=limit, start_new_session=True,
                                   env=os.environ | environment)
        waits = wait_for(process)
    text = log.read_text(errors="replace")
    log.unlink()
    return not waits and process.returncode == 0, text


def wait_for(process: subprocess.Popen) -> bool:
    """Waits for the end of a program; ends it and returns true if it sleeps for 20 s without using the processor."""
    used, idle = -1, 0
    while process.poll() is None:
        time.sleep(0.02 if used < 0 or idle == 0 else 0.5)
        try:
            fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        now = int(fields[11]) + int(fields[12])
        idle = idle + 1 if fields[0] == "S" and now == used else 0
        used = now
        if idle > 40:
            os.killpg(process.pid, 9)
            process.wait()
            return True
    return False


@dataclasses.dataclass
class Case:
    stage: str
    name: str
    seconds: float
    reached: set[int]


def trace(folder: pathlib.Path, stages: Iterable[str]) -> list[Case]:
    """All test cases, which pass without a mutant."""
    cases = []
    for stage in stages:
        file = folder / f"trace_{stage}"
        if not file.exists() or file.stat().st_mtime < (folder / f"test_{stage}").stat().st_mtime:
            passes, output = run(folder, stage, [], 3600, HILLOCK_MUTANTS_TRACE=str(folder / "trace"))
            if not passes:
                sys.exit(f"{stage} fails without a mutant:\n{output[-3000:]}")
            (folder / "trace").rename(file)
        for line in file.read_text().splitlines():
            name, seconds, reached = line.split("\t")
            cases.append(Case(stage, name, float(seconds), {int(n) for n in reached.split()}))
    return cases


def tier(case: Case) -> int:
    return sum(case.seconds > limit for limit in TIERS)


def attempt(folder: pathlib.Path, mutant: Mutant, cases: list[Case]) -> str:
    """The stage and test case that catch a mutant; nothing if it survives."""
    own = mutant.file.partition("/")[0].removesuffix(".hpp")
    groups: dict[tuple, list[Case]] = {}
    for case in cases:
        if mutant.number in case.reached:
            groups.setdefault((tier(case), case.stage != own, case.stage), []).append(case)
    def effort(item: tuple[tuple, list[Case]]) -> tuple:
        (time, is_other, _), group = item
        return time, is_other, sum(case.seconds for case in group)
    for (_, _, stage), group in sorted(groups.items(), key=effort):
        names = ",".join(re.sub(r"[,\\*]", "?", case.name) for case in group)
        passes, output = run(folder, stage, ["--abort-after=1", f"--test-case={names}"],
                             20 + 10 * sum(case.seconds for case in group), HILLOCK_MUTANT=str(mutant.number))
        if not passes:
            failed = re.search(r"TEST CASE:\s+(.*)", output)
            return f"{stage}: {failed.group(1).strip() if failed else 'the program does not end'}"
    return ""


def numbers(texts: list[str]) -> set[int]:
    chosen = set()
    for text in texts:
        first, _, last = text.partition("-")
        chosen |= set(range(int(first), int(last or first) + 1))
    return chosen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("numbers", nargs="*", metavar="NUMBER", help="try these alone: 17 or 20-25")
    parser.add_argument("--file", default="", help="try those of headers whose path begins so: run/ or network.hpp")
    parser.add_argument("--again", action="store_true", help="try those alone that survived the last time")
    parser.add_argument("--quick", action="store_true", help=f"leave out the test cases that take {TIERS[-1]} s or more")
    parser.add_argument("--stages", default="", metavar="NAMES", help="build and run the tests of these stages alone")
    parser.add_argument("--list", action="store_true", help="print the mutants and try none")
    parser.add_argument("--jobs", type=int, default=1, help="programs at a time (default 1)")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("build-mutants"),
                        help="where everything is built (default build-mutants)")
    options = parser.parse_args()

    mutants = parse((HERE / "mutants.txt").read_text())
    check(mutants)
    folder = options.folder.resolve()
    results_file = folder / "results.json"
    results = json.loads(results_file.read_text()) if results_file.exists() else {}
    key = lambda m: f"{m.file}: {m.note}"
    tried = [m for m in mutants if m.file.startswith(options.file)
             and (not options.numbers or m.number in numbers(options.numbers))
             and (not options.again or not results.get(key(m))) and (not m.reason or options.numbers or options.list)]
    if options.list:
        for m in tried:
            print(f"{m.number:3} {key(m)}{' (equivalent: ' + m.reason + ')' if m.reason else ''}")
        return 0

    sources = stages(options.stages)
    build(folder, mutants, sources, options.jobs)
    cases = [case for case in trace(folder, sources) if not options.quick or tier(case) < len(TIERS)]
    survivors = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for m, found in zip(tried, pool.map(lambda m: attempt(folder, m, cases), tried)):
            results[key(m)] = found
            survives = not found and not m.reason
            survivors += survives
            fate = f"caught by {found}" if found else f"equivalent: {m.reason}" if m.reason else "survived"
            if not found and not any(m.number in case.reached for case in cases):
                fate += " (no test passes its place)"
            print(f"{m.number:3} {key(m)}\n      {fate}", flush=True)
            write(results_file, json.dumps(results, indent=1, ensure_ascii=False))
    untried = sum(bool(m.reason) for m in mutants)
    print(f"{len(tried)} mutants tried, {survivors} survived; {untried} are listed as equivalent")
    return survivors > 0


if __name__ == "__main__":
    sys.exit(main())
