"""What plain words a regular expression asks for: a skill looks for words, not for patterns. Pure."""

from __future__ import annotations

import re

from teach_mode.formats.playwright.chains import Words

_LEAST_CHARS = 3
_MOST_CHARS = 500
_SIGNS = frozenset(".^$*+?()[]{}|")
_BAR = re.compile(r"\|(?![^{}]*\})")  # Not one within a value's place, `{kind|title}`.
_REPEATS = re.compile(r"[*+?]|\{\d*,?\d*\}|\{\{\d*,?\d*\}\}")


def plain_words(pattern: Words) -> tuple[tuple[Words, ...], bool]:
    """The words of a pattern, one a choice it gives (`/Save|Send/`), and whether they say all that it says.

    Anchored at both ends they are the whole text. Empty: it holds no words that could be looked for.
    """
    if len(pattern.text) > _MOST_CHARS:
        return (), False
    choices = _choices(pattern.text)
    found = [_words(choice, pattern) for choice in choices]
    if any(words is None for words, _ in found):
        return (), False
    return tuple(words for words, _ in found if words is not None), all(whole for _, whole in found)


def _choices(source: str) -> list[str]:
    """The pattern cut at the bars that stand in no group; a group around the whole of it is taken off."""
    inner = re.fullmatch(r"\^?\((?:\?:)?([^()]*)\)\$?", source)
    if inner:
        ends = ("^" if source.startswith("^") else "", "$" if source.endswith("$") else "")
        return [f"{ends[0]}{choice}{ends[1]}" for choice in _BAR.split(inner[1])]
    return [source] if "(" in source or "[" in source else _BAR.split(source)


def _words(source: str, pattern: Words) -> tuple[Words | None, bool]:
    begins, ends = source.startswith("^"), source.endswith("$") and not source.endswith("\\$")
    body = source[begins : len(source) - ends]
    if _BAR.search(body):
        return None, False
    runs, whole = _runs(body)
    text = max(runs, key=len, default="").strip() if not whole else "".join(runs)
    if len(text.strip()) < (1 if whole else _LEAST_CHARS):
        return None, False
    if whole:
        exact = begins and ends
        return Words(text=text, exact=exact), exact or not (begins or ends)
    return Words(text=text), False


def _runs(body: str) -> tuple[list[str], bool]:
    """The plain runs of a pattern, and whether there is nothing else in it."""
    runs, at, whole = [""], 0, True
    while at < len(body):
        char = body[at]
        if char == "\\" and at + 1 < len(body):
            sign, at = body[at + 1], at + 2
            if sign == "s":
                runs[-1] += " "
            elif sign.isalnum():
                whole, runs = False, [*runs, ""]
            else:
                runs[-1] += sign
        elif char in "{}" and body[at : at + 2] == char * 2 and not _REPEATS.match(body, at):
            runs[-1] += char * 2
            at += 2
        elif char == "{" and re.match(r"\{[a-z]", body[at:]):  # A value's place.
            end = body.find("}", at) + 1 or len(body)
            runs[-1] += body[at:end]
            at = end
        elif char in _SIGNS:
            whole = False
            at = _past(body, at)
            runs.append("")
        else:
            runs[-1] += char
            at += 1
        repeat = _REPEATS.match(body, at)
        if repeat:
            whole = whole and repeat[0] == "+" and runs[-1].endswith(" ")
            runs[-1:] = [runs[-1][:-1], ""] if not whole else [runs[-1]]
            at = repeat.end()
            at += body[at : at + 1] == "?"
    return runs, whole


def _past(body: str, at: int) -> int:
    """Where a class or a group that begins here ends."""
    if body[at] == "[":
        end = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]").match(body, at)
        return end.end() if end else len(body)
    if body[at] == "(":
        deep = 0
        for place in range(at, len(body)):
            deep += (body[place] == "(") - (body[place] == ")")
            if not deep:
                return place + 1
        return len(body)
    return at + 1
