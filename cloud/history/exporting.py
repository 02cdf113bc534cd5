"""What of a run goes into a trace file: without secrets, and without values or pictures where its person wants that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct, structs

from cloud.history.story import RunStory

LEFT_OUT = "…"


class Wanted(Struct, frozen=True, kw_only=True):
    """What shall be in the file. Pictures show what was typed: without `values` there are none."""

    pictures: bool = True
    values: bool = True

    @property
    def shown(self) -> bool:
        """Whether there are pictures in it."""
        return self.pictures and self.values


def told_outside(
    story: RunStory, wanted: Wanted, *, hide: Callable[[Any], Any], devices: Mapping[str, str] | None = None
) -> RunStory:
    """The story as it may be sent: every secret that is known taken out, devices by their names."""
    if not wanted.values:
        story = without_values(story)
    if not wanted.shown:
        healings = tuple(structs.replace(one, pictures=()) for one in story.healings)
        story = structs.replace(story, pictures=(), healings=healings)
    clean = msgspec.convert(hide(msgspec.to_builtins(story)), RunStory)
    return _renamed(clean, devices or {})


def in_words(story: RunStory, pictures: int, wanted: Wanted) -> str:
    """What is in the file, for who is about to save it."""
    steps = sum(len(part.did) for part in story.parts)
    held = [f"what was done, in {_count(steps, 'step')} with their times and verdicts"]
    if wanted.values:
        held.insert(0, "what you asked for")
        held += ["what was typed, chosen and read", "what the sites said"]
    if story.asks:
        answers = "its answer" if len(story.asks) == 1 else "their answers"
        held.append(f"{_count(len(story.asks), 'question')} with {answers}")
    if pictures:
        held.append(f"{_count(pictures, 'picture')} of the pages")
    words = f"It holds {', '.join(held[:-1])} and {held[-1]}." if len(held) > 1 else f"It holds {held[0]}."
    words += " Passwords, codes and card numbers are not in it."
    if pictures:
        words += " The pictures show all that stood on the pages: look at them before you send them."
    if not wanted.values:
        words += " Your words, what was typed and what the sites said are left out, and with them the pictures."
    return words


def without_values(story: RunStory) -> RunStory:
    """What was done and how, but not with what: no words of the person, nothing typed, read or said by a site."""
    masked = _masking(story)
    tool = story.tool.replace("_", " ")
    parts = tuple(
        structs.replace(
            part,
            words=part.tool.replace("_", " "),
            values={},
            sentence="",
            read={},
            files=tuple((LEFT_OUT, size) for _, size in part.files),
            verdicts=tuple(structs.replace(one, reason="") for one in part.verdicts),
            did=tuple(
                structs.replace(
                    one,
                    words=f"Go to {one.site}" if one.action == "goto" else masked(one.words),
                    element=masked(one.element),
                    value="",
                    item="",
                    verdicts=tuple(structs.replace(verdict, reason="") for verdict in one.verdicts),
                )
                for one in part.did
            ),
        )
        for part in story.parts
    )
    asks = tuple(
        structs.replace(
            one,
            text=masked(one.text),
            rows=tuple((label, LEFT_OUT, who) for label, _, who in one.rows),
            choices=tuple(LEFT_OUT for _ in one.choices),
            answer=one.answer if one.answer in ("yes", "no", "") else LEFT_OUT,
        )
        for one in story.asks
    )
    return structs.replace(
        story,
        text=tool,
        heard="",
        schedule_words="",
        sentence="",
        now="",
        parts=parts,
        asks=asks,
        acts=tuple(structs.replace(one, words=tool, evidence=()) for one in story.acts),
        healings=tuple(structs.replace(one, was=masked(one.was), now=masked(one.now)) for one in story.healings),
        cards=(),
        said=(),
        changed=tuple(map(masked, story.changed)),
    )


def _masking(story: RunStory) -> Callable[[str], str]:
    values = sorted({" ".join(value.split()) for value in _values(story)} - {""}, key=len, reverse=True)
    if not values:
        return lambda text: text
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in values), re.IGNORECASE)
    return lambda text: pattern.sub(LEFT_OUT, text)


def _values(story: RunStory) -> Iterator[str]:
    for part in story.parts:
        for value in part.values.values():
            yield from map(str, value) if isinstance(value, list | tuple) else (str(value),)
        yield from part.read.values()
        for did in part.did:
            yield from (did.value, did.item)
    for asked in story.asks:
        yield from (value for _, value, _ in asked.rows)
        yield asked.answer if asked.answer not in ("yes", "no") else ""


def _renamed(story: RunStory, devices: Mapping[str, str]) -> RunStory:
    """A device by its name; the turn in which an answer was spoken by that of its device, and its number."""

    def name(surface: str) -> str:
        device, colon, turn = surface.partition(":")
        return f"{devices.get(device, device)}{colon}{turn}"

    asks = tuple(structs.replace(one, surface=name(one.surface)) for one in story.asks)
    return structs.replace(story, device=devices.get(story.device, story.device), asks=asks)


def _count(many: int, noun: str) -> str:
    return f"{many} {noun}" if many == 1 else f"{many} {noun}s"
