"""Steps in plain words. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from teach_mode.demonstration import Shown, ShownStep
from teach_mode.heard import Around
from teach_mode.skill import Action

CHARS = 60
_DONE: dict[Action, str] = {
    "click": "Click {it}",
    "double_click": "Double-click {it}",
    "right_click": "Right-click {it}",
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
_KINDS = {
    "table": "the table",
    "grid": "the table",
    "row": "the row",
    "cell": "the cell",
    "gridcell": "the cell",
    "list": "the list",
    "dl": "the list",
    "listitem": "the item",
    "paragraph": "the paragraph",
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
    "button": "the button",
    "heading": "the heading",
}
_SECRETS = {"password": "the password", "one_time_code": "the one-time code", "card": "the card details"}
_PLAIN = frozenset({"textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "option", "spinbutton", ""})


def words_of(step: ShownStep) -> str:
    """What was done: “Type Ada into Name”."""
    value = _SECRETS[step.secret] if step.secret else quoted(step.value)
    if step.action == "goto":
        value = place_of(step.value)
    if step.action == "press":
        value = step.value
    said = _DONE[step.action].format(it=name_of(step.shown), onto=name_of(step.onto), value=value)
    return said if step.action != "scroll" or step.shown is not None else "Scroll"


def name_of(shown: Shown | None) -> str:
    """An element as a person would call it: “Order now”, the link “More”, a picture."""
    if shown is None:
        return "the page"
    seen = shown.target.fingerprint
    called = seen.name or seen.label or seen.text or seen.attributes.get("placeholder", "")
    role = seen.role or seen.tag
    if not called:
        return f"a {role}" if role else "an element"
    kind = "" if role in _PLAIN or role == "button" else f"the {role} " if role in ("link", "tab", "cell") else ""
    return f"{kind}{quoted(called)}"


def kind_of(one: Around) -> str:
    """An element that could be picked: by what it says, or by what it is."""
    return quoted(one.text) if one.text else _KINDS.get(one.role, "a part")


def quoted(text: str) -> str:
    """A text, shortened, in quotation marks."""
    plain = " ".join(text.split())
    return f"“{plain[: CHARS - 1]}…”" if len(plain) > CHARS else f"“{plain}”"


def place_of(url: str) -> str:
    """An address without what only machines read."""
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path.rstrip('/')}"[:CHARS]
