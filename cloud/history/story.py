"""The story of a run: all that portal, command line and trace file tell of what was done in a person's name.

Frozen and plain, so that it can be written as JSON and read again. Times are UTC seconds, durations ms; texts are as
they were told, with secrets taken out.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct


class Verdict(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How something was judged. `words` say what its rule means; `act` names the act within a skill."""

    decision: Literal["go", "ask", "refuse"]
    rule: str
    words: str = ""
    reason: str = ""
    act: str = ""
    at: float = 0.0


class Did(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of a skill. `similarity` is how alike its element was to the one that was taught, 0..1, None without one.

    `ended` is "cut" when the run ended in its middle. `value` is what was typed or chosen, "" for a secret.
    """

    step: str
    words: str
    at: float
    took_ms: float = 0.0
    ended: Literal["done", "failed", "cut"] = "done"
    action: str = ""
    element: str = ""
    similarity: float | None = None
    value: str = ""
    site: str = ""
    item: str = ""
    round: int = 0
    rounds: int = 0
    verdicts: tuple[Verdict, ...] = ()


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of the plan: one tool, called once. `version` is the skill's, 0 for what has none."""

    number: int
    tool: str
    words: str = ""
    version: int = 0
    effect: str = ""
    values: dict[str, Any] = {}
    began: float | None = None
    ended: float | None = None
    waited_ms: float = 0.0
    status: str = ""
    sentence: str = ""
    verdicts: tuple[Verdict, ...] = ()
    did: tuple[Did, ...] = ()
    sites: tuple[str, ...] = ()
    read: dict[str, str] = {}
    files: tuple[tuple[str, int], ...] = ()  # what was downloaded: name, bytes
    lost: str = ""  # the step that stopped it
    code: str = ""


class Asked(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question, and what came of it. `digest` is that of exactly what was asked about; `surface` is where it was
    answered: a device, "portal", "studio", or the turn that was spoken."""

    ask: str
    kind: str
    text: str
    at: float
    digest: str = ""
    step: int = 0
    rows: tuple[tuple[str, str, str], ...] = ()  # label, value, who says so: you | site
    choices: tuple[str, ...] = ()
    answer: str = ""
    surface: str = ""
    answered: float | None = None
    outcome: str = ""  # yes | no | chosen | expired | cancelled | superseded; "": it waits


class Act(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What cannot be undone: on record before it was made, and what came of it. `evidence` is what the site showed."""

    act: str
    words: str
    at: float
    step: int = 0
    result: str = ""  # done | failed | unknown | not_acted; "": nobody knows yet
    settled: float | None = None
    evidence: tuple[str, ...] = ()


class Healing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An element that was found elsewhere than taught. `version` is the skill's that came of it, 0: none."""

    step: str
    now: str
    at: float
    was: str = ""
    score: float = 0.0
    confirmed: bool = False
    skill: str = ""
    version: int = 0
    pictures: tuple[str, ...] = ()


class Picture(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the filmstrip. `kept`: it is still there."""

    number: int
    at: float
    kept: bool = True


class Card(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the device's screen and the portal showed."""

    title: str
    body: str = ""
    rows: tuple[tuple[str, str], ...] = ()


class Said(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence that the person heard."""

    text: str
    at: float


class RunStory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All of one run. `by` is what began it (see `cloud.commands.Origin`), `text` what was understood of what was said,
    `heard` that itself, `attempts` how often it was begun, which is more than once after a crash.

    `schedule` is the one that began it, `schedule_words` its name and times. `now` says what is being done, while it
    is.
    """

    run: str
    text: str
    status: str
    began: float
    by: str = "device"
    heard: str = ""
    spoken: bool = False
    engine: str = ""
    device: str = ""
    turn: int = 0
    schedule: str = ""
    schedule_words: str = ""
    ended: float | None = None
    sentence: str = ""
    attempts: int = 0
    now: str = ""
    parts: tuple[Part, ...] = ()
    asks: tuple[Asked, ...] = ()
    acts: tuple[Act, ...] = ()
    healings: tuple[Healing, ...] = ()
    pictures: tuple[Picture, ...] = ()
    cards: tuple[Card, ...] = ()
    said: tuple[Said, ...] = ()
    changed: tuple[str, ...] = ()

    @property
    def tool(self) -> str:
        """What it used first, "" when nothing was planned."""
        return self.parts[0].tool if self.parts else ""

    @property
    def effect(self) -> str:
        """The weightiest of what was planned."""
        effects = {part.effect for part in self.parts}
        return next((one for one in ("irreversible", "reversible", "read") if one in effects), "")

    @property
    def sites(self) -> tuple[str, ...]:
        """The hosts on which anything was done."""
        return tuple(dict.fromkeys(site for part in self.parts for site in part.sites))

    @property
    def took_ms(self) -> float:
        """From what was said to the end; 0 while it is being done."""
        return max(self.ended - self.began, 0.0) * 1000 if self.ended is not None else 0.0
