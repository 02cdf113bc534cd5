"""The pictures of a comparison: as files, or on a page of their own that needs nothing else."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path
from typing import Any

from msgspec import Struct

from cloud.skill_cli.connecting import Skills

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: 0 0 1.5rem; }
.pair figure { margin: 0; } img { max-width: 100%; border: 1px solid #8888; border-radius: .5rem; }
figcaption, .dim { opacity: .75; font-size: .9rem; }
.added { color: #1b7440; } .gone { color: #b42318; } pre { overflow: auto; font-size: .85rem; }
@media (prefers-color-scheme: dark) { .added { color: #5cd684; } .gone { color: #ff8a80; } }
@media (max-width: 30rem) { .pair { grid-template-columns: 1fr; } }
"""


class Seen(Struct, frozen=True, kw_only=True):
    """The element of a step in both versions; empty bytes where there is no picture."""

    step: str
    words: str
    before: bytes
    after: bytes


async def fetched(skills: Skills, name: str, pairs: list[dict[str, Any]]) -> tuple[Seen, ...]:
    """The pictures of a comparison."""

    async def picture(one: dict[str, Any] | None) -> bytes:
        if one is None:
            return b""
        return await skills.file(f"/api/skills/{name}/versions/{one['version']}/pictures/{one['name']}")

    return tuple(
        [
            Seen(
                step=one["step"],
                words=one["words"],
                before=await picture(one["before"]),
                after=await picture(one["after"]),
            )
            for one in pairs
        ]
    )


def put(folder: Path, seen: tuple[Seen, ...]) -> list[str]:
    """Writes STEP-before and STEP-after into a folder; the files' names."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in seen:
        for moment, data in (("before", one.before), ("after", one.after)):
            if data:
                place = folder / Path(f"{one.step}-{moment}.{_kind(data)}").name
                place.write_bytes(data)
                written.append(place.name)
    return written


def page(name: str, told: dict[str, Any], seen: tuple[Seen, ...]) -> str:
    """A comparison as one HTML file."""
    title = f"{escape(name)}: version {told['from']} → {told['to']}"
    words = "".join(f'<li class="{one["what"]}">{escape(one["words"])}</li>' for one in told["words"])
    pairs = "".join(_pair(one) for one in seen)
    lines = "".join(_line(line) for line in told["lines"])
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>"
        f"<ul>{words or '<li>Nothing but the number.</li>'}</ul>{pairs}"
        f"<details><summary>The lines of its file</summary><pre>{lines}</pre></details></html>\n"
    )


def _pair(one: Seen) -> str:
    both = _figure(one.before, "before") + _figure(one.after, "now")
    return f'<h3>{escape(one.words)}</h3><div class="pair">{both}</div>'


def _figure(data: bytes, moment: str) -> str:
    if not data:
        return f'<figure><p class="dim">There is no picture of it.</p><figcaption>{moment}</figcaption></figure>'
    kind = "jpeg" if _kind(data) == "jpg" else "png"
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    return f'<figure><img src="{source}" alt="The element {moment}"><figcaption>{moment}</figcaption></figure>'


def _line(line: str) -> str:
    kind = "added" if line.startswith("+") else "gone" if line.startswith("-") else ""
    return f'<span class="{kind}">{escape(line)}</span>\n'


def _kind(data: bytes) -> str:
    return "png" if data.startswith(b"\x89PNG") else "jpg"
