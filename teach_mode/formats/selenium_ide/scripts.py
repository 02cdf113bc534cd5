"""Scripts that stand in `.side` files again and again, or that our own exports have: each is known by its whole text,
and none is ever run here. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from teach_mode.templates import FILTERS

_RETURN = re.compile(r"\s*return\s+(?P<what>.+?)\s*;?\s*", re.DOTALL)
_ADDRESS = re.compile(r"(?:window\.|document\.)?location(?:\.href)?(?:\.toString\(\))?|document\.URL")
_SCROLL = re.compile(
    r"\s*(?:return\s+)?window\.scroll(?P<by>To|By)?\(\s*(?:0(?:\.0+)?\s*,\s*(?P<y>-?\d{1,6})(?:\.\d+)?)\s*\)\s*;?\s*"
)
_MATCHES = re.compile(r"new RegExp\((?P<pieces>.+)\)\.test\(window\.location\.href\)", re.DOTALL)
_PIECE = re.compile(r"""(?P<text>"(?:[^"\\]|\\.)*")|\$\{(?P<name>\w+)\}""")
_SET = (
    "const field = document.querySelector({selector}); field.value = {value}; "
    'for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, {{bubbles: true}}));'
)
_SETS = re.compile(
    re.escape(_SET.format(selector="§", value="¤"))
    .replace("§", r'(?P<selector>"(?:[^"\\]|\\.)*")')
    .replace("¤", r"(?P<value>.*?)"),
    re.DOTALL,
)
# What our filters are in JavaScript; `$` is the value.
_FILTERS = {
    "words": r'$.replace(/[-_]+/g, " ")',
    "lower": "$.toLowerCase()",
    "upper": "$.toUpperCase()",
    "digits": r'$.replace(/\D/g, "")',
    "capital": r'$.replace(/[-_]+/g, " ").replace(/^./, (sign) => sign.toUpperCase())',
    "title": r'$.replace(/[-_]+/g, " ").replace(/(^| )[^ ]/g, (sign) => sign.toUpperCase())',
}
_FILTERED = {
    name: re.compile(re.escape(script).replace(re.escape("$"), r"\$\{(?P<name>\w+)\}"))
    for name, script in _FILTERS.items()
}


def returned(script: str) -> object | None:
    """The JSON value that a script only returns; None where it does anything else."""
    match = _RETURN.fullmatch(script)
    if match is None:
        return None
    what = match["what"]
    single = re.fullmatch(r"'([^'\\]*)'", what)
    if single is not None:
        return single[1]
    try:
        value: object = json.loads(what)
    except (ValueError, RecursionError):
        return None
    return value


def reads_address(script: str) -> bool:
    """Whether a script only returns the page's address."""
    match = _RETURN.fullmatch(script)
    return match is not None and _ADDRESS.fullmatch(match["what"]) is not None


def scrolled(script: str) -> int | None:
    """How far down a script scrolls the page, from where it is or, for `scrollTo`, from its top, px."""
    match = _SCROLL.fullmatch(script)
    return int(match["y"]) if match is not None else None


def scroll_by(px: str) -> str:
    """The script that scrolls the page by so many px."""
    return f"window.scrollBy(0, {px})"


def address_test(pieces: Sequence[str | tuple[str]]) -> str:
    """The script that tells whether the page's address fits a glob (`*` any text), in pieces: texts, and variables."""
    whole: list[str] = ["^"]
    for piece in pieces:
        plain = f"${{{piece[0]}}}" if isinstance(piece, tuple) else ".*".join(_escaped(one) for one in piece.split("*"))
        if isinstance(piece, tuple) or whole[-1].startswith("${"):
            whole.append(plain)
        else:
            whole[-1] += plain
    whole += ["$"] if whole[-1].startswith("${") else []
    whole[-1] += "" if whole[-1] == "$" else "$"
    written = [one if one.startswith("${") else _string(one) for one in whole if one]
    return f"return new RegExp({' + '.join(written)}).test(window.location.href)"


def address_tested(script: str) -> str | None:
    """The glob of such a script, with its `${variables}`; None where it is another one."""
    match = _RETURN.fullmatch(script)
    tested = _MATCHES.fullmatch(match["what"]) if match is not None else None
    if tested is None:
        return None
    found = _joined(tested["pieces"])
    if found is None or not (found.startswith("^") and found.endswith("$")):
        return None
    parts = re.split(r"(?<!\[)\.\*", found[1:-1])
    bare = [re.sub(r"\[.\]|\$\{\w+\}", "", part) for part in parts]
    if any(re.search(r"[.^$*+?()\[\]{}|\\]", part) for part in bare):
        return None
    return "*".join(re.sub(r"\[(.)\]", r"\1", part) for part in parts)


def field_set(selector: str, pieces: Sequence[str | tuple[str]]) -> str | None:
    """The script that gives a field a value, in pieces: texts, and variables; typed, a date would have the order of the
    browser's own language. None where the player would read the script otherwise."""
    written = [f"${{{one[0]}}}" if isinstance(one, tuple) else _string(one) for one in pieces if one]
    script = _SET.format(selector=_string(selector), value=" + ".join(written) or '""')
    return None if "\\\\" in script or "\\n" in script or "\\r" in script else script


def field_that_is_set(script: str) -> tuple[str, str] | None:
    """The selector and the value, with its `${variables}`, of such a script; None where it is another one."""
    match = _SETS.fullmatch(script)
    value = _joined(match["value"]) if match is not None else None
    return (str(json.loads(match["selector"])), value) if match is not None and value is not None else None


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _joined(written: str) -> str | None:
    """Texts and variables joined by `+`, as one text; None where there is anything else."""
    found, at = "", 0
    for piece in _PIECE.finditer(written):
        if written[at : piece.start()] != (" + " if at else ""):
            return None
        at = piece.end()
        found += piece[0] if piece["name"] else str(json.loads(piece["text"]))
    return found if at == len(written) and at else None


def _escaped(text: str) -> str:
    """A text in a regular expression without a backslash, which the player would read first."""
    return "".join("." if one in '\\^]"' else f"[{one}]" if one in ".$*+?()[{}|" else one for one in text)


def filtering(name: str, filters: tuple[str, ...]) -> str | None:
    """The script that puts filters of ours on a variable; None where one has no such form."""
    if len(filters) != 1 or filters[0] not in _FILTERS or filters[0] not in FILTERS:
        return None
    return "return " + _FILTERS[filters[0]].replace("$", f"${{{name}}}", 1)


def filtered(script: str) -> tuple[str, str] | None:
    """The variable and the filter of such a script; None where it is another one."""
    match = _RETURN.fullmatch(script)
    if match is None:
        return None
    for filter_name, pattern in _FILTERED.items():
        found = pattern.fullmatch(match["what"])
        if found is not None:
            return found["name"], filter_name
    return None
