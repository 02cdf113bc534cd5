"""Playwright's selectors as a recording writes them: `internal:role=button[name="Save"i] >> nth=0`. Pure.

Engines are told by their prefix; without one, a selector is XPath when it begins with `//` or `..`, a text when it
stands in quotes, CSS otherwise. What `page.locator("…")` of a script is given is read by the same rules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from teach_mode.formats.playwright.chains import Chain, Engine, Part, SelectorUnreadable, Words

_ENGINE = re.compile(r"\*?[a-zA-Z_0-9+:-]+")
_OLD_TEXT = re.compile(r"\s*text\s*=.")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', re.DOTALL)
_PATTERN = re.compile(r"/((?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])*)/([a-z]*)", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""\s*\[\s*(?P<name>"[^"]*"|[\w-]+)\s*(?:=\s*
    (?:(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(?P<case>[iIsS])?|(?P<pattern>/(?:[^/\\\[]|\\.|\[(?:[^\]\\]|\\.)*\])*/[a-z]*)
    |(?P<plain>[\w+.-]+)))?\s*\]""",
    re.VERBOSE | re.DOTALL,
)
_TEXTS: dict[str, Engine] = {
    "internal:label": "label",
    "internal:text": "text",
    "internal:has-text": "has-text",
    "internal:has-not-text": "has-not-text",
}
_INNER: dict[str, Engine] = {
    "internal:has": "has",
    "internal:has-not": "has-not",
    "internal:and": "and",
    "internal:or": "or",
    "internal:chain": "chain",
}
_ATTRIBUTES: dict[str, Engine] = {"placeholder": "placeholder", "alt": "alt", "title": "title"}
# As deep as selectors stand in selectors.
MOST_DEEP = 8
MOST_CHARS = 4_000


def parse(selector: str, deep: int = 0) -> Chain:
    """The chain of a selector. Raises SelectorUnreadable."""
    if len(selector) > MOST_CHARS:
        raise SelectorUnreadable(f"the selector has more than {MOST_CHARS:,} characters")
    if deep > MOST_DEEP:
        raise SelectorUnreadable(f"selectors stand more than {MOST_DEEP} deep in one another")
    parts = [part for piece in _pieces(selector) for part in _part(*_named(piece), deep)]
    if not parts:
        raise SelectorUnreadable("the selector is empty")
    return tuple(parts)


def _pieces(selector: str) -> Iterator[str]:
    """The selector cut at `>>` outside quotes. A `text=` selector may hold a lone quote."""
    start, at, quote = 0, 0, ""
    while at < len(selector):
        char = selector[at]
        if char == "\\":
            at += 1
        elif char == quote:
            quote = ""
        elif not quote and char in "\"'`" and not _OLD_TEXT.match(selector, start, at):
            quote = char
        elif not quote and selector.startswith(">>", at):
            yield selector[start:at].strip()
            at += 1
            start = at + 1
        at += 1
    yield selector[start:].strip()


def _named(piece: str) -> tuple[str, str]:
    """The engine and the body of a piece."""
    name, equals, body = piece.partition("=")
    if equals and _ENGINE.fullmatch(name.strip()):
        return name.strip().removeprefix("*"), body
    if len(piece) > 1 and piece[0] == piece[-1] and piece[0] in "\"'":
        return "text", piece
    if re.match(r"\(*//", piece) or piece.startswith(".."):
        return "xpath", piece
    return "css", piece


def _part(engine: str, body: str, deep: int) -> Iterator[Part]:
    if engine in _TEXTS:
        yield Part(engine=_TEXTS[engine], text=_words(body))
    elif engine in _INNER:
        yield Part(engine=_INNER[engine], inner=parse(_inner(engine, body), deep + 1))
    elif engine in ("internal:role", "role"):
        yield _role(body, exact=engine == "role")
    elif engine in ("internal:testid", "internal:attr"):
        yield _attribute(engine, body)
    elif engine in ("css", "css:light"):
        if not body.strip():
            raise SelectorUnreadable("the selector is empty")
        yield Part(engine="css", source=body.strip())
    elif engine == "xpath":
        yield Part(engine="xpath", source=body.strip())
    elif engine == "nth":
        if not re.fullmatch(r"\s*-?\d{1,6}\s*", body):
            raise SelectorUnreadable(f"nth={body} is no number")
        yield Part(engine="nth", nth=int(body))
    elif engine == "visible":
        if body.strip() != "true":
            raise SelectorUnreadable("visible=false asks for what is not to be seen")
        yield Part(engine="visible")
    elif engine in ("text", "text:light"):
        yield Part(engine="text", text=_old_text(body.strip()))
    elif engine in ("id", "data-testid", "data-test-id", "data-test"):
        yield _by_attribute(engine, body.strip())
    elif engine == "internal:control" and body in ("enter-frame", "any-frame"):
        yield Part(engine="frame", source=body.removesuffix("-frame"))
    elif engine == "internal:describe":
        return  # Words for people.
    else:
        raise SelectorUnreadable(f"nothing here knows the selector engine {engine!r}")


