"""Selenium's locators, `type=value`, and ours. What has no locator of its own in Selenium is written as an XPath of a
fixed shape, by which it is known again. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from browser.locators import Locator, LocatorKind
from teach_mode.formats.xpaths import xpath_text

_TYPED = re.compile(r"(id|name|css|xpath|link|linkText|partialLinkText|identifier)\s*=\s*(.+)", re.DOTALL)
_WORD = re.compile(r"-?[A-Za-z_][\w-]*")
LITERAL = r"'[^']*'|\"[^\"]*\"|concat\((?:'[^']*'|\"[^\"]*\"|[, ])*\)"
_INDEXED = re.compile(r"\((?P<all>.*)\)\[(?P<number>\d{1,4})\]", re.DOTALL)
_VALUE = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_TESTID = re.compile(rf"\*?\[data-testid={_VALUE}\]")
_PLACEHOLDER = re.compile(rf"\*?\[placeholder={_VALUE}\]")
# What a field is called: by a label around or for it, or by itself.
_CALLED = (
    "[@id=//label[normalize-space()={text}]/@for or ancestor::label[normalize-space()={text}]"
    " or @aria-label={text} or @placeholder={text}]"
)
_LIKE = (
    "[@id=//label[contains(normalize-space(),{text})]/@for or ancestor::label[contains(normalize-space(),{text})]"
    " or contains(@aria-label,{text}) or contains(@placeholder,{text})]"
)
_FIELD = "//*[self::input or self::textarea or self::select]"
_TYPES = ("text", "email", "tel", "url", "password", "date", "time", "datetime-local", "month", "week")
_LINE = " or ".join(("not(@type)", *(f"@type='{one}'" for one in _TYPES)))
_FIELDS = {
    "checkbox": "//input[@type='checkbox']",
    "radio": "//input[@type='radio']",
    "combobox": "//select[not(@multiple)]",
    "listbox": "//select[@multiple]",
    "spinbutton": "//input[@type='number']",
    "searchbox": "//input[@type='search']",
    "slider": "//input[@type='range']",
    "textbox": f"//*[self::textarea or self::input[{_LINE}] or @contenteditable='true' or @role='textbox']",
}
_HEADINGS = "self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6 or @role='heading'"
_SELVES = {
    "button": "self::button or @role='button' or self::input[@type='submit' or @type='button' or @type='reset']",
    "link": "self::a or @role='link'",
    "heading": _HEADINGS,
    "img": "self::img or @role='img'",
    "option": "self::option or @role='option'",
    "cell": "self::td or @role='cell'",
    "row": "self::tr or @role='row'",
    "listitem": "self::li or @role='listitem'",
}
_SAYS = "[normalize-space()={text} or @aria-label={text} or @value={text} or @title={text} or @alt={text}]"
_MENTIONS = (
    "[contains(normalize-space(),{text}) or contains(@aria-label,{text}) or contains(@value,{text})"
    " or contains(@title,{text}) or contains(@alt,{text})]"
)
_TEXT_IS = "//*[not(self::script or self::style)][normalize-space()={text} and not(*[normalize-space()={text}])]"
_TEXT_HAS = (
    "//*[not(self::script or self::style)]"
    "[contains(normalize-space(),{text}) and not(*[contains(normalize-space(),{text})])]"
)


# What the recorder writes of an element by its text, and the roles of such elements.
_RECORDED = re.compile(rf"//(?P<tag>[a-z][a-z0-9]*)\[contains\((?:\.|text\(\)),\s*(?P<text>{LITERAL})\)\]", re.DOTALL)
_ROLES = {"button": "button", "a": "link", **{f"h{number}": "heading" for number in range(1, 7)}}
_MOST_SAID = 60


class Way(NamedTuple):
    """A locator of Selenium's and what its recorder calls the strategy. `sure`: it finds what ours does, and not only
    what most pages mean by it."""

    written: str
    strategy: str
    sure: bool


@lru_cache(maxsize=4_096)
def locator_of(written: str) -> Locator | None:
    """Our locator for one of Selenium's, without its variables; None where there is none of its kind."""
    written = written.strip()
    if written.startswith(("//", "(//")):
        return _of_xpath(written)
    typed = _TYPED.fullmatch(written)
    if typed is None:
        plain = re.fullmatch(r"[^=\s]+", written)
        return _css(f"{_attribute('id', written)}, {_attribute('name', written)}") if plain else None
    kind, value = typed[1], typed[2].strip()
    match kind:
        case "css":
            return _of_css(value)
        case "xpath":
            return _of_xpath(value)
        case "id":
            return _css(f"#{value}" if _WORD.fullmatch(value) else _attribute("id", value))
        case "name":
            return _css(_attribute("name", value))
        case "identifier":
            return _css(f"{_attribute('id', value)}, {_attribute('name', value)}")
        case _:
            return Locator(kind=LocatorKind.ROLE, value="link", name=value, exact=kind != "partialLinkText")


