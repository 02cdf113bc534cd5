"""What a run had changed on a site when it ended, as far as it can be undone: nothing half done is left unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from msgspec import Struct

NOTHING = "Nothing was done."
TYPED = "I had filled it in but not sent it, so nothing was done."
# More than this are not said, but shown.
MOST_SAID = 3


class Deed(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step that changed something. `words` say it in the past: clicked “Save”. In a loop `item` is what it was done
    for, the `round`th of `rounds`."""

    step: str
    words: str
    item: str = ""
    round: int = 0
    rounds: int = 0


class Halt(Struct, frozen=True, kw_only=True):
    """Where a run ended: what it had changed by then; in a loop, in which round of how many, and what was due in those
    up to it, as far as that is known."""

    done: tuple[Deed, ...] = ()
    round: int = 0
    rounds: int = 0
    items: tuple[str, ...] = ()


def halt_of(done: Sequence[Deed]) -> Halt:
    """Where a run ended of which only what it changed is known."""
    last = done[-1] if done else Deed(step="", words="")
    items = tuple(dict.fromkeys(one.item for one in done if one.rounds and one.round <= last.round))
    return Halt(done=tuple(done), round=last.round, rounds=last.rounds, items=items)


def so_far(halt: Halt) -> str:
    """What was done, in a sentence or two to be spoken; "" when nothing was."""
    if not halt.done:
        return ""
    here = [one for one in halt.done if one.round in (0, halt.round)] if halt.rounds else list(halt.done)
    sentences = [rounds_done(halt)]
    if here and len(here) <= MOST_SAID:
        of = f"For {here[-1].item} " if here[-1].item else ""
        sentences.append(f"{of}I had already {listed(one.words for one in here)}.")
    elif here:
        last = here[-1].words
        sentences.append(f"I had already done {len(here)} things there; at last I {last}. All of it is on the screen.")
    return " ".join(filter(None, sentences))


def with_deeds(sentence: str, done: str) -> str:
    """A sentence, and after it what was done, if anything was."""
    if not done:
        return sentence
    return f"{sentence} {done}" if sentence.endswith((".", "!", "?", "”")) else f"{sentence}. {done}"


def rounds_done(halt: Halt) -> str:
    """For how many of a loop's items everything was done; "" where it was none."""
    number = halt.round - 1
    if number < 1:
        return ""
    names = halt.items[:number] if len(halt.items) >= number else ()
    called = f": {joined(names)}" if 0 < len(names) <= MOST_SAID else f", up to {names[-1]}" if names else ""
    return f"It was done for {number} of {halt.rounds}{called}."


def listed(words: Iterable[str]) -> str:
    """Deeds in a row, those with one verb together: clicked “Add” and “Next” and typed “5” into “Guests”."""
    groups = groupby((one.partition(" ") for one in words), key=lambda parts: parts[0])
    return joined([f"{verb} {joined([parts[2] for parts in group])}" for verb, group in groups])


def joined(words: Sequence[str]) -> str:
    """“A, B and C”."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)
