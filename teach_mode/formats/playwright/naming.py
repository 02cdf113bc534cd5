"""A chain of Playwright's as a skill names elements: locators and a frame, and what of it could not be said. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from browser.frames import plain_of
from browser.locators import Locator, LocatorKind
from teach_mode.formats.playwright import css
from teach_mode.formats.playwright.chains import Chain, Part, Words, written
from teach_mode.formats.playwright.paths import NoPath, label_path, path_of
from teach_mode.formats.playwright.patterns import plain_words
from teach_mode.templates import places_in

_KINDS = {
    "label": LocatorKind.LABEL,
    "placeholder": LocatorKind.PLACEHOLDER,
    "text": LocatorKind.TEXT,
}
_FRAME_ATTRIBUTE = re.compile(r"""\[\s*(name|id|src)\s*\*?=\s*("[^"]*"|'[^']*'|[\w.-]+)\s*\]""")
_FRAME_ID = re.compile(r"#([\w-]+)")
_SAID_IN_CSS = re.compile(r""":(?:has-text|text|text-is)\(\s*("[^"]*"|'[^']*')""")
_SAID_IN_XPATH = re.compile(r"""(?:(?:text\(\)|\.|normalize-space\([^)]*\))\s*[,=]\s*)("[^"]*"|'[^']*')""")
# Where a label ends and the options of the list inside of it begin: "Reason Please chooseToo large".
_JOINED = re.compile(r"[^\W\dA-Z_][A-Z]|[^\W\d_]\d|\d[^\W\d_]")
# What picks among what was found before it, and what holds a chain of its own.
_PICKING = frozenset(("nth", "visible", "has-text", "has-not-text", "has", "has-not"))
_NESTING = frozenset(("and", "or", "chain"))
_UNSAID_STATES = frozenset(("checked", "include-hidden", "includeHidden"))


class Named(Struct, frozen=True, kw_only=True):
    """`locators` find the element in `frame`; `known` say what it is, though they may find others, too. `lost`: what
    of the chain is not in them, in words."""

    locators: tuple[Locator, ...]
    known: tuple[Locator, ...] = ()
    frame: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class Nameless(ValueError):
    """A chain that no locator of a skill stands for; the message says why."""


def named(chain: Chain, url: str = "") -> Named:
    """The chain's element, its texts templates. `url`: the page's address, for frames. Raises Nameless."""
    frame, own = _frames(chain, url)
    own = tuple(part for part in own if part.engine != "visible")
    if not own:
        raise Nameless(f"{written(chain)!r} names no element")
    choices = _choices(own)
    found = [_plainly(choice) or _by_path(choice) for choice in choices]
    known = tuple(one for choice in choices for one in _known(choice))
    lost = tuple(one for choice in choices for one in _lost(choice))
    lost += tuple(one for _, why in found for one in why)
    return Named(locators=tuple(one for ways, _ in found for one in ways), known=known, frame=frame, lost=lost)


def as_field(chain: Chain) -> Chain:
    """The chain of a field for files: Playwright calls it a button, a skill knows it by its label."""
    last = chain[-1] if chain else None
    if last is None or last.engine != "role" or last.source != "button" or last.text is None:
        return chain
    return (*chain[:-1], Part(engine="label", text=last.text))


def _choices(chain: Chain) -> list[Chain]:
    """The chains that stand for the same element, one or the other: `a.or_(b)`."""
    for at, part in enumerate(chain):
        if part.engine == "or":
            after = chain[at + 1 :]
            if not [one for one in after if one.engine != "nth"]:
                return [chain[:at] + after, *(choice + after for choice in _choices(part.inner))]
    return [chain]


def _lost(chain: Chain) -> list[str]:
    lost = []
    for part in chain:
        if part.text is not None and part.text.pattern:
            words, whole = plain_words(part.text)
            if not whole:
                said = " or ".join(repr(one.text) for one in words) or "nothing"
                lost.append(f"the pattern /{part.text.text}/ is looked for as {said}")
        lost += [f"that it is [{state}={value}]" for state, value in part.states if state == "checked"]
    return lost


def _known(chain: Chain) -> list[Locator]:
    """What the last part that names something says about the element, and the texts that it is picked by."""
    at = max((number for number, part in enumerate(chain) if part.engine not in _PICKING), default=-1)
    if at < 0:
        return []
    base, known = chain[at], _texts(chain[at:])
    if base.engine in _NESTING:
        return [*_known(base.inner), *known]
    if base.engine == "label" and base.text is not None and _JOINED.search(base.text.text):
        return known
    try:
        return [*(replace(one, nth=None) for one in _ways(base)), *known]
    except Nameless:
        return known


def _texts(chain: Chain) -> list[Locator]:
    """The texts that stand in a selector or are asked for beside it, as locators."""
    found: list[str] = []
    for part in chain:
        if part.engine in ("css", "xpath"):
            found += [
                text[1:-1] for text in (_SAID_IN_CSS if part.engine == "css" else _SAID_IN_XPATH).findall(part.source)
            ]
        elif part.engine == "has-text" and part.text is not None:
            words = plain_words(part.text)[0] if part.text.pattern else (part.text,)
            found += [one.text for one in words]
    return [Locator(kind=LocatorKind.TEXT, value=text) for text in found if text.strip()]


