"""Steps that only lead to where the next one is done, or only apply what was chosen: not needed where that is here
already. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urlsplit

import msgspec

from browser.bystanders import MOST, bystanders
from browser.fingerprint import Fingerprint
from browser.traits import marks
from language.similarity import words_of
from language.synonyms import same_meaning
from teach_mode.retarget import texts_in
from teach_mode.skill import Step
from teach_mode.templates import places_in

_LEADING_ROLES = frozenset({"link", "tab", "menuitem"})
# What a step that only leads may have besides its element.
_PLAIN = ("id", "action", "target", "tab", "optional", "wait", "postcondition", "effect")

# What a button says that shows what was chosen, and does nothing else.
_APPLYING = ("apply", "search", "filter", "update", "refresh", "sort", "view", "display", "list")
_CHOOSING = frozenset({"select", "check", "uncheck"})


def only_leads(step: Step, after: Step | None) -> bool:
    """Whether a step follows a link, the same whatever is asked for, to an element that was not there before it.

    A redesign may show that element without the link. What a button did besides, nobody knows; so it is no button, and
    no link that a value names. A skill that does not say what else stood on the page says nothing of this.
    """
    if step.action != "click" or step.effect == "irreversible" or step.target is None or not _is_plain(step):
        return False
    if after is None or after.target is None or after.tab != step.tab or after.optional:
        return False
    seen = step.target.fingerprint
    if seen.role not in _LEADING_ROLES or any(True for text in texts_in(step.target) for _ in places_in(text)):
        return False
    stood = bystanders(seen.others).all
    led_away = step.postcondition is not None and bool(step.postcondition.url)
    # Of a page with more than is remembered, only a link to another address is known to lead away from it.
    if not stood or (len(stood) >= MOST and not led_away) or after.target.fingerprint.frame != seen.frame:
        return False
    return stood_beside(seen, after.target.fingerprint) is False


def stood_beside(seen: Fingerprint, other: Fingerprint) -> bool | None:
    """Whether `other` stood on the page of `seen` when that was shown. None: nothing tells."""
    stood = bystanders(seen.others).all
    says, leads = marks(_constant(other))
    if not stood or not (says or leads):
        return None
    return any((says and one.says == says) or (leads and one.leads == leads) for one in stood)


def applies(step: Step) -> bool:
    """Whether a step presses what shows the choices that were made, and does nothing else by its words."""
    if step.action != "click" or step.effect == "irreversible" or step.target is None or not _is_plain(step):
        return False
    said = words_of(step.target.fingerprint.name or step.target.fingerprint.text)[:1]
    return step.postcondition is None and any(same_meaning(one, word) for one in said for word in _APPLYING)


def choices_of(step: Step, before: Sequence[Step]) -> tuple[str, ...]:
    """The ids of the steps right before one that chose what it applies."""
    chosen: list[str] = []
    for one in reversed(before):
        if one.action not in _CHOOSING or one.tab != step.tab:
            break
        chosen.insert(0, one.id)
    return tuple(chosen)


def each_applied(began_at: Sequence[str], here: str) -> bool:
    """Whether the page came to have another address after each choice: this release applies them at once. `began_at`
    are the addresses at which they were begun, in order, "" for none."""
    pages = [_page(address) for address in (*began_at, here)]
    return all(pages) and all(one != other for one, other in pairwise(pages))


def _page(address: str) -> str:
    return urlsplit(address)._replace(fragment="").geturl()


def _is_plain(step: Step) -> bool:
    bare = Step(id=step.id, action=step.action)
    return all(getattr(step, name) == getattr(bare, name) for name in step.__struct_fields__ if name not in _PLAIN)


def _constant(seen: Fingerprint) -> Fingerprint:
    """Without the texts that a value is part of: they were others when it was shown."""
    own = {name: "" for name in ("name", "label", "text") if any(True for _ in places_in(getattr(seen, name)))}
    kept = {key: value for key, value in seen.attributes.items() if not any(True for _ in places_in(value))}
    return msgspec.structs.replace(seen, **own, attributes=kept)
