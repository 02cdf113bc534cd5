"""Targets, conditions and steps in words, for people."""

from __future__ import annotations

from collections.abc import Mapping

from browser.conditions import Condition
from language.entities import Value
from teach_mode.skill import Step, Target
from teach_mode.templates import render, render_all, render_url


def name_of(target: Target) -> str:
    """A target in words: 'link "Choose Pepperoni"'."""
    print_ = target.fingerprint
    words = print_.name or print_.label or print_.text or target.locators[0].name or target.locators[0].value
    return f'{print_.role or print_.tag or "element"} "{words}"'


def words_of(condition: Condition) -> str:
    """A condition in words."""
    parts = [f"the address {condition.url}"] if condition.url else []
    parts += [f'the text "{condition.text}"'] if condition.text else []
    parts += [f'"{one.name or one.value}" to be seen' for one in condition.visible[:1]]
    parts += [f'"{one.name or one.value}" to be gone' for one in condition.hidden[:1]]
    return " and ".join(parts)


def in_words(step: Step, target: Target | None, values: Mapping[str, Value]) -> str:
    """What a step is about to do; a secret is not said. `target` has its places filled."""
    name = name_of(target) if target else ""
    value = render(step.value, values)
    match step.action:
        case "goto":
            return f"Open {render_url(step.value, values)}"
        case "fill":
            return f"Fill {name}" + ("" if step.secret else f" with {value}")
        case "select":
            return f"Choose {value} in {name}"
        case "press":
            return f"Press {value}" + (f" on {name}" if name else "")
        case "scroll":
            return f"Scroll {name}".strip() if target else "Scroll on"
        case "close":
            return "Close the tab"
        case "wait" | "assert":
            return f"Look for {words_of(render_all(step.wait, values))}"
        case _:
            return f"{step.action.replace('_', ' ').capitalize()} {name}"