def said_by(locators: Sequence[Locator]) -> tuple[Locator, ...]:
    """What people see of an element, where the recorder wrote its text into an XPath."""
    found: list[Locator] = []
    for one in locators:
        match = _RECORDED.fullmatch(one.value) if one.kind is LocatorKind.XPATH and one.nth is None else None
        text = " ".join(unquoted(match["text"]).split()) if match is not None else ""
        if match is None or not 0 < len(text) <= _MOST_SAID:
            continue
        role = _ROLES.get(match["tag"])
        if role is not None:
            found.append(Locator(kind=LocatorKind.ROLE, value=role, name=text))
        else:
            found.append(Locator(kind=LocatorKind.TEXT, value=text))
    return tuple(found)


def ways_of(locator: Locator) -> tuple[Way, ...]:
    """How Selenium can name what one of our locators finds, best first; () where it cannot."""
    if locator.kind is LocatorKind.CSS:
        return _ways_of_css(locator)
    if locator.kind is LocatorKind.TESTID:
        return _ways_of_css(
            Locator(kind=LocatorKind.CSS, value=_attribute("data-testid", locator.value), nth=locator.nth)
        )
    if locator.kind is LocatorKind.XPATH:
        return (_xpath(locator.value, locator.nth, "xpath:attributes", sure=True),)
    shape = _shape(locator.kind, locator.value, bool(locator.name), locator.exact)
    text = locator.name if locator.kind is LocatorKind.ROLE else locator.value
    found = _xpath(shape.replace("{text}", xpath_text(text)), locator.nth, "xpath:innerText", sure=False)
    is_link = locator.kind is LocatorKind.ROLE and locator.value == "link" and locator.nth is None
    if not (is_link and text) or text != text.strip():
        return (found,)
    # A link may be called otherwise than it reads.
    kind = "linkText" if locator.exact else "partialLinkText"
    return (found, Way(f"{kind}={text}", kind, False))


def unquoted(literal: str) -> str:
    if not literal.startswith("concat("):
        return literal[1:-1]
    return "".join(one[1:-1] for one in re.findall(r"'[^']*'|\"[^\"]*\"", literal[len("concat(") : -1]))


def _ways_of_css(locator: Locator) -> tuple[Way, ...]:
    # Only our CSS has ">>"; and Selenium takes the first that it finds.
    if ">>" in locator.value or locator.nth:
        return ()
    if re.fullmatch(rf"#{_WORD.pattern}", locator.value):
        return (Way(f"id={locator.value[1:]}", "id", True),)
    name = re.fullmatch(r'\[name="([^"=]+)"\]', locator.value)
    if name is not None and name[1] == name[1].strip():
        return (Way(f"name={name[1]}", "name", True),)
    return (Way(f"css={locator.value}", "css:finder", True),)


def _xpath(expression: str, nth: int | None, strategy: str, *, sure: bool) -> Way:
    whole = expression if nth is None else f"({expression})[{nth + 1}]"
    return Way(f"xpath={whole}", strategy, sure)


