"""A demonstration: what a person showed, step by step, as the recorder saw it. Data only; `recorder.py` makes it,
`generalize.py` turns one or several into a skill."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from browser.fingerprint import Fingerprint
from browser.locators import Locator
from teach_mode.skill import Action, Target

FORMAT = 1

# Why a field's value is not in a demonstration: it is named in the vault instead.
SecretKind = Literal["password", "one_time_code", "card"]


class Option(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the things that could have been chosen in place of what was: an option, a radio button, a like link."""

    value: str
    text: str = ""


class Rows(Struct, frozen=True, kw_only=True):
    """Like rows, one of which holds the element: `locator` finds what each is called, `texts` is that, in their order,
    and `own` what the element's own is called."""

    locator: Locator
    texts: tuple[str, ...]
    own: str


class Calendar(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a day was chosen: the month as the page wrote it ("December 2016"), and what turns it by a month."""

    month: str
    forward: Target | None = None
    back: Target | None = None


class Shown(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An element as it was when it was acted on.

    Every locator of `target` found it alone at that moment. `kind` is an input's type ("date", "password"), `options`
    what else could have been chosen, `calendar` what a day stood in, `rows` the rows of which its own is one, `prices`
    what the page said near a button that something costs ("Total 31.00"), `picture` the name of the crop of the screen
    (JPEG) among the demonstration's pictures.
    """

    target: Target
    kind: str = ""
    options: tuple[Option, ...] = ()
    calendar: Calendar | None = None
    rows: Rows | None = None
    prices: tuple[str, ...] = ()
    picture: str = ""


class Dialog(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dialog of the page and how the person answered it. `text` is what was typed into a prompt."""

    kind: Literal["alert", "confirm", "prompt", "beforeunload"]
    message: str
    accepted: bool
    text: str = ""


class Listed(Struct, frozen=True, kw_only=True):
    """What a page lists: `locator` finds all rows, `texts` is what the first and the last say, `looks` the first."""

    locator: Locator
    texts: tuple[str, ...]
    looks: Fingerprint


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was different after a step, once the page was still: a postcondition for nothing.

    `url` is the address when it changed; `appeared` and `left` name elements that came and went, the most telling
    first, `looks` what those that came look like, in their order (empty: not known); `listed` is what a new page lists;
    `popup` is the tab that opened, `download` the name of the file that came.
    """

    url: str = ""
    appeared: tuple[Locator, ...] = ()
    left: tuple[Locator, ...] = ()
    looks: tuple[Fingerprint, ...] = ()
    listed: Listed | None = None
    dialogs: tuple[Dialog, ...] = ()
    popup: str = ""
    download: str = ""

    def looks_of(self, locator: Locator) -> Fingerprint | None:
        """What one of those that came looks like."""
        return next((seen for one, seen in zip(self.appeared, self.looks, strict=False) if one == locator), None)


class ShownStep(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that the person did.

    `value` is what was typed, chosen, pressed or uploaded (file names only), or gone to; a secret's never is: `secret`
    says its kind, and the person names it later. `tab` is the tab it happened in ("" the first, then what `popup`
    called it); `url` its address before. `at_ms` counts from the beginning. `view` names the picture of the page that
    was gone to.
    """

    id: str
    action: Action
    url: str
    shown: Shown | None = None
    onto: Shown | None = None
    value: str = ""
    secret: SecretKind | None = None
    tab: str = ""
    change: Change = Change()
    at_ms: int = 0
    view: str = ""

    @property
    def picture(self) -> str:
        """The name of the step's picture: its element, or the page that it went to; "": there is none."""
        return (self.shown.picture if self.shown is not None else "") or self.view


class Demonstration(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole demonstration. `sentence` is what the person says it does ("order a large pepperoni pizza"), `made_at`
    the local time at which it was shown (ISO 8601), against which "tonight" is understood. Hosts have no ports.
    """

    format: int
    sentence: str
    base: str
    made_at: str
    steps: tuple[ShownStep, ...]
    navigated: tuple[str, ...] = ()
    loaded: tuple[str, ...] = ()
