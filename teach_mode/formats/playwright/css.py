"""Plain CSS as XPath, so that something can be looked for inside what it finds. Pure.

Tags, ids, classes, attributes, `:has-text()` and its kin, `:nth-child(3)` and its kin, and the four combinators.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase

_NAME = r"(?:[\w-]|[^\x00-\x7f]|\\.)+"
_SIMPLE = re.compile(
    rf"""(?P<tag>{_NAME}|\*)|\#(?P<id>{_NAME})|\.(?P<class>{_NAME})
    |\[\s*(?P<name>{_NAME})\s*(?:(?P<how>[*^$~|]?=)\s*(?P<value>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|{_NAME})\s*(?P<case>[iIsS])?\s*)?\]
    |:(?P<words>has-text|text-is|text)\(\s*(?P<said>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\)
    |:(?P<place>(?:nth(?:-last)?-(?:child|of-type)\(\s*\d+\s*\)|(?:first|last|only)-(?:child|of-type)))
    |:(?P<plain>visible|enabled|disabled|checked|empty)(?![\w(-])""",
    re.VERBOSE,
)
_JOINT = re.compile(r"\s*([>+~])\s*|\s+")
_PLAIN = {
    "visible": "",
    "enabled": "not(@disabled)",
    "disabled": "@disabled",
    "checked": "@checked",
    "empty": "not(node())",
}
_AXES = {"": "//", ">": "/", "+": "/following-sibling::*[1]/self::", "~": "/following-sibling::"}
_LOWER = f"translate(normalize-space(.), '{ascii_uppercase}', '{ascii_lowercase}')"


class CssUnreadable(ValueError):
    """A selector that is more than plain CSS."""


def is_standard(selector: str) -> bool:
    """Whether a browser's own CSS takes the selector, as far as its pseudo-classes tell."""
    bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", "''", selector)
    ours = r":(?:has-text|text|text-is|text-matches|visible|nth-match|near|above|below|left-of|right-of|light)(?![\w-])"
    return re.search(ours, bare) is None


def paths(selector: str) -> tuple[str, ...]:
    """The XPaths of a selector, below something: `//table/tr`, one a part between commas. Raises CssUnreadable."""
    found, path, at, axis = [], "", 0, ""
    source = selector.strip()
    while at < len(source):
        if source[at] == ",":
            found.append(_finished(path, selector))
            path, axis, at = "", "", at + 1
            at += len(source[at:]) - len(source[at:].lstrip())
            continue
        joint = _JOINT.match(source, at)
        if joint and (path or joint[1]):
            at = joint.end()
            axis = joint[1] or ""
            if source[at : at + 1] == ",":
                continue
        tag, tests, at = _compound(source, at)
        step = _AXES[axis] if path or axis else "//"
        path += f"{step}{tag}" + "".join(f"[{test}]" for test in tests)
        axis = ""
    return (*found, _finished(path, selector))


def tests(selector: str) -> str | None:
    """What an element must be like that a selector of one compound finds; None: there is more to it."""
    try:
        tag, found, at = _compound(selector.strip(), 0)
    except CssUnreadable:
        return None
    if at < len(selector.strip()):
        return None
    return " and ".join([*([f"self::{tag}"] if tag != "*" else []), *(f"({one})" for one in found)]) or "true()"


def _finished(path: str, selector: str) -> str:
    if not path:
        raise CssUnreadable(f"{selector!r} has an empty part")
    return path


def _compound(source: str, at: int) -> tuple[str, list[str], int]:
    tag, tests, begun = "*", [], at
    while at < len(source) and (found := _SIMPLE.match(source, at)):
        if found["tag"] and at > begun:
            break
        at = found.end()
        if found["tag"]:
            tag = found["tag"].lower()
        elif test := _test(found):
            tests.append(test)
    if at == begun:
        raise CssUnreadable(f"{source[at : at + 40]!r} is more than plain CSS")
    if "\\" in tag or ":" in tag:
        raise CssUnreadable(f"{tag!r} is no plain tag")
    return tag, tests, at


def _test(found: re.Match[str]) -> str:
    if found["id"]:
        return f"@id={_quoted(_plain(found['id']))}"
    if found["class"]:
        return _word("@class", _plain(found["class"]))
    if found["name"]:
        return _attribute(f"@{found['name']}", found["how"] or "", _unquoted(found["value"] or ""), found["case"] or "")
    if found["words"]:
        said = _unquoted(found["said"])
        if found["words"] == "text-is":
            return f"normalize-space(.)={_quoted(said)}"
        contains = f"contains({_LOWER}, {_quoted(said.lower())})"
        return contains if found["words"] == "has-text" else f"{contains} and not(.//*[{contains}])"
    if found["place"]:
        return _place(found["place"])
    return _PLAIN[found["plain"]]


def _place(pseudo: str) -> str:
    kind = "*" if pseudo.endswith("child") or "child(" in pseudo else ""
    if not kind:
        raise CssUnreadable(f":{pseudo} is more than plain CSS")
    if pseudo.startswith("only"):
        return "not(preceding-sibling::*) and not(following-sibling::*)"
    number = re.search(r"\d+", pseudo)
    before = int(number[0]) - 1 if number else 0
    side = "following" if "last" in pseudo else "preceding"
    return f"count({side}-sibling::*)={before}"


def _attribute(name: str, how: str, value: str, case: str) -> str:
    if case in ("i", "I"):
        name, value = _LOWER.replace("normalize-space(.)", name), value.lower()
    match how:
        case "":
            return name
        case "=":
            return f"{name}={_quoted(value)}"
        case "*=":
            return f"contains({name}, {_quoted(value)})"
        case "^=":
            return f"starts-with({name}, {_quoted(value)})"
        case "$=":
            return f"substring({name}, string-length({name}) - {len(value) - 1})={_quoted(value)}"
        case "~=":
            return _word(name, value)
        case _:
            return f"{name}={_quoted(value)} or starts-with({name}, {_quoted(value + '-')})"


def _word(where: str, word: str) -> str:
    return f"contains(concat(' ', normalize-space({where}), ' '), {_quoted(f' {word} ')})"


def _plain(name: str) -> str:
    return re.sub(r"\\(.)", r"\1", name)


def _unquoted(value: str) -> str:
    return _plain(value[1:-1]) if value[:1] in ("'", '"') else value


def _quoted(text: str) -> str:
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    raise CssUnreadable(f"{text!r} holds both kinds of quotes")
