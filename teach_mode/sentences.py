"""Elements, targets, conditions and steps in words, for people. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from language.entities import Value
from teach_mode.skill import Action, Step, Target
from teach_mode.templates import render, render_all, render_url

CHARS = 60
DONE: dict[Action, str] = {
    "click": "Click {it}",
    "double_click": "Double-click {it}",
    "right_click": "Right-click {it}",
    "middle_click": "Open {it} in a new tab",
    "fill": "Type {value} into {it}",
    "select": "Choose {value} in {it}",
    "check": "Tick {it}",
    "uncheck": "Untick {it}",
    "press": "Press {value}",
    "upload": "Give the file {value} to {it}",
    "hover": "Point at {it}",
    "scroll": "Scroll to {it}",
    "drag": "Drag {it} to {onto}",
    "goto": "Go to {value}",
    "close": "Close the tab",
    "wait": "Wait for {it}",
    "assert": "Make sure of {it}",
    "read": "Read {it} back",
}
# The verbs that steps begin with, in the past.
_PAST = {
    "Choose": "chose",
    "Drag": "dragged",
    "Give": "gave",
    "Go": "went",
    "Tick": "ticked",
    "Type": "typed",
    "Untick": "unticked",
}
# What a part of a page is called. Of those in `_HOLDERS` the text is that of much else.
KINDS = {
    "table": "the table",
    "grid": "the table",
    "row": "the row",
    "cell": "the cell",
    "gridcell": "the cell",
    "list": "the list",
    "dl": "the list",
    "listitem": "the item",
    "paragraph": "the paragraph",
    "p": "the paragraph",
    "article": "the article",
    "region": "the section",
    "section": "the section",
    "main": "the main part",
    "form": "the form",
    "fieldset": "the group",
    "group": "the group",
    "dialog": "the dialog",
    "navigation": "the navigation",
    "img": "the picture",
    "link": "the link",
    "tab": "the tab",
    "button": "the button",
    "heading": "the heading",
}
_HOLDERS = frozenset({"table", "grid", "list", "dl", "article", "region", "section", "main", "form", "dialog", "div"})
_TEXTS = frozenset({"b", "i", "em", "strong", "span", "small", "code", "time", "output", "status", "dd", "dt", "label"})
_NAMED = frozenset({"link", "tab", "row", "cell", "gridcell", "listitem"})


def element(seen: Fingerprint, otherwise: str = "") -> str:
    """An element as a person would call it: “Order now”, the link “More”, the table, the picture. `otherwise`: what it
    is called where the page has no words for it."""
    role = seen.role or seen.tag
    if role in _HOLDERS and not (seen.name or seen.label):
        return KINDS.get(role, "a part of the page")
    called = seen.name or seen.label or seen.text or seen.attributes.get("placeholder", "") or otherwise
    if not any(letter.isalnum() for letter in called):  # no words, or words that differ each time
        return KINDS.get(role) or ("a text" if role in _TEXTS else f"a {role}" if role else "an element")
    return f"{KINDS[role]} {quoted(called)}" if role in _NAMED else quoted(called)


def name_of(target: Target) -> str:
    """A target in words: the link “Choose Pepperoni”."""
    first = target.locators[0]
    return element(target.fingerprint, first.name or first.value)


def words_of(condition: Condition) -> str:
    """A condition in words."""
    parts = [f"the address {condition.url}"] if condition.url else []
    parts += [f"the text “{condition.text}”"] if condition.text else []
    parts += [f"“{one.name or one.value}” to be seen" for one in condition.visible[:1]]
    parts += [f"“{one.name or one.value}” to be gone" for one in condition.hidden[:1]]
    return " and ".join(parts)


def in_words(step: Step, target: Target | None, values: Mapping[str, Value]) -> str:
    """What a step is about to do; a secret is not said. `target` has its places filled."""
    if step.action in ("wait", "assert"):
        return f"Look for {words_of(render_all(step.wait, values))}"
    value = "what the vault has" if step.secret else quoted(render(step.value, values))
    if step.action == "goto":
        value = render_url(step.value, values)
    if step.action == "press":
        value = render(step.value, values)
    onto = name_of(render_all(step.onto, values)) if step.onto is not None else ""
    if step.action == "scroll" and target is None:
        return "Scroll on"
    return DONE[step.action].format(it=name_of(target) if target else "the page", onto=onto, value=value)


def past(words: str) -> str:
    """What `in_words` says of a step, of one that was done: clicked “Save”."""
    verb, _, rest = words.partition(" ")
    return f"{_PAST.get(verb, verb.lower().removesuffix('e') + 'ed')} {rest}"


def quoted(text: str) -> str:
    """A text, shortened, in quotation marks."""
    plain = " ".join(text.split())
    return f"“{plain[: CHARS - 1]}…”" if len(plain) > CHARS else f"“{plain}”"