def _plainly(chain: Chain) -> tuple[list[Locator], list[str]] | None:
    """The chain by one of the skill's own locators; None: it takes a path."""
    nth = chain[-1].nth if chain[-1].engine == "nth" else None
    parts = chain if nth is None else chain[:-1]
    if not parts or (nth is not None and nth < 0):
        return None
    if all(part.engine == "css" and css.is_standard(part.source) for part in parts):
        value = " >> ".join(part.source for part in parts)
        return [Locator(kind=LocatorKind.CSS, value=value, nth=nth)], []
    if len(parts) != 1 or any(state not in _UNSAID_STATES for state, _ in parts[0].states):
        return None
    if parts[0].engine == "css":
        return None
    if nth is not None and parts[0].engine in ("alt", "title"):
        return None
    return [replace(one, nth=nth) for one in _ways(parts[0])], []


def _by_path(chain: Chain) -> tuple[list[Locator], list[str]]:
    try:
        path = path_of(chain)
    except NoPath as error:
        return _last_alone(chain, str(error))
    return [Locator(kind=LocatorKind.XPATH, value=path)], []


def _last_alone(chain: Chain, why: str) -> tuple[list[Locator], list[str]]:
    """By the last part that names something, without what it stands in."""
    for part in reversed(chain):
        if part.engine in (
            "nth",
            "has-text",
            "has-not-text",
            "has",
            "has-not",
            "visible",
            "and",
            "or",
            "chain",
            "frame",
        ):
            continue
        if part.engine == "css" and not css.is_standard(part.source):
            break
        ways = _ways(part)
        if len(chain) == 1:
            return ways, []
        return ways, [f"only {written((part,))} of {written(chain)} is looked for: {why}"]
    raise Nameless(f"{written(chain)!r} cannot be looked for: {why}")


def _ways(part: Part) -> list[Locator]:
    """The locators of one part by itself, one a choice of its words."""
    if part.engine == "css":
        return [Locator(kind=LocatorKind.CSS, value=part.source)]
    if part.engine == "xpath":
        return [Locator(kind=LocatorKind.XPATH, value=part.source)]
    words: Sequence[Words] = () if part.text is None else (part.text,)
    if part.text is not None and part.text.pattern:
        words, _ = plain_words(part.text)
    if part.engine == "role":
        if not words:
            return [Locator(kind=LocatorKind.ROLE, value=part.source)]
        return [Locator(kind=LocatorKind.ROLE, value=part.source, name=one.text, exact=one.exact) for one in words]
    if not words:
        raise Nameless(f"{written((part,))!r} holds no words that could be looked for")
    if part.engine == "testid":
        return [Locator(kind=LocatorKind.TESTID, value=one.text) for one in words]
    if part.engine == "label" and any(_JOINED.search(one.text) for one in words):
        plain = [Locator(kind=LocatorKind.LABEL, value=one.text, exact=one.exact) for one in words]
        return [*plain, Locator(kind=LocatorKind.XPATH, value=label_path(tuple(words)))]
    if part.engine in _KINDS:
        return [Locator(kind=_KINDS[part.engine], value=one.text, exact=one.exact) for one in words]
    return [_attribute(part.engine, one) for one in words]


def _attribute(name: str, words: Words) -> Locator:
    text = words.text.replace("\\", "\\\\").replace('"', '\\"')
    value = f'[{name}="{text}"]' if words.exact else f'[{name}*="{text}" i]'
    return Locator(kind=LocatorKind.CSS, value=value)


def _frames(chain: Chain, url: str) -> tuple[tuple[str, ...], Chain]:
    """The frame that the chain leads into, and what is looked for there."""
    frame: list[str] = []
    own: list[Part] = []
    for part in chain:
        if part.engine != "frame":
            own.append(part)
            continue
        if part.source == "any":
            raise Nameless("a frame that is looked for anywhere has no name")
        frame.append(_frame(tuple(own), url))
        own = []
    return tuple(frame), tuple(own)


def _frame(chain: Chain, url: str) -> str:
    """The address of a frame that a chain names: its name or id, its address, else its place."""
    nth = next((part.nth for part in chain if part.engine == "nth"), 0)
    parts = [part for part in chain if part.engine not in ("nth", "visible")]
    source = parts[-1].source.strip() if parts and parts[-1].engine == "css" else ""
    found = {name: value.strip("\"'") for name, value in _FRAME_ATTRIBUTE.findall(source)}
    by_id = _FRAME_ID.search(re.sub(r"\[[^\]]*\]", "", source))
    twin = f" nth={nth}" if nth > 0 else ""
    if name := found.get("name") or (by_id[1] if by_id is not None else found.get("id")):
        return plain_of(name, "") + twin
    if "src" in found and not places_in(found["src"]) and urlsplit(address := urljoin(url, found["src"])).netloc:
        return plain_of("", address) + twin
    if source in ("iframe", "frame", ":is(iframe, frame)") and len(parts) == 1 and nth >= 0:
        return f"index={nth}"
    raise Nameless(
        f"a skill knows a frame by its name, its id, its address or its place, and {written(chain)!r} says none of them"
    )
