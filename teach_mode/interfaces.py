"""What replay asks of the house above it: a judge for each step, a second opinion, and secrets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import msgspec

from browser.deadline import Deadline
from browser.fingerprint import Fingerprint
from language.entities import SlotKind, Value

if TYPE_CHECKING:  # a browser's engine is not loaded to read a skill file
    from browser.conditions import Sighting
    from browser.page import Page
    from teach_mode.obstacles import Obstacle

Effect = Literal["read", "reversible", "irreversible"]
Result = Literal["done", "failed", "unknown"]


class SiteSays(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A read-back: what the site says, word for word, before an irreversible act.

    `capped` marks an amount that is held to the person's cap; `sent` a field of the form that the act sends, which the
    skill does not ask for.
    """

    name: str
    text: str
    title: str = ""
    kind: SlotKind = "text"
    capped: bool = False
    sent: bool = False


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One step about to happen, with everything that a verdict may rest on. It knows no task: the Gate belongs to one.

    `origin` and `url` are those of the page shown, or the ones gone to; `fingerprint` is the element as seen just now
    (empty when the step has none) and `similarity` its likeness to what was taught, 0..1; `value` is what will be typed
    or chosen (empty for a secret); `values` are the parameters as given; `question` is what to ask, filled in.
    `notice`: it only puts a notice about cookies aside, which may stand in a frame of a host that pages load from.
    """

    skill: str
    version: int
    step: str
    action: str
    effect: Effect
    origin: str
    url: str
    fingerprint: Fingerprint
    similarity: float
    value: str
    values: dict[str, Value]
    read_backs: tuple[SiteSays, ...] = ()
    question: str = ""
    notice: bool = False


class Permit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to an Act: go, or not with the rule that decided and a sentence for the person."""

    go: bool
    rule: str = ""
    sentence: str = ""


class Settled(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an irreversible act ended. `unknown`: the click went out, and nobody saw what came of it.

    `before` and `after` count the site's evidence (orders in the history), None when it was not looked at; `seen` is
    what the site said, or what went wrong.
    """

    result: Result
    seen: str = ""
    url: str = ""
    before: int | None = None
    after: int | None = None


class Gate(Protocol):
    """Judges every step before it happens. For an irreversible act the order of calls is

    `judge` (asks the person and waits) -> `intend` -> the page is read once more -> click -> `settled`,
    or `withdraw` in place of the click when the page no longer is what was judged; then it is judged again.
    Between `intend` and `settled` there is at most one click, and replay never clicks again.
    """

    async def judge(self, act: Act) -> Permit:
        """Go or not. May wait for the person; must honour cancellation."""
        ...

    async def intend(self, act: Act, before: int | None) -> None:
        """Write down that the click comes now, durably. `before` counts the evidence there was (None: not known)."""
        ...

    async def withdraw(self, act: Act) -> None:
        """The page changed since it was judged: no click happened, and the yes is void."""
        ...

    async def settled(self, act: Act, settled: Settled) -> None:
        """Write down how it ended, durably."""
        ...


class Ranker(Protocol):
    """May re-order candidates for a lost element; it never overrides the margin of an irreversible step."""

    async def rank(self, sought: Fingerprint, candidates: Sequence[Fingerprint]) -> Sequence[int]:
        """Indices into `candidates`, best first."""
        ...


class Attendant(Protocol):
    """Brings a person to a page that replay must not deal with alone: a login, a captcha."""

    async def hand_over(self, page: Page, obstacle: Obstacle) -> bool:
        """Waits for the person; True when they dealt with it. Must honour cancellation."""
        ...


class Files(Protocol):
    """Gives a run the files that it may upload."""

    async def give(self, name: str) -> Path | None:
        """The file kept under this name; "photo": the one taken with the request. None: there is none."""
        ...


class Secrets(Protocol):
    """Types a secret into a field after checking the origin; the secret never passes through teach mode."""

    async def type_into(self, page: Page, at: Sighting, name: str, *, origin: str, deadline: Deadline) -> None:
        """Fill the field `at`, last seen on `origin`, with the secret `name`. May wait until the deadline (for a fresh
        one-time code). Raises SecretRefused, or what the browser raises."""
        ...
