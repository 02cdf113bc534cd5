"""Packages from their registries, by name and version, unpacked, built or started below the cache."""

from __future__ import annotations

import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.healing.environments import npm
from benchmarks.healing.manuals import build_manual
from benchmarks.healing.packages import Package, Release
from benchmarks.healing.running import FetchFailed, run
from benchmarks.healing.served import keep_pages
from benchmarks.healing.store import DATA, PACKAGES

AT_ONCE = 3
# Folders whose HTML is no page of the package's own.
NO_PAGES = frozenset(
    ("docs", "documentation", "docs_html", "node_modules", "plugins", "bower_components", "vendor", "vendors", "src")
)


def folder_of(package: Package, release: Release) -> Path:
    """Where a release is unpacked, or the manual built with it stands."""
    theme = f"+{package.theme}" if package.theme else ""
    return PACKAGES / f"{package.name.replace('/', '+')}{theme}@{release.version}"


def fetch_all(packages: Sequence[Package], progress: Callable[[str, int, int], None]) -> list[Package]:
    """Fetch every release, a few at a time; the packages that could be had whole. Why one could not is printed."""
    npm()
    wanted = [(package, release) for package in packages for release in package.releases]
    done = 0

    def one(both: tuple[Package, Release]) -> Package | None:
        nonlocal done
        try:
            fetch(*both)
        except FetchFailed as error:
            print(f"left out: {error}", file=sys.stderr)
            return both[0]
        finally:
            done += 1
            progress("releases", done, len(wanted))
        return None

    with ThreadPoolExecutor(AT_ONCE) as pool:
        absent = [package for package in pool.map(one, wanted) if package]
    return [package for package in packages if package not in absent]


def fetch(package: Package, release: Release) -> Path:
    """The unpacked release, fetched if it is not there. Raises FetchFailed."""
    folder = folder_of(package, release)
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        shutil.move(_made(package, release, Path(name)), folder)
    return folder


def _made(package: Package, release: Release, folder: Path) -> Path:
    if package.kind in ("sphinx", "mkdocs"):
        return build_manual(package, release, folder)
    if package.kind in ("python", "node"):
        return keep_pages(package, release, folder)
    return _unpack(package, release, folder)


def _unpack(package: Package, release: Release, folder: Path) -> Path:
    wanted = f"{package.name}@{release.version}"
    run([npm(), "pack", "--silent", "--ignore-scripts", wanted], wanted, folder)
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
