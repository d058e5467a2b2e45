"""run.py CASE.cpp BUILD MODEL.cpp: CASE.cpp does not compile and says why; its legal twin (with -DLEGAL) compiles.

The compiler and its flags are those of MODEL.cpp in BUILD/compile_commands.json. The comments that CASE.cpp begins with:

    // expect: a sentence that the compiler's output has to hold (one such line or several)
    // flags: more flags for the forbidden program, not for its twin (if any)
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys


def flags_of(model: pathlib.Path, build: pathlib.Path) -> list[str]:
    """The command that compiles `model`, without its source, outputs and dependency file."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if (pathlib.Path(entry["directory"]) / entry["file"]).resolve() == model.resolve():
            break
    else:
        sys.exit(f"{model} is not compiled in {build}")
    command, words = [], iter(shlex.split(entry["command"]))
    for word in words:
        if word in ("-o", "-MF", "-MQ", "-MT"):
            next(words)
        elif word not in ("-c", "-MD", "-Werror", entry["file"]):
            command.append(word)
    return command


def compile_case(command: list[str], build: pathlib.Path) -> tuple[bool, str]:
    done = subprocess.run(command, cwd=build, env=os.environ | {"LC_ALL": "C"}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode == 0, done.stdout


def comments(case: pathlib.Path, key: str) -> list[str]:
    return re.findall(rf"^// {key}: (.*\S)", case.read_text(), re.MULTILINE)


def one_line(text: str) -> str:
    return " ".join(text.split())


case, build, model = (pathlib.Path(argument).resolve() for argument in sys.argv[1:4])
command = flags_of(model, build) + ["-fsyntax-only", str(case)]
expected = comments(case, "expect")
if not expected:
    sys.exit(f"{case}: no line of the form '// expect: sentence'")

failures = []
compiled, forbidden_output = compile_case(command + shlex.split(" ".join(comments(case, "flags"))), build)
if compiled:
    failures.append(f"the forbidden program compiles; expected: {expected[0]}")
else:
    failures += [f"expected, and not said: {sentence}" for sentence in expected
                 if one_line(sentence) not in one_line(forbidden_output)]
legal, legal_output = compile_case(command + ["-DLEGAL"], build)
if not legal:
    failures.append("the legal twin does not compile")

if failures:
    print(f"{case.name}: " + "; ".join(failures))
    print(shlex.join(command))
    print("--- forbidden program\n" + forbidden_output)
    print("--- legal twin\n" + legal_output)
sys.exit(bool(failures))
