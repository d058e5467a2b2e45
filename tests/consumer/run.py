"""run.py WAY... -- COMPILER...: builds and runs a program that uses hillock, in each of the ways of tests/consumer/WAY.

For pkg-config and find_package hillock is installed into a temporary folder, which is then moved: an installed tree may
be put anywhere. Exits with 77 (skipped) where the tool itself is missing. With --nmodl, Meson and find_package also build a
program that has a mod file translated, by that hillock-nmodl: as an installed one, it is not built again. With
add_subdirectory the header alone is compiled.
"""

import argparse
import functools
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


@functools.cache
def installed() -> pathlib.Path:
    """Installs hillock (without its own programs) and returns where it has been moved to."""
    first, moved = root / "installed", root / "moved"
    run(*meson, "setup", root / "build-hillock", arguments.source, "--prefix", first, *fallbacks,
        "-Dtests=disabled", "-Dexamples=disabled", "-Dbenchmarks=disabled",
        *(["-Dnmodl=disabled"] if arguments.nmodl else []))
    run(*meson, "install", "-C", root / "build-hillock")
    first.rename(moved)
    if arguments.nmodl:
        (moved / "bin").mkdir(exist_ok=True)
        shutil.copy(arguments.nmodl, moved / "bin" / "hillock-nmodl")
    return moved


def meson_consumer(project: pathlib.Path) -> pathlib.Path:
    subprojects = project / "subprojects"
    subprojects.mkdir()
    (subprojects / "hillock").symlink_to(arguments.source)
    build = project / "build"
    forced = ",".join(filter(None, ["hillock", arguments.force_fallback_for]))
    wrap_mode = "default" if arguments.wrap_mode == "nofallback" else arguments.wrap_mode  # hillock itself is a fallback
    programs = project / "programs"
    programs.mkdir()
    if arguments.nmodl:
        (programs / "hillock-nmodl").symlink_to(arguments.nmodl)
    run(*meson, "setup", build, project, f"--wrap-mode={wrap_mode}", f"--force-fallback-for={forced}",
        env=os.environ | {"PATH": os.pathsep.join([str(programs), os.environ["PATH"]])})

    targets = json.loads(subprocess.check_output([*meson, "introspect", "--targets", build]))
    ours = [target["name"] for target in targets if target["subproject"] == "hillock"]
    if ours:
        sys.exit(f"as a subproject hillock builds programs of its own: {ours}")
    if [test["name"] for test in json.loads(subprocess.check_output([*meson, "introspect", "--tests", build]))]:
        sys.exit("as a subproject hillock has tests")

    run(*meson, "compile", "-C", build)
    return build / "consumer"


def pkg_config_consumer(project: pathlib.Path) -> pathlib.Path:
    needs("pkg-config")
    paths = [path.parent for path in installed().rglob("*.pc")]
    run("./build.sh", cwd=project, env=os.environ | {"PKG_CONFIG_PATH": os.pathsep.join(map(str, paths))})
    return project / "consumer"


def cmake(project: pathlib.Path, *options: str) -> str:
    """Builds a CMake project and returns the output of its configuration."""
    needs("cmake")
    output = run("cmake", "-G", "Ninja", "-S", project, "-B", project / "build", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
                 *options)
    run("cmake", "--build", project / "build")
    return output


def find_package_consumer(project: pathlib.Path) -> pathlib.Path:
    cmake(project, f"-DCMAKE_PREFIX_PATH={installed()}")
    return project / "build" / "consumer"


def add_subdirectory_consumer(project: pathlib.Path) -> pathlib.Path:
    (project / "hillock").symlink_to(arguments.source)
    output = cmake(project, *([f"-Dnmodl={arguments.nmodl}"] if arguments.nmodl else []))
    if project.name == "add_subdirectory" and f"hillock {arguments.version}\n" not in output:
        sys.exit(f"CMake does not know hillock's version, {arguments.version}")

    commands = json.loads((project / "build" / "compile_commands.json").read_text())
    ours = [command["file"] for command in commands if pathlib.Path(command["file"]).is_relative_to(project / "hillock")]
    if ours:
        sys.exit(f"within another project hillock builds programs of its own: {ours}")
    unit = next(command["command"] for command in commands if command["file"] == str(project / "main.cpp"))
    flags = [word for word in shlex.split(unit) if word.startswith(("-m", "-O", "-f", "-W"))]
    if flags:
        sys.exit(f"hillock adds flags: {flags}")
    return project / "build" / "consumer"


consumers = {
    "meson": meson_consumer,
    "pkg-config": pkg_config_consumer,
    "find_package": find_package_consumer,
    "add_subdirectory": add_subdirectory_consumer,
    "FetchContent": add_subdirectory_consumer,
}

parser = argparse.ArgumentParser()
parser.add_argument("ways", choices=consumers, nargs="+")
parser.add_argument("--source", type=pathlib.Path, required=True)
parser.add_argument("--version", required=True)
parser.add_argument("--meson", required=True)
parser.add_argument("--nmodl", type=lambda path: pathlib.Path(path).resolve())
parser.add_argument("--wrap-mode", default="default")
parser.add_argument("--force-fallback-for", default="")
separator = sys.argv.index("--")
arguments = parser.parse_args(sys.argv[1:separator])

meson = shlex.split(arguments.meson)
fallbacks = [f"--wrap-mode={arguments.wrap_mode}", f"--force-fallback-for={arguments.force_fallback_for}"]
os.environ["CXX"] = shlex.join(sys.argv[separator + 1:])

with tempfile.TemporaryDirectory(prefix="hillock-consumer-") as folder:
    root = pathlib.Path(folder)
    here = pathlib.Path(__file__).parent
    for way in arguments.ways:
        project = root / way
        shutil.copytree(here / way, project)
        shutil.copytree(here / "program", project, dirs_exist_ok=True)
        shutil.copytree(here / "mod", project, dirs_exist_ok=True)
        program = consumers[way](project)
        run(program)
        if arguments.nmodl and way in ["meson", "find_package"]:
            run(program.with_name("mod"))
