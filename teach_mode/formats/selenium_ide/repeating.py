"""Loops with a condition that come to one step done until the page is so."""

from __future__ import annotations

from msgspec import Struct

from browser.conditions import Condition
from browser.locators import Locator
from teach_mode.formats.selenium_ide import scripts
from teach_mode.formats.selenium_ide.asking import with_text
from teach_mode.formats.selenium_ide.comparing import Comparison, comparisons_of
from teach_mode.formats.selenium_ide.flow import Block
from teach_mode.formats.selenium_ide.meanings import Seen, when_of
from teach_mode.formats.selenium_ide.schema import Command
from teach_mode.formats.selenium_ide.state import State
from teach_mode.templates import literal

_ACTS = frozenset(("click", "clickAt", "doubleClick"))
_MOST = 50


class Until(Struct, frozen=True):
    """The command that is done again and again, at most so often, until the page is so; `changes` reads differently
    after each time."""

    act: Command
    until: Condition
    changes: tuple[Locator, ...]
    most: int


def address_waited_for(block: Block) -> Command | None:
    """The command that looks at the page's address in a `do` that only waits for it, as our exports have it; None where
    a block is another one."""
    body = [one for one in block.branches[0].body if not (isinstance(one, Command) and one.command == "pause")]
    if block.kind != "do" or block.last is None or len(body) != 1:
        return None
    looks = body[0]
    if not isinstance(looks, Command) or looks.off or looks.command != "executeScript":
        return None
    goes_on = comparisons_of(block.last.target)
    only = isinstance(goes_on, tuple) and goes_on == (Comparison(looks.value, holds=False),)
    return looks if only and scripts.address_tested(looks.target) is not None else None


def until_of(block: Block, state: State) -> Until | None:
    """What a `while` or a `do` comes to; None where it comes to more."""
    body = [
        one for one in block.branches[0].body if not (isinstance(one, Command) and (one.off or one.command == "pause"))
    ]
    last = block.last
    asks = block.branches[0].head if block.kind == "while" else last
    if asks is None or state.frame is None or not all(isinstance(one, Command) for one in body):
        return None
    commands = [one for one in body if isinstance(one, Command)]
    acts = [one for one in commands if one.command in _ACTS]
    texts = {one.value: one for one in commands if one.command == "storeText"}
    counts = {one.value: one for one in commands if one.command == "storeElementCount"}
    tests = {
        one.value: one for one in commands if one.command == "executeScript" and scripts.address_tested(one.target)
    }
    if len(acts) != 1 or len(commands) != 1 + len(texts) + len(counts) + len(tests):
        return None
    compared = comparisons_of(asks.target)
    if not isinstance(compared, tuple) or len(compared) != 1:
        return None
    until = _until(compared[0], state, texts, counts, tests)
    changes = tuple(at for one in texts.values() for at in state.quiet_locators(one))
    limit = asks.value if asks.value.isdigit() else ""
    if until is None or not changes:
        return None
    state.use(compared[0].name)
    return Until(acts[0], until, changes[:1], min(int(limit or _MOST), _MOST) or _MOST)


def _until(
    goes_on: Comparison,
    state: State,
    texts: dict[str, Command],
    counts: dict[str, Command],
    tests: dict[str, Command],
) -> Condition | None:
    """What holds at the end of a loop that goes on while a comparison holds."""
    ends, frame = goes_on.negated(), state.frame or ()
    if ends.name in texts and ends.op == "==":
        said = with_text(state.quiet_locators(texts[ends.name]), literal(ends.text))
        return (
            Condition(visible=(said,), frame=frame)
            if said is not None
            else Condition(text=literal(ends.text), frame=frame)
        )
    seen = None
    if ends.name in counts:
        seen = Seen(Condition(visible=state.quiet_locators(counts[ends.name]), frame=frame), counts=True)
    elif ends.name in tests:
        glob = scripts.address_tested(tests[ends.name].target)
        seen = Seen(Condition(url=state.text(tests[ends.name], glob or "")))
    asked = when_of(ends, seen) if seen is not None else None
    page = asked.page if asked is not None and not isinstance(asked, bool) else None
    return page if page is not None and (page.url or page.visible or page.hidden) else None
