"""What a script expects of a page, as conditions: `expect(…)`, and `assert` and `if` about what it reads."""

from __future__ import annotations

import re

from msgspec.structs import replace

from browser.conditions import Condition
from teach_mode.formats.playwright.chains import Chain, Part, Words
from teach_mode.formats.playwright.scripts.acting import Acting
from teach_mode.formats.playwright.scripts.locating import NoLocator, saying
from teach_mode.formats.playwright.scripts.telling import Args, as_text
from teach_mode.formats.playwright.scripts.values import (
    Element,
    Fact,
    Items,
    Number,
    Pattern,
    Read,
    Tab,
    Text,
    Value,
)

_SEEN = frozenset(("to_be_visible", "to_be_attached", "to_be_in_viewport"))
_ANY = re.compile(r"(?:\\[dwDWsS]|\[(?:[^\]\\]|\\.)*\]|\.)(?:[*+?]|\{\{\d*,?\d*\}\})*|\((?:\?:)?[^()]*\)(?:[*+?])?")


class Expecting:
    """Calls on `expect(…)`."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting
        self._tell = acting.tell

    def call(self, of: Value, method: str, args: Args) -> Value:
        """One expectation."""
        self._tell.steps += 1
        denied = method.startswith("not_")
        plain = method.removeprefix("not_")
        if isinstance(of, Tab):
            self._of_tab(of, plain, denied, args, method)
        elif isinstance(of, Element):
            self._of_element(of, plain, denied, args, method)
        else:
            self._tell.note(args, "left out: what it is about is nothing on a page", method)
        return Number(None)

    def _of_tab(self, of: Tab, plain: str, denied: bool, args: Args, method: str) -> None:
        if plain != "to_have_url" or denied:
            self._tell.note(args, "left out: a skill cannot look at this of a page", method)
            return
        url = address(args.at(0, "url_or_reg_exp"))
        if url is None:
            self._tell.note(args, "left out: the address is not said in so many words", method)
            return
        self._tell.add("assert", args, wait=Condition(url=self._tell.carry.whole(of.name, url)), tab=of.name)

    def _of_element(self, of: Element, plain: str, denied: bool, args: Args, method: str) -> None:
        if plain in _SEEN:
            visible = args.named.get("visible")
            off = isinstance(visible, Number) and visible.value is False
            self._seen(of, args, method, gone=denied != off)
        elif plain == "to_be_hidden":
            self._seen(of, args, method, gone=not denied)
        elif plain in ("to_contain_text", "to_have_text"):
            self._says(of, args.at(0, "expected"), plain == "to_have_text", denied, args, method)
        elif plain == "to_have_count":
            self._count(of, args, denied, method)
        elif (chain := self._like(plain, args, denied)) is not None:
            self._seen(replace(of, chain=of.chain + chain), args, method, gone=False)
        else:
            self._tell.note(args, "a skill cannot look at this: it is only seen to be there", method)
            self._seen(of, args, method, gone=False)

    def _seen(self, of: Element, args: Args, step: str, *, gone: bool) -> None:
        seen = self._tell.carry.seen(of.chain, tab=of.tab, line=args.line, step=step, gone=gone)
        if seen is not None:
            self._tell.add("assert", args, wait=seen, tab=of.tab)

    def _says(self, of: Element, value: Value | None, exact: bool, denied: bool, args: Args, step: str) -> None:
        values = value.items if isinstance(value, Items) else (value,)
        for number, one in enumerate(values):
            if isinstance(one, Text) and not one.template.strip():
                self._tell.note(args, "a skill cannot look for no text: it is only seen to be there", step)
                self._seen(of, args, step, gone=False)
                continue
            at = Element(of.tab, (*of.chain, Part(engine="nth", nth=number))) if len(values) > 1 else of
            try:
                self._seen(saying(at, one, exact=exact), args, step, gone=denied)
            except NoLocator as error:
                self._tell.note(args, f"left out: {error}", step)

    def _count(self, of: Element, args: Args, denied: bool, step: str) -> None:
        number = args.number(0, "count")
        if number is None or denied or not 0 <= number <= 500:
            self._tell.note(args, "left out: how many there are is not said in so many words", step)
            return
        beyond = self._nth(of, number, args, step)
        last = self._nth(of, number - 1, args, step) if number else None
        if beyond is None or (number and last is None):
            return
        wait = Condition(hidden=beyond.visible, frame=beyond.frame)
        if last is not None:
            wait = replace(wait, visible=last.visible)
        self._tell.add("assert", args, wait=wait, tab=of.tab)

    def _nth(self, of: Element, number: int, args: Args, step: str) -> Condition | None:
        chain = (*of.chain, Part(engine="nth", nth=number))
        return self._tell.carry.seen(chain, tab=of.tab, line=args.line, step=step)

    def _like(self, plain: str, args: Args, denied: bool) -> Chain | None:
        """What an element must be like, as a further part of its chain; None: no part says it."""
        words = as_text(args.at(0))
        source = ""
        match plain:
            case "to_be_disabled" | "to_be_enabled":
                source = ":disabled" if (plain == "to_be_disabled") != denied else ":enabled"
            case _ if denied:
                return None
            case "to_have_id" if words and re.fullmatch(r"[\w-]+", words):
                source = f"#{words}"
            case "to_contain_class" | "to_have_class" if words and re.fullmatch(r"[\w-]+", words):
                source = f".{words}"
            case "to_have_attribute":
                value = as_text(args.at(1, "value"))
                source = f'[{words}="{value}"]' if words and value and '"' not in value else ""
            case "to_have_role" if words:
                return (Part(engine="and", inner=(Part(engine="role", source=words),)),)
            case "to_have_accessible_name" if words:
                return (Part(engine="and", inner=(Part(engine="label", text=Words(text=words, exact=True)),)),)
        return (Part(engine="and", inner=(Part(engine="css", source=source),)),) if source else None

    def compared(self, left: Value, how: str, right: Value, args: Args) -> Fact | None:
        """What a comparison of something read says of the page; None: nothing that a skill can ask."""
        if isinstance(right, Read) and (how == "in" or (how == "==" and not isinstance(left, Read))):
            left, right = right, left
        if not isinstance(left, Read):
            return _of_values(left, how, right)
        if left.what == "url" and how in ("==", "in", "startswith", "endswith"):
            return self._at_url(left, how, right)
        of = Element(left.tab, left.chain)
        if left.what == "text" and how in ("==", "in", "startswith", "endswith", "!=", "not in"):
            return self._text(of, how, right, args)
        if left.what == "count" and isinstance(right, Number) and isinstance(right.value, int):
            return self._counted(of, how, right.value, args)
        return None

    def _at_url(self, left: Read, how: str, right: Value) -> Fact | None:
        url = as_text(right)
        if url is None:
            return None
        before = "*" if how in ("in", "endswith") else ""
        after = "*" if how in ("in", "startswith") else ""
        return Fact(left.tab, Condition(url=f"{before}{url}{after}"))

    def _text(self, of: Element, how: str, right: Value, args: Args) -> Fact | None:
        try:
            saying_so = saying(of, right, exact=how in ("==", "!="))
        except NoLocator:
            return None
        seen = self._tell.carry.seen(saying_so.chain, tab=of.tab, line=args.line, step="assert")
        if seen is None:
            return None
        gone = Condition(hidden=seen.visible, frame=seen.frame)
        return Fact(of.tab, gone, seen) if how in ("!=", "not in") else Fact(of.tab, seen, gone)

    def _counted(self, of: Element, how: str, number: int, args: Args) -> Fact | None:
        least = {">": number + 1, ">=": number, "!=": 1 if number == 0 else None}.get(how)
        most = {"<": number - 1, "<=": number, "==": 0 if number == 0 else None}.get(how)
        if how == "==" and number > 0:
            last, beyond = self._nth(of, number - 1, args, "count"), self._nth(of, number, args, "count")
            if last is None or beyond is None:
                return None
            return Fact(of.tab, Condition(visible=last.visible, hidden=beyond.visible, frame=last.frame))
        edge = least if least is not None else most + 1 if most is not None else None
        if edge is None or edge < 1:
            return None
        seen = self._nth(of, edge - 1, args, "count")
        if seen is None:
            return None
        gone = Condition(hidden=seen.visible, frame=seen.frame)
        return Fact(of.tab, seen, gone) if least is not None else Fact(of.tab, gone, seen)


def _of_values(left: Value, how: str, right: Value) -> Fact | None:
    """A parameter compared with a text."""
    if isinstance(right, Text) and re.fullmatch(r"\{[a-z][a-z0-9_]*\}", right.template):
        left, right = right, left
    if not isinstance(left, Text) or not (place := re.fullmatch(r"\{([a-z][a-z0-9_]*)\}", left.template)):
        return None
    wanted = as_text(right)
    empty = (isinstance(right, Number) and right.value is None) or wanted == ""
    if empty and how in ("!=", "is not"):
        return Fact("", given=place[1])
    if how in ("==", "is") and wanted and "{" not in wanted:
        return Fact("", equals=(place[1], wanted))
    return None


def address(value: Value | None) -> str | None:
    """An address that is waited for, with `*` for any text: a glob of Playwright's or a pattern. None: neither."""
    if isinstance(value, Pattern):
        return _of_pattern(value.source)
    text = as_text(value)
    return re.sub(r"\*+", "*", text) if text else None


def _of_pattern(source: str) -> str | None:
    body = source.removeprefix("^")
    open_end = not body.endswith("$") or body.endswith("\\$")
    body = body if open_end else body[:-1]
    glob = _ANY.sub(lambda match: "." if match[0] == "." else "*", body)
    glob = re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\*)\?", "", glob) if "?" in glob and "\\?" not in glob else glob)
    if set("()[]|^+") & set(glob):
        return None
    glob = ("" if source.startswith("^") else "*") + glob + ("*" if open_end else "")
    glob = re.sub(r"\*+", "*", glob)
    return glob if glob.strip("*") else None
