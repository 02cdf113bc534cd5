"""What a shared file lists of its skill: where it goes, what it does, what it needs. Made of the steps alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from language.commitments import commits
from teach_mode.interfaces import Effect
from teach_mode.skill import Skill
from teach_mode.uploads import kept_by, wants_photo


class ListedAct(Struct, frozen=True, kw_only=True):
    """A step that cannot be undone: what is shown before it, and which amounts are held to a limit."""

    step: str
    shows: tuple[str, ...]
    capped: tuple[str, ...]


class Listing(Struct, frozen=True, kw_only=True):
    """What stands in a shared file beside its skill, so that it can be read without a program."""

    navigate: tuple[str, ...]
    load: tuple[str, ...]
    effect: Effect
    acts: tuple[ListedAct, ...]
    asks: tuple[str, ...]
    facts: tuple[str, ...]
    secrets: tuple[str, ...]
    files: tuple[str, ...]
    photo: bool


def listed(skill: Skill) -> Listing:
    """What a skill's steps come to."""
    return Listing(
        navigate=skill.origins.navigate,
        load=skill.origins.load,
        effect=skill.effect,
        acts=tuple(
            ListedAct(
                step=step.id,
                shows=tuple(one.title for one in step.confirms),
                capped=tuple(one.title for one in step.confirms if one.capped),
            )
            for step in skill.all_steps
            if step.effect == "irreversible"
        ),
        asks=tuple(one.name for one in skill.parameters if one.source == "request"),
        facts=tuple(one.name for one in skill.parameters if one.source == "profile"),
        secrets=tuple(dict.fromkeys(step.secret for step in skill.all_steps if step.secret)),
        files=kept_by(skill),
        photo=wants_photo(skill),
    )


def misfits(skill: Skill) -> Iterator[str]:
    """Where a skill of somebody else says less than it does."""
    hosts = {*skill.origins.navigate, *skill.origins.load}
    for step in skill.all_steps:
        if step.target is None or step.action not in ("click", "double_click", "press"):
            continue
        seen = step.target.fingerprint
        named = [one.name or one.value for one in step.target.locators if one.kind.value in ("role", "text")]
        is_link = seen.role == "link" or seen.tag == "a"
        for words in dict.fromkeys((seen.name, seen.text, *named)):
            if step.effect != "irreversible" and commits(words, link=is_link):
                yield f"step {step.id!r} presses “{words}”, which cannot be undone, and does not ask before it"
        address = urlsplit(seen.attributes.get("href", ""))
        if address.hostname and "{" not in address.netloc and address.hostname not in hosts:
            yield f"step {step.id!r} follows a link to {address.hostname}, which is none of its origins"