def _shape(kind: LocatorKind, value: str, named: bool, exact: bool) -> str:
    if kind is LocatorKind.TEXT:
        return _TEXT_IS if exact else _TEXT_HAS
    if kind is LocatorKind.LABEL:
        return _FIELD + (_CALLED if exact else _LIKE)
    if kind is LocatorKind.PLACEHOLDER:
        return "//*[@placeholder={text}]" if exact else "//*[contains(@placeholder,{text})]"
    field = _FIELDS.get(value)
    if field is not None:
        return field + ((_CALLED if exact else _LIKE) if named else "")
    own = f"//*[{_SELVES.get(value, f'@role={xpath_text(value)}')}]"
    return own + ((_SAYS if exact else _MENTIONS) if named else "")


def _shapes() -> Iterator[tuple[re.Pattern[str], Locator]]:
    """The shapes that are known again, each with what it means; the text, if it has one, is the group `text`."""
    for exact in (True, False):
        for kind in (LocatorKind.TEXT, LocatorKind.LABEL, LocatorKind.PLACEHOLDER):
            yield _pattern(_shape(kind, "", True, exact)), Locator(kind=kind, value="", exact=exact)
        for role in (*_FIELDS, *_SELVES):
            shape = _pattern(_shape(LocatorKind.ROLE, role, True, exact))
            yield shape, Locator(kind=LocatorKind.ROLE, value=role, name="?", exact=exact)
    for role in (*_FIELDS, *_SELVES):
        yield _pattern(_shape(LocatorKind.ROLE, role, False, False)), Locator(kind=LocatorKind.ROLE, value=role)


def _pattern(shape: str) -> re.Pattern[str]:
    first, *rest = (re.escape(part) for part in shape.split("{text}"))
    if not rest:
        return re.compile(first)
    return re.compile(f"{first}(?P<text>{LITERAL})" + "(?P=text)".join(rest))


_OTHER_ROLE = re.compile(r"//\*\[@role='(?P<role>[a-z]+)'\](?P<rest>.*)", re.DOTALL)
_KNOWN = tuple(_shapes())


def _of_xpath(expression: str) -> Locator:
    nth = None
    indexed = _INDEXED.fullmatch(expression)
    if indexed is not None and int(indexed["number"]) > 0:
        expression, nth = indexed["all"], int(indexed["number"]) - 1
    known = _of_shape(expression) or _of_role(expression)
    if known is None:
        return Locator(kind=LocatorKind.XPATH, value=expression, nth=nth)
    return Locator(kind=known.kind, value=known.value, name=known.name, exact=known.exact, nth=nth)


def _of_shape(expression: str) -> Locator | None:
    for pattern, meant in _KNOWN:
        match = pattern.fullmatch(expression)
        if match is not None:
            text = unquoted(match["text"]) if "text" in pattern.groupindex else ""
            by_role = meant.kind is LocatorKind.ROLE
            return Locator(
                kind=meant.kind,
                value=meant.value if by_role else text,
                name=text if by_role else "",
                exact=meant.exact,
            )
    return None


def _of_role(expression: str) -> Locator | None:
    """A role that has no shape of its own."""
    match = _OTHER_ROLE.fullmatch(expression)
    if match is None:
        return None
    for rest, exact in ((_SAYS, True), (_MENTIONS, False), ("", False)):
        named = _pattern(rest).fullmatch(match["rest"]) if rest else None
        if named is not None:
            return Locator(kind=LocatorKind.ROLE, value=match["role"], name=unquoted(named["text"]), exact=exact)
        if not rest and not match["rest"]:
            return Locator(kind=LocatorKind.ROLE, value=match["role"])
    return None


def _of_css(selector: str) -> Locator:
    testid = _TESTID.fullmatch(selector)
    if testid is not None:
        return Locator(kind=LocatorKind.TESTID, value=_unescaped(testid[1] or testid[2] or ""))
    placeholder = _PLACEHOLDER.fullmatch(selector)
    if placeholder is not None:
        words = _unescaped(placeholder[1] or placeholder[2] or "")
        return Locator(kind=LocatorKind.PLACEHOLDER, value=words, exact=True)
    return _css(selector)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _css(selector: str) -> Locator:
    return Locator(kind=LocatorKind.CSS, value=selector)


def _attribute(name: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'[{name}="{escaped}"]'
