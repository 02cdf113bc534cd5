"""Step + World -> Verdict. Rules check what a model proposes; a rule that fires is named."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from cloud.lam.goals import Origin
from cloud.lam.toolbox import Effect
from language.entities import Value


class Verdict(Struct, frozen=True, kw_only=True):
    """go | ask | refuse, with the rule that decided and a reason for people."""

    decision: Literal["go", "ask", "refuse"]
    rule: str
    reason: str = ""


class Request(Struct, frozen=True, kw_only=True):
    """What the person asked, fixed before any page is read. Nothing that a page says can widen it."""

    person: str
    text: str
    tools: tuple[str, ...]  # those that the goal named
    cap: str = ""  # most that may be spent in one act, "50.00"; empty: no cap was set


class World(Struct, frozen=True, kw_only=True):
    """What a step is judged against."""

    request: Request
    done: tuple[int, ...] = ()  # numbers of the steps that ended well
    started: int = 0  # steps begun in this task so far


class ReadBack(Struct, frozen=True, kw_only=True):
    """What the site says of an act, read right before it. `kind` amount is held to the cap."""

    name: str
    label: str
    value: str
    kind: Literal["text", "amount"] = "text"


class Act(Struct, frozen=True, kw_only=True):
    """An act inside a tool that is about to happen: a click on a page, as teach mode's gate brings it."""

    tool: str
    effect: Effect
    origin: str  # of the page it happens on, "https://shop.example"
    navigates: tuple[str, ...]  # hosts or origins that the skill may act on
    words: str = ""
    confirms: tuple[str, ...] = ()  # names of the read-backs that the person must see
    read_backs: tuple[ReadBack, ...] = ()
    values: dict[str, Value] = field(default_factory=dict)
    origins: dict[str, Origin] = field(default_factory=dict)
