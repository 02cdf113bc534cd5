"""The skill file, format 1: what a taught task is. Data only; `checks.py` reads it, `replay.py` does it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from browser.conditions import Condition
from browser.fingerprint import Fingerprint
from browser.locators import Locator
from language.comparisons import Relation
from language.entities import Slot, SlotKind
from teach_mode.errors import SkillOriginRefused
from teach_mode.interfaces import Effect

FORMAT = 1
# Values that every run has: the site's address, the item of a loop, the photo taken with the request.
GIVEN = frozenset(("site", "item", "photo"))

Action = Literal[
    "goto",  # `value` is the address
    "click",
    "double_click",
    "right_click",
    "middle_click",  # of a link: opens it in a tab of its own
    "fill",
    "select",  # `value` is the option's label or value; several stand in lines of their own
    "check",
    "uncheck",
    "press",  # `value` is a key or chord; with no target it goes to what has the focus
    "upload",  # `value` is the name of a file that the skill keeps, or `{photo}`, the one taken with the request
    "hover",
    "drag",  # from `target` to `onto`
    "scroll",  # the target, or the page, by `value` px; without a value the target comes into view
    "close",  # the tab
    "wait",  # for `wait`, nothing else
    "assert",  # `wait` must be true now
    "read",  # the target's text becomes `{saves}`
]
TARGETLESS: frozenset[str] = frozenset({"goto", "wait", "assert", "press", "scroll", "close"})
USUAL_PORTS = {"http": 80, "https": 443}


class Parameter(Slot, frozen=True, kw_only=True, omit_defaults=True):
    """A slot of the request; or, with source `profile`, a fact about the person kept under the same name."""

    source: Literal["request", "profile"] = "request"


class Origins(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Host names: where the skill may go, and apart from it what its pages load from. No wildcards, no ports."""

    navigate: tuple[str, ...]
    load: tuple[str, ...] = ()


