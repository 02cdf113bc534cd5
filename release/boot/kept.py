"""What must be known at the next start: `chosen/state.json`. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

FORMAT: Final = 1
REFUSED: Final = 50
# As `release.manifest.is_name`; nothing is imported from there, for it needs more than the standard library.
_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+]{0,31}-[1-9][0-9]{0,9}")


@dataclass(frozen=True, slots=True)
class Kept:
    """Names are folders below `releases/`; empty where there is none.

    `good` ran well last, `previous` before it. `counter`: the highest that ever ran well. `trying`: begun `tries` times
    and not yet well. `undoing`: failed, and what it did to the databases is being put back. `back`: `trying` is older,
    and databases are those of before `back`. `linked`, `lacking`: whether there was a link to the cloud, and which
    parts were missing, when the trial began. `why`: what happened last, in words.
    """

    good: str
    counter: int = 0
    previous: str = ""
    trying: str = ""
    tries: int = 0
    undoing: str = ""
    back: str = ""
    linked: bool = False
    lacking: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    why: str = ""


def is_name(name: str) -> bool:
    """Whether this can be the folder of a release."""
    return _NAME.fullmatch(name) is not None


def counter_of(name: str) -> int:
    """The number at the end of the name of a release."""
    return int(name.rpartition("-")[2])


def refuse(kept: Kept, name: str) -> Kept:
    """Never take this one again; the oldest refusals are forgotten, which their counters forbid anyway."""
    others = tuple(one for one in kept.refused if one != name)
    return replace(kept, refused=(*others, name)[-REFUSED:])


def encode(kept: Kept) -> bytes:
    """As it is written."""
    return json.dumps({"format": FORMAT, **asdict(kept)}, sort_keys=True).encode() + b"\n"


def decode(data: bytes) -> Kept | None:
    """What was written; None when it is torn, or another's. Fields of a newer one are left out."""
    try:
        told = json.loads(data)
    except ValueError:
        return None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        return None
    kinds = {"counter": int, "tries": int, "linked": bool, "lacking": list, "refused": list}
    known: dict[str, Any] = {}
    for field in fields(Kept):
        value = told.get(field.name)
        if type(value) is not kinds.get(field.name, str):
            return None
        known[field.name] = tuple(str(one) for one in value) if isinstance(value, list) else value
    kept = Kept(**known)
    names = (kept.good, kept.previous, kept.trying, kept.undoing, kept.back)
    return kept if kept.good and all(not name or is_name(name) for name in names) else None


def recover(whole: Iterable[str], pointed: str) -> Kept | None:
    """What can be said when nothing is kept: `whole` are the releases that are there, `pointed` where `current` leads.

    None when there is no release at all.
    """
    names = sorted((name for name in whole if is_name(name)), key=counter_of)
    if not names:
        return None
    good = pointed if pointed in names else names[-1]
    older = [name for name in names if counter_of(name) < counter_of(good)]
    why = "What was known of the releases could not be read; it was put together from what is there."
    return Kept(good=good, counter=counter_of(good), previous=older[-1] if older else "", why=why)
