"""run.py WAY ... -- COMPILER...: builds and runs a program of two units that uses hillock in the way of tests/consumer/WAY.

For pkg-config and cmake hillock is installed into a temporary folder, which is then moved: an installed tree may be put
anywhere. Exits with 77 (skipped) where the tool itself is missing.
"""

import argparse
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile


def run(*command: str | pathlib.Path, **options) -> str:
    print("$", shlex.join(map(str, command)), flush=True)
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    print(done.stdout, flush=True)
    if done.returncode:
        sys.exit(f"{command[0]}: exit code {done.returncode}")
    return done.stdout


def needs(tool: str) -> None:
    if shutil.which(tool) is None:
        print(f"skipped: there is no {tool}")
        sys.exit(77)


def install(root: pathlib.Path) -> pathlib.Path:
    """Installs hillock (without its own programs) and returns where it has been moved to."""
    first, moved = root / "installed", root / "moved"
    run(*meson, "setup", root / "build-hillock", arguments.source, "--prefix", first, *fallbacks,
        "-Dtests=disabled", "-Dexamples=disabled", "-Dbenchmarks=disabled")
    run(*meson, "install", "-C", root / "build-hillock")
    first.rename(moved)
    return moved


def meson_consumer(root: pathlib.Path, project: pathlib.Path) -> pathlib.Path:
    subprojects = project / "subprojects"
    subprojects.mkdir()
    (subprojects / "hillock").symlink_to(arguments.source)
    build = root / "build"
    forced = ",".join(filter(None, ["hillock", arguments.force_fallback_for]))
    wrap_mode = "default" if arguments.wrap_mode == "nofallback" else arguments.wrap_mode  # hillock itself is a fallback
    run(*meson, "setup", build, project, f"--wrap-mode={wrap_mode}", f"--force-fallback-for={forced}")

    targets = json.loads(subprocess.check_output([*meson, "introspect", "--targets", build]))
    ours = [target["name"] for target in targets if target["subproject"] == "hillock"]
    if ours:
        sys.exit(f"as a subproject hillock builds programs of its own: {ours}")
    if [test["name"] for test in json.loads(subprocess.check_output([*meson, "introspect", "--tests", build]))]:
        sys.exit("as a subproject hillock has tests")

    run(*meson, "compile", "-C", build)
    return build / "consumer"


def pkg_config_consumer(root: pathlib.Path, project: pathlib.Path) -> pathlib.Path:
    needs("pkg-config")
    prefix = install(root)
    paths = [path.parent for path in prefix.rglob("*.pc")]
    os.environ["PKG_CONFIG_PATH"] = os.pathsep.join(map(str, paths))
    run("./build.sh", cwd=project)
    return project / "consumer"


def cmake_consumer(root: pathlib.Path, project: pathlib.Path) -> pathlib.Path:
    needs("cmake")
    prefix = install(root)
    run("cmake", "-G", "Ninja", "-S", project, "-B", root / "build", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", root / "build")
    return root / "build" / "consumer"


parser = argparse.ArgumentParser()
parser.add_argument("way", choices=["meson", "pkg-config", "cmake"])
parser.add_argument("--source", type=pathlib.Path, required=True)
parser.add_argument("--meson", required=True)
parser.add_argument("--wrap-mode", default="default")
parser.add_argument("--force-fallback-for", default="")
parser.add_argument("compiler", nargs="+")
arguments = parser.parse_args()

meson = shlex.split(arguments.meson)
fallbacks = [f"--wrap-mode={arguments.wrap_mode}", f"--force-fallback-for={arguments.force_fallback_for}"]
os.environ["CXX"] = shlex.join(arguments.compiler)

with tempfile.TemporaryDirectory(prefix="hillock-consumer-") as folder:
    root = pathlib.Path(folder)
    project = root / "project"
    here = pathlib.Path(__file__).parent
    shutil.copytree(here / arguments.way, project)
    shutil.copytree(here / "program", project, dirs_exist_ok=True)
    consumer = {"meson": meson_consumer, "pkg-config": pkg_config_consumer, "cmake": cmake_consumer}[arguments.way]
    run(consumer(root, project))
