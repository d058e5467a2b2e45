"""Compiles mod files for NEURON, also by Debian's nrnivmodl, which looks for its parts where Debian did not put them."""

import os
import pathlib
import shutil
import subprocess
import sys


def debian_home(home):
    """Shows Debian's nrnivmodl a folder where its parts are."""
    (home / "bin").mkdir(parents=True)
    for link, target in {"bin/nocmodl": "/usr/bin/nocmodl", "bin/nrnmech_makefile": "/usr/lib/nrn/nrnmech_makefile", "lib": "/usr/lib/nrn",
                         "include": "/usr/include", "share": "/usr/share"}.items():
        (home / link).symlink_to(target)
    return home


def compile_mods(folder, mods, nrnivmodl="nrnivmodl", *options):
    """Compiles the mod files of the folder `mods`; the library to load, which is made in `folder`."""
    environment = dict(os.environ)
    if shutil.which(nrnivmodl) == "/usr/bin/nrnivmodl" and pathlib.Path("/usr/lib/nrn/nrnmech_makefile").exists():
        environment["NRNHOME"] = str(debian_home(folder / "nrnhome"))
    done = subprocess.run([nrnivmodl, *options, mods], cwd=folder, env=environment, capture_output=True, text=True)
    (folder / "log").write_text(done.stdout + done.stderr)
    # Debian's also links an interpreter, for which it lacks something and which nobody needs.
    libraries = list(folder.rglob("libnrnmech.so"))
    if not libraries or ("-coreneuron" in options and not list(folder.rglob("libcorenrnmech*"))):
        sys.exit("\n".join([f"{nrnivmodl} {mods}:"] + (done.stdout + done.stderr).splitlines()[-5:]))
    return libraries[0]
