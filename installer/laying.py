"""Makes a release of this copy of the repository, and lays it as the first one of a program (docs/updates.md)."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from installer.changes import LayRelease
from installer.doing import run
from installer.errors import NotPossible
from installer.looking import inside, users
from installer.programs import PROGRAMS, UPDATER, Program

# The machine's own, which its security updates keep; a release is made for its minor version.
PYTHON: Final = "/usr/bin/python3"
_BESIDE: Final = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")

# What a command of a release is: it runs the packages beside it, wherever they lie, and so does what it begins.
# It writes no byte code, for a release is what was signed and nothing more. Aborted, it says where it stood.
_COMMAND: Final = """\
#!{python} -IBXfaulthandler
import os
import sys
from pathlib import Path

packages = str(Path(__file__).resolve().parent.parent / "lib")
sys.path.insert(0, packages)
os.environ["PYTHONPATH"] = packages
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"

from {module} import {function}

sys.exit({function}())
"""


def lay(root: Path, change: LayRelease) -> None:
    """Raises StepFailed, NotPossible."""
    program = PROGRAMS[change.program]
    home = inside(root, change.home)
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    with tempfile.TemporaryDirectory(prefix="making.", dir=home) as making:
        tree = Path(making) / "tree"
        make_tree(program, tree)
        # The release's own packages do the rest: this Python has none.
        run(PYTHON, "-B", "-m", "installer.first", str(home), str(tree), environ={"PYTHONPATH": str(tree / "lib")})
    _give(root, program, home)


def _give(root: Path, program: Program, home: Path) -> None:
    """Each folder to its one writer."""
    known = users(root)
    for folder, user in (("releases", UPDATER), ("incoming", UPDATER), ("chosen", program.user)):
        for path in (home / folder, *(home / folder).rglob("*")):
            os.chown(path, *known[user], follow_symlinks=False)


def make_tree(program: Program, folder: Path) -> None:
    """`bin/` and `lib/` of a release, for this machine's kind and Python. Raises StepFailed, NotPossible."""
    source = _source()
    with tempfile.TemporaryDirectory(prefix="leveret-making.") as scratch:
        copied, tools, packages = Path(scratch) / "source", Path(scratch) / "tools", folder / "lib"
        _copy(source, copied)
        run(PYTHON, "-m", "venv", str(tools))
        wanted = f"{copied}[{','.join(program.extras)}]"
        pinned = ("-c", str(copied / "constraints.txt"))
        pip = (str(tools / "bin/python"), "-m", "pip", "-q", "--disable-pip-version-check", "install")
        run(*pip, "--no-compile", "--target", str(packages), *pinned, wanted)
    # Scripts of packages have the path of the environment in them that is gone now.
    shutil.rmtree(packages / "bin", ignore_errors=True)
    # A release is unpacked with other times of its files, so its byte code must not depend on them.
    run(PYTHON, "-m", "compileall", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash", str(packages))
    _write_commands(program, source, folder / "bin")


def _source() -> Path:
    """This copy of the repository. Raises NotPossible."""
    source = Path(__file__).resolve().parent.parent
    if not (source / "pyproject.toml").is_file():
        raise NotPossible("A release is made from a copy of Leveret's repository: run this there (`make install`).")
    return source


def _copy(source: Path, target: Path) -> None:
    """What a release is built from, so that building leaves nothing behind in the repository."""
    target.mkdir()
    for name in _BESIDE:
        shutil.copy(source / name, target)
    told = tomllib.loads((source / "pyproject.toml").read_text())
    rooms = told["tool"]["setuptools"]["packages"]["find"]["include"]
    for room in (room.rstrip("*") for room in rooms):
        shutil.copytree(source / room, target / room, ignore=shutil.ignore_patterns("__pycache__"))


def _write_commands(program: Program, source: Path, folder: Path) -> None:
    scripts = tomllib.loads((source / "pyproject.toml").read_text())["project"]["scripts"]
    folder.mkdir(parents=True)
    for name in program.commands:
        module, function = scripts[name].split(":")
        command = folder / name
        command.write_text(_COMMAND.format(python=PYTHON, module=module, function=function))
        command.chmod(0o755)


def main() -> None:
    """For whoever makes releases: `python3 -m installer.laying device FOLDER`."""
    make_tree(PROGRAMS[sys.argv[1]], Path(sys.argv[2]))


if __name__ == "__main__":
    main()
