"""What the person does, folded into steps: pure. Each method returns the step that is new or was revised, if any."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from browser.downloads import plain_name
from browser.fingerprint import Fingerprint
from browser.locators import Locator
from teach_mode.demonstration import Calendar, Change, Dialog, Listed, Rows, Shown, ShownStep
from teach_mode.heard import Acted, Changed, Described, DescribedCalendar, DescribedList, DescribedRows, Turning, Valued
from teach_mode.skill import Target

Document = tuple[int, int]
NOWHERE = ("about:", "chrome-error:", "chrome:", "data:")
MOST_DIALOGS = 8


class Where(Struct, frozen=True, kw_only=True):
    """Where something was done: the tab and its address, the frame by its path, its document."""

    tab: str
    url: str
    frame: tuple[str, ...]
    document: Document


class Showing:
    """The steps so far. Names of secret fields are learnt, and never come out of an address."""

    def __init__(self) -> None:
        self.steps: list[ShownStep] = []
        self._count = 0
        self._acts: dict[tuple[Document, int], str] = {}
        self._latest: dict[str, str] = {}
        self._secrets: set[str] = set()

    def step(self, name: str) -> ShownStep | None:
        """The step of this id."""
        return next((step for step in self.steps if step.id == name), None)

    def learn_secrets(self, names: Iterable[str]) -> None:
        """Names and ids of fields whose values no address may show."""
        self._secrets.update(names)

    def clean(self, url: str) -> str:
        """An address without what was typed into secret fields, and without a user's name and password."""
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        query = parts.query
        if any(name in self._secrets for name, _ in parse_qsl(query, keep_blank_values=True)):
            pairs = parse_qsl(query, keep_blank_values=True)
            query = urlencode([(name, value) for name, value in pairs if name not in self._secrets])
        return urlunsplit((parts.scheme, host, parts.path, query, parts.fragment))

    # what was done

    def acted(self, act: Acted, where: Where, at_ms: int) -> ShownStep:
        """The person did something."""
        if act.secret and act.el is not None:
            self.learn_secrets(
                filter(None, (act.el.seen.attributes.get("name", ""), act.el.seen.attributes.get("id", "")))
            )
        over = self._acts.get((where.document, act.over)) if act.over else None
        step = ShownStep(
            id=over or self._new_id(),
            action=act.kind,
            url=self.clean(where.url),
            shown=shown_of(act.el, where),
            onto=shown_of(act.onto, where),
            value="" if act.secret else act.value,
            secret=act.secret,
            tab=where.tab,
            at_ms=at_ms,
        )
        self._acts[(where.document, act.n)] = step.id
        return self._keep(step)

    def valued(self, more: Valued, where: Where) -> ShownStep | None:
        """More was typed."""
        step = self.step(self._acts.get((where.document, more.n), ""))
        if step is None or step.action != "fill":
            return None
        secret = step.secret or more.secret
        return self._keep(replace(step, value="" if secret else more.value, secret=secret), latest=False)

    def went(self, tab: str, before: str, url: str, at_ms: int, *, typed: str = "", opens: str = "") -> ShownStep:
        """The person went to an address, by typing it or through the history, which led to `url`; `opens` is the new
        tab it came up in."""
        value = self.clean(typed or url)
        change = Change(url=self.clean(url), popup=opens)
        step = ShownStep(
            id=self._new_id(),
            action="goto",
            url=self.clean(before),
            value=value,
            tab="" if opens else tab,
            change=change,
            at_ms=at_ms,
        )
        kept = self._keep(step)
        self._latest[tab] = kept.id
        return kept

    def closed(self, tab: str, url: str, at_ms: int) -> ShownStep:
        """The person closed a tab."""
        step = ShownStep(id=self._new_id(), action="close", url=self.clean(url), tab=tab, at_ms=at_ms)
        return self._keep(step)

    def pictured(self, name: str, picture: str) -> ShownStep | None:
        """There is a picture of a step's element."""
        step = self.step(name)
        if step is None or step.shown is None:
            return None
        return self._keep(replace(step, shown=replace(step.shown, picture=picture)), latest=False)

    def unseen(self, tab: str) -> str:
        """The step that went to the page that the tab shows, as long as there is no picture of it; or ""."""
        step = self._of(tab)
        return step.id if step is not None and step.action == "goto" and not step.view else ""

    def viewed(self, name: str, picture: str) -> ShownStep | None:
        """There is a picture of the page that a step went to."""
        step = self.step(name)
        return self._keep(replace(step, view=picture), latest=False) if step is not None else None

    # what came of it

    def changed(self, change: Changed, where: Where) -> ShownStep | None:
        """Elements came and went. What a new document shows belongs to the step that led to it. What came after a
        further step, in another document, may be that one's doing and belongs to none."""
        if change.n == 0:
            step = self._of(where.tab)
            if step is None or where.frame or not step.change.url:
                return None
        else:
            step = self.step(self._acts.get((where.document, change.n), ""))
        if step is None or step is not self.steps[-1]:
            return None
        looks = tuple(replace(seen, frame=where.frame) for seen in change.looks)
        listed = _listed(change.listed)
        came = replace(step.change, appeared=change.appeared, left=change.left, looks=looks, listed=listed)
        if (came.appeared, came.left, came.listed) == (step.change.appeared, step.change.left, step.change.listed):
            return None
        return self._keep(replace(step, change=came), latest=False)

    def navigated(self, tab: str, url: str) -> ShownStep | None:
        """The address changed, as a step's consequence."""
        return self._revise(tab, url="" if url.startswith(NOWHERE) else self.clean(url))

    def asked(self, tab: str, dialog: Dialog) -> ShownStep | None:
        """A dialog was answered."""
        step = self._of(tab)
        if step is None or len(step.change.dialogs) >= MOST_DIALOGS:
            return None
        return self._revise(tab, dialogs=(*step.change.dialogs, dialog))

    def opened(self, tab: str, name: str) -> ShownStep | None:
        """A step opened a tab. The first one counts."""
        step = self._of(tab)
        return None if step is None or step.change.popup else self._revise(tab, popup=name)

    def downloaded(self, tab: str, name: str) -> ShownStep | None:
        """A step brought a file."""
        return self._revise(tab, download=plain_name(name))

    def _of(self, tab: str) -> ShownStep | None:
        return self.step(self._latest.get(tab, ""))

    def _revise(self, tab: str, **changes: object) -> ShownStep | None:
        step = self._of(tab)
        if step is None or step.action == "close":
            return None
        return self._keep(replace(step, change=replace(step.change, **changes)), latest=False)

    def _keep(self, step: ShownStep, *, latest: bool = True) -> ShownStep:
        for index, other in enumerate(self.steps):
            if other.id == step.id:
                self.steps[index] = step
                break
        else:
            self.steps.append(step)
        if latest:
            self._latest[step.tab] = step.id
        return step

    def _new_id(self) -> str:
        self._count += 1
        return f"step-{self._count}"


def shown_of(described: Described | None, where: Where) -> Shown | None:
    """An element that the script described, with the frame it stands in."""
    if described is None:
        return None
    return Shown(
        target=_target_of(described.seen, described.locators, where),
        kind=described.kind,
        options=described.options,
        calendar=_calendar(described.calendar, where),
        rows=_rows(described.rows),
        prices=described.prices,
    )


def _calendar(told: DescribedCalendar | None, where: Where) -> Calendar | None:
    if told is None:
        return None
    return Calendar(month=told.month, forward=_turning(told.forward, where), back=_turning(told.back, where))


def _rows(told: DescribedRows | None) -> Rows | None:
    return Rows(locator=told.locator, texts=told.texts, own=told.own) if told is not None else None


def _listed(told: DescribedList | None) -> Listed | None:
    return Listed(locator=told.locator, texts=told.texts, looks=told.seen) if told is not None else None


def _turning(told: Turning | None, where: Where) -> Target | None:
    return _target_of(told.seen, told.locators, where) if told is not None else None


def _target_of(seen: Fingerprint, locators: tuple[Locator, ...], where: Where) -> Target:
    return Target(locators=locators, fingerprint=replace(seen, frame=where.frame))
