"""The file in which a skill is handed on: JSON with the skill, what it comes to, and who made it.

| field | is |
|---|---|
| `leveret_share` | 1 |
| `skill` | a skill file, without what was its maker's |
| `listing` | what its steps come to: origins, effect, acts with what they show and hold to a limit, needs |
| `pictures`, `files` | in base 64, those that its maker chose |
| `author`, `made_at` | what the maker says of themselves, and when it was made, in UTC seconds |
| `digest`, `key`, `signature` | SHA-256 of all of that, signed by the maker's key (Ed25519) |
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from teach_mode.checks import parse_skill
from teach_mode.errors import ImportRefused, SharedRefused, SkillError
from teach_mode.formats.source import Source
from teach_mode.sharing.listing import Listing, listed, misfits
from teach_mode.sharing.signing import fingerprint, is_signed, signed
from teach_mode.skill import Skill
from teach_mode.uploads import is_plain, kept_by

FORMAT = 1
MARK = "leveret_share"
SUFFIX = ".leveret.json"
MOST_AUTHOR_CHARS = 80
LATEST_S = 1e11  # no time of a file is later
_FIELDS = frozenset({MARK, "skill", "listing", "pictures", "files", "author", "made_at", "digest", "key", "signature"})
_IMAGES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png"}


class Shared(Struct, frozen=True, kw_only=True):
    """A shared file that was read and found whole. `maker` is the fingerprint of the key that signed it."""

    skill: Skill
    listing: Listing
    author: str
    made_at: float
    digest: str
    maker: str
    pictures: dict[str, bytes]
    files: dict[str, bytes]

    @property
    def lacks(self) -> tuple[str, ...]:
        """Files that the skill gives to a site and that its maker kept."""
        return tuple(name for name in kept_by(self.skill) if name not in self.files)


def write(
    skill: Skill,
    *,
    author: str,
    made_at: float,
    key: str,
    pictures: Mapping[str, bytes] | None = None,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    """A skill as a shared file, signed with a private key in hex. What is in `skill` is in the file."""
    content: dict[str, Any] = {
        MARK: FORMAT,
        "author": author,
        "made_at": made_at,
        "listing": msgspec.to_builtins(listed(skill)),
        "skill": msgspec.to_builtins(skill),
        "pictures": _encoded(pictures or {}),
        "files": _encoded(files or {}),
    }
    content = json.loads(msgspec.json.encode(content))
    digest = _digest(content)
    public, signature = signed(key, digest)
    return json.dumps(content | {"digest": digest, "key": public, "signature": signature}, indent=1).encode() + b"\n"


def is_shared(source: Source) -> bool:
    """Whether a file calls itself a shared skill."""
    return f'"{MARK}"' in source.text[:200]


def read(source: Source) -> Shared:
    """A shared file, looked through. Raises SharedRefused with the reason why it is not taken."""
    raw = _raw(source)
    digest = _digest({name: raw[name] for name in raw if name not in ("digest", "key", "signature")})
    if raw["digest"] != digest:
        raise SharedRefused(f"{source.called} was changed after it was made: its digest is another one")
    if not is_signed(raw["key"], raw["signature"], digest):
        raise SharedRefused(f"{source.called} was changed after it was made: its signature does not fit")
    try:
        skill = parse_skill(json.dumps(raw["skill"]).encode(), source.called)
    except SkillError as error:
        raise SharedRefused(f"its skill cannot be taken: {error}") from error
    if skill.calls:
        raise SharedRefused(f"it calls {skill.calls[0].skill!r}; what is shared may not use skills of yours")
    if listed(skill) != _listing(raw["listing"], source):
        raise SharedRefused(f"{source.called} lists other things than its steps do; ask its maker for a true one")
    for words in misfits(skill):
        raise SharedRefused(f"it does more than it says: {words}")
    return Shared(
        skill=skill,
        listing=listed(skill),
        author=raw["author"],
        made_at=raw["made_at"],
        digest=digest,
        maker=fingerprint(raw["key"]),
        pictures=_pictures(raw["pictures"], skill),
        files=_files(raw["files"], skill),
    )


def _raw(source: Source) -> dict[str, Any]:
    try:
        raw = source.json
    except ImportRefused as error:
        raise SharedRefused(str(error)) from error
    if not isinstance(raw, dict) or raw.get(MARK) != FORMAT:
        found = raw.get(MARK) if isinstance(raw, dict) else None
        raise SharedRefused(f"{source.called} is of format {found!r}; this version takes format {FORMAT}")
    if odd := sorted(_FIELDS ^ raw.keys()):
        raise SharedRefused(f"{source.called}: {odd[0]!r} is missing or does not belong there")
    for name, kind in (("digest", str), ("key", str), ("signature", str), ("author", str)):
        if not isinstance(raw[name], kind) or len(raw[name]) > 200:
            raise SharedRefused(f"{source.called}: {name!r} is no text of a usual length")
    made_at = raw["made_at"]
    if isinstance(made_at, bool) or not isinstance(made_at, int | float) or not 0 <= made_at < LATEST_S:
        raise SharedRefused(f"{source.called}: 'made_at' is no time")
    if len(raw["author"]) > MOST_AUTHOR_CHARS or not raw["author"].isprintable():
        raise SharedRefused(f"{source.called}: its author is no name")
    return raw


def _listing(raw: Any, source: Source) -> Listing:
    try:
        return msgspec.convert(raw, Listing)
    except msgspec.ValidationError as error:
        raise SharedRefused(f"{source.called}: what it lists cannot be read: {error}") from error


def _pictures(raw: Any, skill: Skill) -> dict[str, bytes]:
    steps = {step.id for step in skill.all_steps}
    found = _decoded(raw)
    for name, data in found.items():
        stem, _, _ = name.rpartition(".")
        suffix = next((suffix for magic, suffix in _IMAGES.items() if data.startswith(magic)), "")
        if stem.removesuffix("-after").removesuffix("-before") not in steps or not suffix or not name.endswith(suffix):
            raise SharedRefused(f"{name!r} is no picture of one of its steps")
    return found


def _files(raw: Any, skill: Skill) -> dict[str, bytes]:
    found = _decoded(raw)
    for name in found:
        if not is_plain(name) or name not in kept_by(skill):
            raise SharedRefused(f"it brings a file {name[:64]!r} that none of its steps gives")
    return found


def _encoded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(data).decode() for name, data in sorted(files.items())}


def _decoded(raw: Any) -> dict[str, bytes]:
    try:
        return {str(name): base64.b64decode(data, validate=True) for name, data in raw.items()}
    except (AttributeError, TypeError, ValueError, binascii.Error) as error:
        raise SharedRefused(f"what it brings along cannot be read: {error}") from error


def _digest(content: Mapping[str, Any]) -> str:
    """Of the content, however the file is laid out."""
    plain = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()
