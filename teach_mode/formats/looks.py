"""What can be known of an element from how a file of another tool names it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from browser.wording import is_made_up
from teach_mode.demonstration import SecretKind

# Attributes that a page's elements are compared by; others in a selector say nothing here.
_KEPT = frozenset(("id", "name", "type", "href", "placeholder", "alt", "title", "value", "autocomplete", "data-testid"))
_ATTRIBUTE = re.compile(r"""\[\s*([\w-]+)\s*=\s*(?:"([^"\]]*)"|'([^'\]]*)'|([\w-]+))\s*\]""")
_BRACKETS = re.compile(r"\[[^\]]*\]|:(?:[\w-]+)(?:\([^)]*\))?")
_TAG = re.compile(r"^[a-zA-Z][\w-]*")
_ID = re.compile(r"#((?:[\w-]|\\.)+)")
_XPATH_TAG = re.compile(r"^(?:[\w-]+::)?([a-zA-Z][\w-]*)")
_XPATH_ATTRIBUTE = re.compile(r"""@([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_XPATH_TEXT = re.compile(r"""(?:text\(\)|normalize-space\([^)]*\)|(?<=[\[(])\.)\s*[=,]\s*(?:"([^"]*)"|'([^']*)')""")
# As in recorder.js: whose value is never kept, by what its field is called.
_SECRETS: tuple[tuple[SecretKind, re.Pattern[str]], ...] = (
    (
        "one_time_code",
        re.compile(r"one.?time|\botp\b|\btotp\b|\b2fa\b|\bmfa\b|verification.?code|security.?code.*(sent|app)", re.I),
    ),
    ("card", re.compile(r"\bcv[cv]2?\b|\bcsc\b|card.?(number|no\b|code)|security.?code", re.I)),
    ("password", re.compile(r"passwor[dt]|passphrase|passcode|\bpass\b|\bpwd\b|\bpasswd\b|kennwort", re.I)),
)
# Nothing is called so at length; what looks for words in it takes its square in time.
_TOLD_CHARS = 1_000


def looks_of(locators: Sequence[Locator], frame: tuple[str, ...] = ()) -> Fingerprint:
    """A partial fingerprint: the role, name, label, text, tag and attributes that the locators say, the first that says
    one counting."""
    said: dict[str, str] = {}
    attributes: dict[str, str] = {}
    for locator in locators:
        for key, value in _said(locator):
            if key in _KEPT:
                attributes.setdefault(key, value)
            else:
                said.setdefault(key, value)
    return Fingerprint(
        role=said.get("role", ""),
        name=said.get("said", ""),
        label=said.get("label", ""),
        text=said.get("text", ""),
        tag=said.get("tag", ""),
        attributes=attributes,
        frame=frame,
        partial=True,
    )


def _said(locator: Locator) -> Iterable[tuple[str, str]]:
    match locator.kind:
        case LocatorKind.ROLE:
            return [("role", locator.value), ("said", locator.name)]
        case LocatorKind.LABEL:
            return [("label", locator.value)]
        case LocatorKind.TEXT:
            return [("text", locator.value)]
        case LocatorKind.PLACEHOLDER:
            return [("placeholder", locator.value)]
        case LocatorKind.TESTID:
            return [("data-testid", locator.value)]
        case LocatorKind.CSS:
            return _of_css(locator.value)
        case _:
            return _of_xpath(locator.value)


def _of_css(selector: str) -> Iterable[tuple[str, str]]:
    """Of the last part of a selector; of several with commas between nothing is known."""
    bare = _BRACKETS.sub(lambda match: "_" * len(match[0]), selector.strip())
    if "," in bare:
        return
    own = selector.strip()[max(bare.rfind(sign) for sign in " >+~") + 1 :]
    if (tag := _TAG.match(own)) is not None:
        yield "tag", tag[0].lower()
    plain = _BRACKETS.sub("", own)
    if (found := _ID.search(plain)) is not None and not is_made_up(found[1]):
        yield "id", found[1].replace("\\", "")
    yield from _attributes(_ATTRIBUTE.findall(own))


def _of_xpath(expression: str) -> Iterable[tuple[str, str]]:
    last = re.split(r"/(?![^\[]*\])", expression)[-1]
    if (tag := _XPATH_TAG.match(last)) is not None:
        yield "tag", tag[1].lower()
    yield from _attributes((name, one, other, "") for name, one, other in _XPATH_ATTRIBUTE.findall(last))
    if (text := _XPATH_TEXT.search(last)) is not None:
        yield "text", text[1] or text[2]


def _attributes(found: Iterable[tuple[str, str, str, str]]) -> Iterable[tuple[str, str]]:
    for name, *values in found:
        value = next((one for one in values if one), "")
        if name == "aria-label":
            yield "said", value
        elif name == "role":
            yield "role", value
        elif name in _KEPT and value and not (name == "id" and is_made_up(value)):
            yield name, value


def words_of_looks(looks: Fingerprint) -> tuple[str, ...]:
    """What an element is called, each once: its name, label, text, and the words that a button bears as its value."""
    said = (looks.name, looks.label, looks.text, looks.attributes.get("alt", ""))
    pressed = looks.attributes.get("value", "") if looks.attributes.get("type") in ("submit", "button") else ""
    return tuple(dict.fromkeys(text for text in (*said, pressed) if text.strip()))


def secret_kind(looks: Fingerprint, locators: Sequence[Locator] = ()) -> SecretKind | None:
    """What kind of secret is typed into a field that is called so; None where nothing says that it is one."""
    purpose = looks.attributes.get("autocomplete", "").split(" ")[-1]
    if purpose == "one-time-code":
        return "one_time_code"
    if purpose.startswith("cc-"):
        return "card"
    named = looks.attributes
    words = [looks.name, looks.label, *(named.get(key, "") for key in ("name", "id", "placeholder", "data-testid"))]
    words += [one.value for one in locators if one.kind in (LocatorKind.CSS, LocatorKind.XPATH)]
    words = [re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text[:_TOLD_CHARS]) for text in words]
    plain = re.sub(r"[_-]", " ", " ".join(words))
    hint = next((kind for kind, pattern in _SECRETS if pattern.search(plain)), None)
    return hint or ("password" if named.get("type") == "password" else None)
