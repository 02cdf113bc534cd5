"""What is likely to go wrong with a skill that holds together: elements that are known by too little, acts that nobody
can look up. For whoever wrote it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from browser.locators import Locator, LocatorKind
from language.commitments import commits
from teach_mode.sentences import name_of
from teach_mode.skill import Skill, Step, Target

_BY_PLACE = re.compile(r":nth-(?:of-type|child)\(|\[\d+\]|(?:^|\s)>\s")
# Names that a site's tools make anew with each release: css-1x2y3z, sc-bdVaJa, Button_root__3kX9a, :r3:.
_MADE = re.compile(
    r"\b(?:css|sc|jss|emotion)-[a-zA-Z0-9]{5,}|__[a-zA-Z0-9_-]{5,}\b|:r[0-9a-z]+:|[#.][a-z]*[0-9a-f]{8,}\b"
)
_SEEN = frozenset({LocatorKind.ROLE, LocatorKind.LABEL, LocatorKind.PLACEHOLDER, LocatorKind.TEXT, LocatorKind.TESTID})


class Weakness(Struct, frozen=True):
    """Something that will do for now. `step`: its id, "" for the whole."""

    step: str
    words: str


def weaknesses(skill: Skill) -> tuple[Weakness, ...]:
    """All that could be better, in the order of the steps; first what concerns the whole."""
    return (*_of_all(skill), *(Weakness(step.id, words) for step in skill.all_steps for words in _of_step(step)))


def _of_all(skill: Skill) -> Iterator[Weakness]:
    if not skill.utterances:
        yield Weakness("", "nobody can ask for it in words: it has no utterances")
    if not skill.read_back:
        yield Weakness("", "it says nothing at its end but that it is done: it has no read_back")


def _of_step(step: Step) -> Iterator[str]:
    for target in (step.target, step.onto):
        if target is not None:
            yield from _of_target(target)
    if step.effect == "irreversible":
        if step.evidence is None:
            yield "it has no evidence: when the site's answer is lost, nobody can look up whether it was done"
        if not any(one.capped for one in step.confirms):
            yield "no amount that it shows is capped, so no limit holds it"
    elif step.action in ("click", "double_click") and step.target is not None:
        seen = step.target.fingerprint
        words = seen.name or seen.text
        if commits(words, link=seen.role == "link" or seen.tag == "a"):
            yield f"it presses “{words}” and is not marked as irreversible: it will be refused when it is run"


def _of_target(target: Target) -> Iterator[str]:
    it, locators = name_of(target), target.locators
    if not any(one.kind in _SEEN for one in locators):
        by_place = all(_BY_PLACE.search(one.value) for one in locators)
        why = "its place on the page alone" if by_place else "what nobody sees of it alone"
        yield f"{it} is found by {why}: add its role and name, its label or its text"
    elif len(locators) == 1 and locators[0].kind in (LocatorKind.TEXT, LocatorKind.PLACEHOLDER):
        yield f"there is one way only to find {it}: add a second, such as css"
    if made := [one for one in locators if _is_made(one)]:
        yield f"{it} is found by “{made[0].value}”, which looks like a name that the site makes anew with each release"
    seen = target.fingerprint
    if not (seen.name or seen.label or seen.text or seen.attributes):
        yield f"hardly anything is known of what {it} looks like, so that it can neither be checked nor be healed"


def _is_made(locator: Locator) -> bool:
    return locator.kind in (LocatorKind.CSS, LocatorKind.XPATH) and _MADE.search(locator.value) is not None