def _inner(engine: str, body: str) -> str:
    try:
        inner = json.loads(body)
    except ValueError as error:
        raise SelectorUnreadable(f"{engine} holds a selector in quotes, not {body[:60]}") from error
    if not isinstance(inner, str):
        raise SelectorUnreadable(f"{engine} holds a selector in quotes, not {body[:60]}")
    return inner


def _words(body: str) -> Words:
    """`"Save"i` anywhere in any case, `"Save"s` the whole text, `/sa.e/i` a pattern; without quotes, anywhere."""
    body = body.strip()
    pattern = _PATTERN.fullmatch(body)
    if pattern:
        return Words(text=pattern[1], exact="i" not in pattern[2], pattern=True)
    if len(body) > 2 and body[0] == '"' and body[-2:] in ('"i', '"s'):
        return Words(text=_unquoted(body[:-1]), exact=body[-1] == "s")
    if _QUOTED.fullmatch(body):
        return Words(text=_unquoted(body), exact=True)
    return Words(text=body)


def _old_text(body: str) -> Words:
    """`text=Save` anywhere in any case, `text="Save"` the whole text."""
    pattern = _PATTERN.fullmatch(body)
    if pattern:
        return Words(text=pattern[1], exact="i" not in pattern[2], pattern=True)
    if _QUOTED.fullmatch(body):
        return Words(text=_unquoted(body), exact=True)
    return Words(text=body)


def _unquoted(quoted: str) -> str:
    try:
        text = json.loads(quoted)
    except ValueError:
        text = re.sub(r"\\(.)", r"\1", quoted[1:-1])
    return text if isinstance(text, str) else quoted[1:-1]


def _attributes(body: str) -> Iterator[tuple[str, Words]]:
    at = 0
    while at < len(body):
        found = _ATTRIBUTE.match(body, at)
        if found is None or found.end() == at:
            if not body[at:].strip():
                return
            raise SelectorUnreadable(f"{body[at : at + 60]!r} is no [attribute=value]")
        at = found.end()
        name = found["name"].strip('"')
        if found["quoted"] is not None:
            yield name, Words(text=_unquoted(found["quoted"]), exact=found["case"] not in ("i", "I"))
        elif found["pattern"] is not None:
            pattern = _PATTERN.fullmatch(found["pattern"])
            source, flags = (pattern[1], pattern[2]) if pattern else (found["pattern"], "")
            yield name, Words(text=source, exact="i" not in flags, pattern=True)
        else:
            yield name, Words(text=found["plain"] or "true", exact=True)


def _role(body: str, *, exact: bool) -> Part:
    role = re.match(r"\s*([\w-]+)", body)
    if role is None:
        raise SelectorUnreadable(f"{body[:60]!r} names no role")
    name: Words | None = None
    states = []
    for key, words in _attributes(body[role.end() :]):
        if key == "name":
            name = words if not exact or words.pattern else Words(text=words.text, exact=words.exact)
        else:
            states.append((key, words.text))
    return Part(engine="role", source=role[1], text=name, states=tuple(states))


def _attribute(engine: str, body: str) -> Part:
    for name, words in _attributes(body):
        if engine == "internal:testid":
            if words.pattern or name == "data-testid":
                return Part(engine="testid", text=words)
            return _by_attribute(name, words.text)
        if name in _ATTRIBUTES:
            return Part(engine=_ATTRIBUTES[name], text=words)
        return _by_attribute(name, words.text)
    raise SelectorUnreadable(f"{engine}={body[:60]} names no attribute")


def _by_attribute(name: str, value: str) -> Part:
    if name == "data-testid":
        return Part(engine="testid", text=Words(text=value, exact=True))
    return Part(engine="css", source=f"[{name}={json.dumps(value, ensure_ascii=False)}]")