class Target(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An element: ways to name it, best first, and what it looked like. All texts are templates."""

    locators: tuple[Locator, ...]
    fingerprint: Fingerprint


class Confirm(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A read-back that the person must see before an irreversible act.

    `expect`, a template, must then stand in what the site says. `capped` holds an amount to the person's cap. `looks`
    is what its element looked like, for the day on which the page has changed.
    """

    name: str
    title: str
    locators: tuple[Locator, ...]
    kind: SlotKind = "text"
    frame: tuple[str, ...] = ()
    expect: str = ""
    capped: bool = False
    looks: Fingerprint | None = None


class Evidence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the site itself tells whether an act happened: a page whose `items` are one more after it.

    `ready` holds as soon as the items can be counted, also when there are none. `looks` is what one of them looked
    like, for the day on which the page has changed. `whole`: the page shows all items that there are, so that as many
    as before mean that nothing happened; of a page that shows the latest alone they mean nothing.
    """

    url: str
    ready: Condition
    items: tuple[Locator, ...]
    looks: Fingerprint | None = None
    whole: bool = True


class When(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step is done only if all that is given holds: a parameter is not empty, parameters are equal to, the page."""

    given: str = ""
    equals: dict[str, str] = field(default_factory=dict)
    page: Condition | None = None


class Turn(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The other way of a step that turns a calendar until it shows `month`, a template ("{day|date:%B %Y}"): `back` is
    taken in place of the step's target while what `changes` finds names a later month."""

    month: str
    back: Target


class DialogAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a dialog of the page is answered: yes or no, and `text` typed into a prompt. `message` must stand in what the
    dialog says; any other one is answered with no. Both are templates."""

    accept: bool = False
    text: str = ""
    message: str = ""


class Step(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing done on a page. `value`, `question` and every text of targets and conditions are templates.

    `for_each` names a list parameter: the step is done for each value, called `{item}`. `until` repeats it, at most
    `most` times, until the page is so, and not at all when it already is; `changes` reads differently after each time,
    and looked like `changes_looks`; `turn` may go the other way. `secret` names a secret typed in place of `value`;
    with `one_time` it is a seed, and its code of now is typed. `tab` is where it is done ("" the first), `opens` what
    the tab that it opens is called from then on. `dialog` answers the dialog that it brings up. `downloads` names the
    value that holds the name of the file that comes. `many`: what is read is a list, of the text of each element that
    is found. `optional`: done only when its element is there as soon as the page is. `problems` are where the site says
    why this step cannot be done. An irreversible step has `confirms`, a `question`, a `postcondition` and, where the
    site has one, `evidence`.
    """

    id: str
    action: Action
    target: Target | None = None
    onto: Target | None = None
    value: str = ""
    secret: str = ""
    one_time: bool = False
    tab: str = ""
    opens: str = ""
    dialog: DialogAnswer | None = None
    downloads: str = ""
    optional: bool = False
    saves: str = ""
    wait: Condition | None = None
    postcondition: Condition | None = None
    effect: Effect = "reversible"
    confirms: tuple[Confirm, ...] = ()
    question: str = ""
    evidence: Evidence | None = None
    for_each: str = ""
    when: When | None = None
    until: Condition | None = None
    changes: tuple[Locator, ...] = ()
    changes_looks: Fingerprint | None = None
    turn: Turn | None = None
    most: int = 12
    many: bool = False
    problems: tuple[Locator, ...] = ()


class Loop(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The steps from `first` to `last` are done for each `{item}` in turn: each value of the list parameter `for_each`,
    or each text that `rows`, in `frame`, finds on the page when the loop begins, at most `most` of them."""

    first: str
    last: str
    for_each: str = ""
    rows: tuple[Locator, ...] = ()
    frame: tuple[str, ...] = ()
    most: int = 50


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a skill starts and what must be true there; if it is not, `reconcile` is done and it is looked at again."""

    url: str
    condition: Condition | None = None
    reconcile: tuple[Step, ...] = ()


class Check(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A plain comparison of a value that was read: its figure is `below`, `at_most`, `above`, `at_least` or `equal` to
    `than`; or it `says` those words."""

    value: str
    relation: Relation
    than: str


class Call(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another skill that is done when this one's own steps are, as a step of the same task with pages, hosts, questions
    and records of its own.

    `values` are templates for its parameters; `keeps` says under which name what it read is known here. `version` 0:
    the one that counts when the task is planned. `when`: only if that holds. `instead_of` names the call (or, as
    "steps", the skill's own steps) that it is done in place of, should that come to nothing; `strict`: only where the
    site says that it is not to be had. `for_each` names a list: it is done for each `{item}`, at most `most` of them.
    """

    id: str
    skill: str
    version: int = 0
    values: dict[str, str] = field(default_factory=dict)
    keeps: dict[str, str] = field(default_factory=dict)
    when: Check | None = None
    instead_of: str = ""
    strict: bool = False
    for_each: str = ""
    most: int = 20


class Skill(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole skill. `site` names the base address in the owner's configuration; without it `base` stands.

    `loops` say which steps are done again and again. `problems` are where the site says what is wrong (alerts);
    `read_back` is the answer spoken at the end. `calls` are other skills that are done after the steps; with them there
    need be no steps, and then neither address, hosts nor entry.
    """

    format: int
    name: str
    description: str
    base: str = ""
    origins: Origins = Origins(navigate=())
    entry: Entry = Entry(url="")
    steps: tuple[Step, ...] = ()
    utterances: tuple[str, ...]
    calls: tuple[Call, ...] = ()
    loops: tuple[Loop, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    effect: Effect = "reversible"
    site: str = ""
    version: int = 1
    problems: tuple[Locator, ...] = ()
    read_back: str = ""

    def parameter(self, name: str) -> Parameter | None:
        """The parameter of this name."""
        return next((one for one in self.parameters if one.name == name), None)

    @property
    def stretches(self) -> Iterator[tuple[Loop | None, tuple[Step, ...]]]:
        """The steps in their order, cut where a loop begins or ends."""
        at, ids = 0, [step.id for step in self.steps]
        for loop in sorted(self.loops, key=lambda one: ids.index(one.first)):
            first, after = ids.index(loop.first), ids.index(loop.last) + 1
            yield None, self.steps[at:first]
            yield loop, self.steps[first:after]
            at = after
        yield None, self.steps[at:]

    @property
    def all_steps(self) -> tuple[Step, ...]:
        """Reconciling steps, then the steps themselves."""
        return self.entry.reconcile + self.steps

    @property
    def reads(self) -> tuple[str, ...]:
        """Names of all that the steps read, confirm or download."""
        named = [name for step in self.all_steps for name in (step.saves, step.downloads) if name]
        return (*named, *(confirm.name for step in self.all_steps for confirm in step.confirms))

    @property
    def navigates(self) -> tuple[str, ...]:
        """Hosts to go to, the base address's first and with its port: ("shop.localhost:8123", "pay.example")."""
        base = urlsplit(self.base)
        if not self.base:
            return ()
        return (base.netloc, *(host for host in self.origins.navigate if host != base.hostname))

    @property
    def loads(self) -> tuple[str, ...]:
        """Hosts that pages may load from; those to go to are among them."""
        return (*self.navigates, *(host for host in self.origins.load if host not in self.origins.navigate))

    def may_load_from(self, url: str) -> bool:
        """Whether pages of the skill may load what has this address: a host of its lists, as secure as its base."""
        parts, base = urlsplit(url), urlsplit(self.base)
        hosts = (*self.origins.navigate, *self.origins.load)
        return parts.hostname in hosts and parts.scheme in ("https", base.scheme)

    def at(self, base: str) -> Skill:
        """This skill bound to the base address of the owner's configuration, on a host that it names already.

        Raises SkillOriginRefused: an address can move a port, never widen the hosts.
        """
        parts = urlsplit(base)
        if parts.scheme not in USUAL_PORTS or not parts.hostname or parts.username is not None:
            raise SkillOriginRefused(f"{self.name}: {base!r} is no http or https address")
        if parts.hostname not in self.origins.navigate:
            raise SkillOriginRefused(
                f"{self.name}: {base} is not on one of the skill's hosts ({', '.join(self.origins.navigate)}); "
                "correct the address under `sites`, or teach the skill there"
            )
        return msgspec.structs.replace(self, base=f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}")

    def may_be_at(self, url: str) -> bool:
        """Whether the skill may act on a page with this address: its base origin, else a host of its list by https."""
        parts, base = urlsplit(url), urlsplit(self.base)
        if (parts.scheme, parts.netloc) == (base.scheme, base.netloc):
            return True
        return (
            parts.scheme == "https"
            and parts.port in (None, 443)
            and parts.hostname != base.hostname
            and parts.hostname in self.origins.navigate
        )
