"""The manual in `data/manual`, built with one release of a documentation theme, in an environment of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.healing.environments import python_of
from benchmarks.healing.packages import Package, Release
from benchmarks.healing.running import run
from benchmarks.healing.store import DATA

PAGES = ("index", "install", "booking", "reference", "faq")


def build_manual(package: Package, release: Release, folder: Path) -> Path:
    """The built manual's folder, below `folder`. Raises FetchFailed."""
    name = f"docs-{package.name}-{release.version}"
    python = python_of(name, (f"{package.name}=={release.version}", *release.beside))
    source, built = folder / "source", folder / "built"
    source.mkdir()
    suffix = "rst" if package.kind == "sphinx" else "md"
    for page in PAGES:
        shutil.copy(DATA / "manual" / f"{page}.{suffix}", source)
    theme = package.theme or package.name
    if package.kind == "sphinx":
        lines = ["project = 'Ferry'", "author = 'Ada Example'", "version = release = '1.2'", f"html_theme = {theme!r}"]
        (source / "conf.py").write_text("\n".join(lines), encoding="utf-8")
        run([str(python), "-m", "sphinx", "-q", "-b", "html", str(source), str(built)], name)
    else:
        nav = "".join(f"  - {page}.md\n" for page in PAGES)
        text = (
            f"site_name: Ferry\nsite_url: http://127.0.0.1/\ndocs_dir: {source}\nsite_dir: {built}\n"
            f"repo_url: https://example.org/ada/ferry\nedit_uri: edit/main/docs/\nuse_directory_urls: false\n"
            f"theme:\n  name: {theme}\nnav:\n{nav}"
        )
        (folder / "mkdocs.yml").write_text(text, encoding="utf-8")
        run([str(python), "-m", "mkdocs", "build", "-q", "-f", str(folder / "mkdocs.yml")], name)
    return built
