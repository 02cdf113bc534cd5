"""Step + World -> Verdict. Pure rules that check what a model, a page or a person proposes; each has a name.

What may be done comes from the request and the tool alone. What pages and pictures say is data: it may fill a slot,
and can never add a tool, an origin, a recipient or a step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct, field

from cloud.lam.goals import Origin
from cloud.lam.planning import Step
from cloud.lam.schemas import faults
from cloud.lam.toolbox import Effect, SiteTool, Tool
from language.commitments import commits
from language.comparisons import Comparison, holds, say_comparison
from language.entities import Value
from language.figures import figure_of

MOST_STEPS = 40
TAINTED: frozenset[Origin] = frozenset({"picture", "page"})
# Slots whose value decides where something goes: words of a page or a picture never stand in one.
SINKS = frozenset(
    ("account", "address", "beneficiary", "destination", "domain", "email", "host", "iban", "link", "origin", "payee")
    + ("phone", "receiver", "recipient", "site", "street", "to", "url", "website")
)
_WEIGHT: dict[Effect, int] = {"read": 0, "reversible": 1, "irreversible": 2}


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
    pressed: str = ""  # what stands on the element that is about to be pressed
    is_link: bool = False
    version: int = 0  # of the tool, where it has versions
    # It only puts a notice about cookies aside. That may stand on a host that the skill's pages load from.
    notice: bool = False
    loads: tuple[str, ...] = ()
    only_if: Comparison | None = None  # what it costs must be so: the person said it with the request


def judge_step(step: Step, tool: Tool | None, world: World) -> Verdict:
    """Before a step starts. A `SiteTool` is let go: it brings each of its acts to `judge_act`."""
    if tool is None:
        return _refuse("tool_known", f"There is no tool called {step.tool}.")
    for rule in STEP_RULES:
        if reason := rule(step, tool, world):
            return _refuse(rule.__name__, reason)
    if tool.effect != "irreversible":
        return Verdict(decision="go", rule="harmless")
    if isinstance(tool, SiteTool):
        return Verdict(decision="go", rule="asks_at_the_act")
    return Verdict(decision="ask", rule="irreversible_is_asked", reason=step.words)


def judge_act(act: Act, tool: Tool | None, request: Request) -> Verdict:
    """Before an act inside a tool. An irreversible one is never let go unasked."""
    if tool is None:
        return _refuse("tool_known", f"There is no tool called {act.tool}.")
    for rule in ACT_RULES:
        if reason := rule(act, tool, request):
            return _refuse(rule.__name__, reason)
    if act.effect == "irreversible":
        return Verdict(decision="ask", rule="irreversible_is_asked", reason=act.words)
    return Verdict(decision="go", rule="harmless")


# The rules of a step: an empty reason lets it pass.


def step_was_asked_for(step: Step, tool: Tool, world: World) -> str:
    """A step that the goal did not name comes from somewhere else than the person."""
    return "" if tool.name in world.request.tools else f"You did not ask for {step.words or tool.name}."


def steps_are_few(step: Step, tool: Tool, world: World) -> str:
    """A runaway plan stops."""
    return "" if world.started < MOST_STEPS else f"That takes more than {MOST_STEPS} steps."


def step_waits_its_turn(step: Step, tool: Tool, world: World) -> str:
    """What a step builds on must be done."""
    return "" if set(step.after) <= set(world.done) else "What it builds on is not done."


def effect_is_not_hidden(step: Step, tool: Tool, world: World) -> str:
    """A step may not be announced as less than what its tool does."""
    return "" if _WEIGHT[step.effect] >= _WEIGHT[tool.effect] else f"{step.words} does more than it says."


def slots_are_filled(step: Step, tool: Tool, world: World) -> str:
    """Nothing runs with a required slot empty."""
    missing = [
        slot.name
        for slot in tool.slots
        if slot.required and slot.default is None and step.arguments.get(slot.name, "") in ("", ())
    ]
    return f"I still need {' and '.join(missing)}." if missing else ""


def arguments_fit(step: Step, tool: Tool, world: World) -> str:
    """Every argument is one of the tool's, of its kind and within its bounds."""
    wrong = faults(tool.slots, step.arguments)
    return f"The details do not fit: {wrong[0]}." if wrong else ""


def step_keeps_taint_out(step: Step, tool: Tool, world: World) -> str:
    """Words of a page or a picture decide neither where a browser goes nor who receives something."""
    return _tainted(step.arguments, step.origins)


StepRule = Callable[[Step, Tool, World], str]
STEP_RULES: tuple[StepRule, ...] = (
    step_was_asked_for,
    steps_are_few,
    step_waits_its_turn,
    effect_is_not_hidden,
    slots_are_filled,
    arguments_fit,
    step_keeps_taint_out,
)

# The rules of an act.


def act_was_asked_for(act: Act, tool: Tool, request: Request) -> str:
    """Only a tool that the goal named may act."""
    return "" if tool.name in request.tools and act.tool == tool.name else f"You did not ask for {act.words}."


def effect_is_within_the_tool(act: Act, tool: Tool, request: Request) -> str:
    """A tool that only looks may not buy."""
    return "" if _WEIGHT[act.effect] <= _WEIGHT[tool.effect] else f"{act.words} is more than you asked for."


def effect_is_what_the_button_says(act: Act, tool: Tool, request: Request) -> str:
    """A skill file cannot make a paying click harmless by calling it so."""
    if act.effect == "irreversible" or not commits(act.pressed, link=act.is_link):
        return ""
    return f"The next button says “{act.pressed}”, and I was not taught to ask you before it."


