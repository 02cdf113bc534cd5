"""Skills for round trips, by hypothesis: every part of one that a format may keep or not."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator, LocatorKind
from teach_mode.checks import check
from teach_mode.skill import DialogAnswer, Entry, Origins, Parameter, Skill, Step, Target, When
from teach_mode.templates import literal

BASE = "https://shop.example"
WORDS = st.sampled_from(
    ("Name", "Add", "Größe", "Next page", 'Say "hi"', "It's fine", "a (b)", "100 %", "Éclair / tart", "{curly}", "東京")
)
# What names no field for a secret and commits nobody.
NAMES = st.sampled_from(("first", "city", "note", "colour", "size", "q"))
ROLES = {
    "click": ("button", "link", "tab", "menuitem"),
    "fill": ("textbox", "searchbox"),
    "select": ("combobox",),
    "check": ("checkbox", "radio"),
}

# What is never left out, so that there is something to do.
END = Step(
    id="end",
    action="hover",
    target=Target(
        locators=(Locator(kind=LocatorKind.CSS, value="#end"),), fingerprint=Fingerprint(tag="p", partial=True)
    ),
    effect="read",
)


@st.composite
def locators(draw: st.DrawFn, action: str) -> Locator:
    kind = draw(st.sampled_from(LocatorKind))
    words = literal(draw(WORDS))
    if kind is LocatorKind.ROLE:
        role = draw(st.sampled_from(ROLES.get(action, ROLES["click"])))
        return Locator(kind=kind, value=role, name=words, exact=True)
    if kind is LocatorKind.CSS:
        own = draw(st.sampled_from(("#{}", "main .{}", "[data-part='{}']", "x-host >> .{}", "x-a >> x-b >> [name={}]")))
        return Locator(kind=kind, value=own.format(draw(NAMES)))
    if kind is LocatorKind.XPATH:
        own = draw(st.sampled_from(("//*[@id='{}']", '//main//b[@title="{}"]')))
        return Locator(kind=kind, value=own.format(draw(NAMES)))
    if kind is LocatorKind.TESTID:
        return Locator(kind=kind, value=draw(NAMES))
    return Locator(kind=kind, value=words, exact=True)


@st.composite
def targets(draw: st.DrawFn, action: str) -> Target:
    ways = draw(st.lists(locators(action), min_size=1, max_size=3, unique=True))
    frame = draw(st.sampled_from(((), (), ("index=0",), ("index=1", "index=0"))))
    tag = "select" if action == "select" else ""
    return Target(locators=tuple(ways), fingerprint=Fingerprint(frame=frame, tag=tag, partial=True))


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    kind = draw(st.sampled_from(("visible", "hidden", "text")))
    frame = draw(st.sampled_from(((), ("index=0",))))
    if kind == "text":
        return Condition(text=literal(draw(WORDS)), frame=frame)
    ways = tuple(draw(st.lists(locators("wait"), min_size=1, max_size=2, unique=True)))
    return Condition(**{kind: ways, "frame": frame})


@st.composite
def steps(draw: st.DrawFn, number: int) -> Step:
    action = draw(
        st.sampled_from(
            ("click", "click", "fill", "fill", "select", "check", "press", "goto", "hover", "wait", "double_click",
             "right_click", "scroll", "read", "uncheck", "assert")
        )
    )  # fmt: skip
    made: dict[str, Any] = {"id": f"step-{number}", "action": action}
    if action in ("wait", "assert"):
        return Step(**made, wait=draw(conditions()), effect="read")
    if action == "goto":
        path = draw(st.sampled_from(("/", "/list", "/item/7?x=1")))
        return Step(**made, value="{site}" + path, effect="read")
    if action == "press":
        return Step(**made, value=draw(st.sampled_from(("Enter", "Tab", "Control+a", "Shift+Tab", "ArrowDown"))))
    if action == "scroll":
        return Step(**made, value=str(draw(st.integers(1, 900))), effect="read")
    made["target"] = draw(targets(action))
    if action in ("fill", "select"):
        own = Locator(kind=LocatorKind.CSS, value=f"#field-{number}")  # Of one field the last text counts.
        made["target"] = replace(made["target"], locators=(own, *made["target"].locators))
        made["value"] = draw(st.sampled_from(("{given}", "plain", "two\twords", "x" * 80, "{{braces}}", "ünï")))
    if action == "read":
        return Step(**made, saves=f"read_{number}", effect="read")
    if action == "click":
        made["postcondition"] = draw(
            st.sampled_from((None, None, Condition(url="{site}/there"), Condition(url="{site}/orders/*")))
        )
        made["when"] = draw(st.sampled_from((None, None, None, When(equals={"given": "tea"}), When(given="lacking"))))
        made["dialog"] = draw(st.sampled_from((None,) * 6 + (DialogAnswer(accept=True, message="Really?"),)))
        made["optional"] = draw(st.sampled_from((False,) * 6 + (True,)))
    if action == "fill" and draw(st.integers(0, 9)) == 0:
        made |= {"value": "", "secret": "password"}
    if action == "check" and draw(st.booleans()):
        made["for_each"] = "many"
    return Step(**made)


@st.composite
def skills(draw: st.DrawFn) -> Skill:
    """A skill that holds together, on one tab."""
    count = draw(st.integers(1, 6))
    made = Skill(
        format=1,
        name="round_trip",
        description="go there and back",
        base=BASE,
        origins=Origins(navigate=("shop.example",)),
        entry=Entry(url="{site}/start"),
        steps=(*(draw(steps(number)) for number in range(count)), END),
        utterances=("go there and back",),
        parameters=(
            Parameter(name="given", kind="text", default="tea"),
            Parameter(name="lacking", kind="text", required=False),
            Parameter(name="many", kind="text", many=True, required=False),
        ),
    )
    check(made)
    return made
