"""Steps of a file that cannot be taken back: known by their words, asked about, and seen to have happened. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from language.commitments import commits, may_commit
from language.similarity import words_of
from teach_mode.formats.looks import words_of_looks
from teach_mode.skill import Confirm, Step, Target

_NAMES = ("id", "title", "data-testid")
_LINK_TAGS = frozenset(("a", "area"))


def commits_by_looks(looks: Fingerprint) -> bool:
    """Whether an element commits whoever presses it: by its words, else by its id, title and test id."""
    link = looks.role == "link" or looks.tag in _LINK_TAGS
    if named := words_of_looks(looks):
        return any(commits(text, link=link) for text in named)
    return any(commits(word, link=link) for key in _NAMES for word in words_of(looks.attributes.get(key, "")))


def may_commit_by_looks(looks: Fingerprint) -> bool:
    """Whether it does where nothing is done after it."""
    link = looks.role == "link" or looks.tag in _LINK_TAGS
    return not link and any(may_commit(text) for text in words_of_looks(looks))


def commit(step: Step, rest: Sequence[Step], host: str) -> tuple[Step, tuple[str, ...]]:
    """The step as an irreversible one, and what is to be said of it. `rest` are the steps after it."""
    target = step.target
    if target is None:
        return step, ()
    notes = ["it cannot be taken back, so that the person is asked first; what it costs the file does not say"]
    looks = target.fingerprint
    if not (looks.role or looks.tag):
        target = replace(target, fingerprint=replace(looks, role="button"))
    after = step.postcondition or next((one for one in map(_seen, rest) if one is not None), None)
    if after is None:
        after = Condition(hidden=target.locators, frame=looks.frame)
        notes.append("the file does not say what comes of it: it has happened once its button is gone")
    dialog = step.dialog
    if dialog is not None and not dialog.message:
        dialog = None
        notes.append("the file does not say what the dialog before it asks, so that it gets a no")
    called = next(iter(words_of_looks(looks)), step.id)
    there = Confirm(name="there", title="There", locators=target.locators, frame=looks.frame)
    button = called.replace("[", "[[").replace("]", "]]")
    made = replace(
        step,
        target=target,
        action="click",
        effect="irreversible",
        confirms=step.confirms or (there,),
        question=step.question or f"Press “{button}” on {host}?",
        postcondition=after,
        dialog=dialog,
        optional=False,
    )
    return made, tuple(notes)


def _seen(step: Step) -> Condition | None:
    """What a later step shows that the page after the act has: what it waits for, else its element."""
    if step.tab or step.optional or step.when is not None:
        return None
    if step.wait is not None and (step.wait.url or step.wait.visible or step.wait.text):
        return step.wait
    target: Target | None = step.target
    return Condition(visible=target.locators, frame=target.fingerprint.frame) if target is not None else None
