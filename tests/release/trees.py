"""Small releases for tests: a program of a few lines that does what its text says."""

from __future__ import annotations

import hashlib
from pathlib import Path

from release.boot.place import Place
from release.manifest import File, Manifest, encode

FINE = """#!/bin/sh
echo '{"started": true, "link": true, "missing": []}' >/dev/fd/$LEVERET_REPORT_FD
"""


def lay_tree(folder: Path, counter: int, *, program: str, more: dict[str, bytes] | None = None) -> Manifest:
    """A release in a folder of its own, with its manifest and no signature."""
    files = {"bin/leveret-device": program.encode(), "lib/a.py": b"A = %d\n" % counter, **(more or {})}
    told = []
    for path, data in sorted(files.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        run = path.startswith("bin/")
        target.chmod(0o755 if run else 0o644)
        told.append(File(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest(), run=run))
    manifest = Manifest(
        program="device",
        version=f"0.{counter}",
        counter=counter,
        payload_bytes=0,
        payload_sha256="00" * 32,
        files=tuple(told),
    )
    (folder / "release.json").write_bytes(encode(manifest))
    return manifest


def offer(root: Path, counter: int, *, program: str, back: bool = False) -> str:
    """A release that is ready to be taken; its name."""
    place = Place(root)
    name = f"0.{counter}-{counter}"
    lay_tree(place.releases / name, counter, program=program)
    place.incoming.mkdir(exist_ok=True)
    (place.incoming / "ready.json").write_text(f'{{"name": "{name}", "back": {str(back).lower()}}}')
    return name