def origin_is_allowed(act: Act, tool: Tool, request: Request) -> str:
    """The page must be one that both the tool and its act may be on."""
    allowed = [act.navigates] + ([tool.navigates] if isinstance(tool, SiteTool) else [])
    if all(on_one_of(act.origin, hosts) for hosts in allowed):
        return ""
    if act.notice and act.effect == "reversible" and on_one_of(act.origin, act.loads) and not commits(act.pressed):
        return ""
    return f"It led to {host_of(act.origin) or 'an unknown place'}, where I may not act."


def confirmations_are_there(act: Act, tool: Tool, request: Request) -> str:
    """What the person must see before an irreversible act was really read from the site."""
    if act.effect != "irreversible":
        return ""
    read = {back.name for back in act.read_backs if back.value.strip()}
    unread = [name for name in act.confirms if name not in read]
    return f"The site does not say the {' and the '.join(unread)}." if unread else ""


def amounts_are_readable(act: Act, tool: Tool, request: Request) -> str:
    """An amount that cannot be read cannot be held to a cap, nor be agreed to."""
    unreadable = [back for back in act.read_backs if back.kind == "amount" and amount_of(back.value) is None]
    return f"I cannot read the {unreadable[0].label}: the site says {unreadable[0].value!r}." if unreadable else ""


def spending_is_within_the_cap(act: Act, tool: Tool, request: Request) -> str:
    """No single amount that the site names may be over what the person allows."""
    if not request.cap:
        return ""
    cap = amount_of(request.cap)
    if cap is None:
        return f"Your spending limit {request.cap!r} is no amount."
    amounts = [amount_of(back.value) or Decimal(0) for back in act.read_backs if back.kind == "amount"]
    highest = max(amounts, default=Decimal(0))
    return f"It costs {highest:.2f}, which is over your limit of {cap:.2f}." if highest > cap else ""


def price_is_as_asked(act: Act, tool: Tool, request: Request) -> str:
    """ "Only if it costs less than ten": the highest amount that the site names must be so, and be there."""
    if act.only_if is None or act.effect != "irreversible":
        return ""
    said = [(amount, back.value) for back in act.read_backs if (amount := _amount(back)) is not None]
    wanted = say_comparison(act.only_if)
    if not said:
        return f"The site does not say what it costs, and you wanted {wanted}."
    written = max(said)[1]
    match holds(act.only_if, written):
        case True:
            return ""
        case False:
            return f"It costs {written}, and you wanted {wanted}."
    return f"I cannot tell whether {written} is {wanted}."


def _amount(back: ReadBack) -> Decimal | None:
    return amount_of(back.value) if back.kind == "amount" else None


def act_keeps_taint_out(act: Act, tool: Tool, request: Request) -> str:
    """The same for an act as for a step."""
    return _tainted(act.values, act.origins)


ActRule = Callable[[Act, Tool, Request], str]
ACT_RULES: tuple[ActRule, ...] = (
    act_was_asked_for,
    effect_is_within_the_tool,
    effect_is_what_the_button_says,
    origin_is_allowed,
    confirmations_are_there,
    amounts_are_readable,
    spending_is_within_the_cap,
    price_is_as_asked,
    act_keeps_taint_out,
)


def is_sink(name: str) -> bool:
    """Whether a slot of this name decides where something goes ("address", "send_to", "customer_email")."""
    return name.lower().rpartition("_")[2] in SINKS


def on_one_of(address: str, allowed: Iterable[str]) -> bool:
    """Whether an address stands on one of the hosts ("shop.example", "127.0.0.1:8400") or origins allowed.

    A host without a port allows the usual ports alone; an origin also binds the scheme. Sub-domains do not count.
    """
    parts = _place(address)
    return parts is not None and any(_matches(parts, entry) for entry in allowed)


def host_of(address: str) -> str:
    """The host of an address, with its port when it is not the usual one; "" when there is none."""
    parts = _place(address)
    if parts is None:
        return ""
    scheme, host, port = parts
    return host if port == _USUAL[scheme] else f"{host}:{port}"


def amount_of(text: str) -> Decimal | None:
    """The amount in "14.50", "€ 14,50" or "1,234 USD"; None when there is not exactly one, or it is below nothing."""
    figure = figure_of(text)
    return figure if figure is not None and not figure.is_signed() else None


_USUAL = {"http": 80, "https": 443}
_Place = tuple[str, str, int]


def _place(address: str) -> _Place | None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _USUAL or not parts.hostname or parts.username is not None or "\\" in address:
        return None
    return parts.scheme, parts.hostname.rstrip("."), port or _USUAL[parts.scheme]


def _matches(place: _Place, entry: str) -> bool:
    scheme, host, port = place
    if "://" in entry:
        return _place(entry) == place
    allowed = _place(f"{scheme}://{entry}")
    return allowed is not None and allowed[1:] == (host, port)


def _tainted(values: Mapping[str, Value], origins: Mapping[str, Origin]) -> str:
    bad = sorted(name for name in values if origins.get(name) in TAINTED and is_sink(name))
    if not bad:
        return ""
    return f"The {bad[0].replace('_', ' ')} comes from a {origins[bad[0]]}, not from you."


def _refuse(rule: str, reason: str) -> Verdict:
    return Verdict(decision="refuse", rule=rule, reason=reason)
