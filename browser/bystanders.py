"""What else stood on an element's page when it was shown, kept as digests, and what is left of it today. Pure.

A redesign moves and rewords some elements and leaves others: those that are known again tell how much of the page is
still the same, which elements cannot be the one sought since they are others, and between which it should stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec

from browser.fingerprint import Fingerprint
from browser.traits import marks, spoken
from language.similarity import words_of

MOST = 100
# Stands between what came before the element and what came after it, and for one that says nothing.
SPLIT = "|"
BARE = "-"
# How much nearer bystanders count more for the order.
ORDER_HALVES = 6.0

_KINDS = {
    "button": "b", "link": "l", "textbox": "t", "searchbox": "t", "spinbutton": "t", "combobox": "c", "listbox": "c",
    "checkbox": "k", "switch": "k", "radio": "r", "tab": "m", "option": "m", "menuitem": "m", "treeitem": "m",
    "menuitemcheckbox": "m", "menuitemradio": "m",
}  # fmt: skip
OTHER_KIND = "o"
_WORK = {"b": "pressed", "l": "pressed", "m": "pressed", "t": "typed", "c": "typed", "k": "ticked", "r": "ticked"}


class Bystander(msgspec.Struct, frozen=True):
    """Its kind (one letter), and digests of what it says and of where it leads, "" for neither."""

    kind: str
    says: str
    leads: str

    @property
    def work(self) -> str:
        """What is done with its kind: pressed, typed, ticked, or nothing known."""
        return _WORK.get(self.kind, "")


class Bystanders(msgspec.Struct, frozen=True):
    """Others of a page, nearest first on each side. Not `ordered`: remembered before their order was; all `before`."""

    before: tuple[Bystander, ...] = ()
    after: tuple[Bystander, ...] = ()
    ordered: bool = False

    @property
    def all(self) -> tuple[Bystander, ...]:
        """Both sides."""
        return self.before + self.after


def kind_of(seen: Fingerprint) -> str:
    """What an element is to those who count its like: a letter."""
    return _KINDS.get(seen.role, OTHER_KIND)


def bystander(seen: Fingerprint) -> Bystander:
    """An element as it is remembered of another one's page."""
    return Bystander(kind_of(seen), *marks(seen))


def bystanders(text: str) -> Bystanders:
    """Those that `Fingerprint.others` holds; a token that is none counts as one that nobody bears."""
    if SPLIT not in text:
        # As it was written first: digests of both kinds, in no order.
        return Bystanders(before=tuple(Bystander(OTHER_KIND, token, token) for token in text.split()))
    before, _, after = text.partition(SPLIT)
    return Bystanders(_read(before), _read(after), ordered=True)


def _read(side: str) -> tuple[Bystander, ...]:
    parted = (token.partition(".") for token in side.split())
    return tuple(Bystander(head[:1], head[1:].strip(BARE), leads) for head, _, leads in parted)


def written(before: Iterable[Bystander], after: Iterable[Bystander]) -> str:
    """The text of `Fingerprint.others`, nearest first: "lsays.leads bsays | l-.leads …"; `memory.js` writes it too."""
    left, right = list(islice(before, MOST)), list(islice(after, MOST))
    left = left[: max(MOST // 2, MOST - len(right))]
    right = right[: MOST - len(left)]
    return " ".join((*map(_token, left), SPLIT, *map(_token, right)))


def _token(one: Bystander) -> str:
    return f"{one.kind}{one.says or BARE}" + (f".{one.leads}" if one.leads else "")


def remembered(own: Fingerprint, page: Iterable[Fingerprint]) -> Fingerprint:
    """`own` with what else stood on its page, as `memory.js` remembers it while teaching. `page` is in its order."""
    bare = msgspec.structs.replace(own, others="", shared={})
    around: list[Bystander] = []
    place = -1
    wanted = dict.fromkeys(words_of(spoken(own)), 0)
    for one in page:
        if one.frame != own.frame:
            continue
        if place < 0 and one == bare:
            place = len(around)
            continue
        around.append(bystander(one))
        for word in set(words_of(spoken(one))) & wanted.keys():
            wanted[word] += 1
    place = len(around) if place < 0 else place
    return msgspec.structs.replace(
        own,
        others=written(reversed(around[:place]), around[place:]),
        shared={word: count for word, count in wanted.items() if count},
    )


class Company:
    """The candidates of a page, in its order, as bystanders are compared with them."""

    def __init__(self, candidates: Sequence[Fingerprint]) -> None:
        self.seen = [bystander(one) for one in candidates]
        self._frames = [one.frame for one in candidates]
        self._says = Counter(one.says for one in self.seen if one.says)
        self._leads = Counter(one.leads for one in self.seen if one.leads)
        self._at_says = {one.says: at for at, one in enumerate(self.seen) if self._says[one.says] == 1}
        self._at_leads = {one.leads: at for at, one in enumerate(self.seen) if self._leads[one.leads] == 1}

    def kept(self, others: Bystanders, own: Bystander) -> float:
        """The share of the bystanders' words, and of their addresses, that is still on the page; 0 of none."""
        says = {one.says for one in others.all if one.says and one.says != own.says}
        leads = {one.leads for one in others.all if one.leads and one.leads != own.leads}
        shares = [
            sum(one in now for one in were) / len(were)
            for were, now in ((says, self._says), (leads, self._leads))
            if were
        ]
        return sum(shares) / len(shares) if shares else 0.0

    def places(self, others: Bystanders, frame: tuple[str, ...]) -> tuple[list[float | None], list[float | None]]:
        """For each candidate how near it stands to where the bystanders have the element, and how far it stands on the
        right side of each, 0..1; None where no bystander is known again in its frame."""
        unknown: list[float | None] = [None] * len(self.seen)
        left, right = self._anchors(others.before, frame, others), self._anchors(others.after, frame, others)
        if not others.ordered or not (left or right):
            return unknown, list(unknown)
        expected = [at + 1 + rank for rank, at in left[:1]] + [at - 1 - rank for rank, at in right[:1]]
        sides = [(at, 0.5 ** (rank / ORDER_HALVES), 1) for rank, at in left]
        sides += [(at, 0.5 ** (rank / ORDER_HALVES), -1) for rank, at in right]
        whole = sum(weight for _, weight, _ in sides)
        near, order = unknown, list(unknown)
        for index, where in enumerate(self._frames):
            if where == frame:
                near[index] = max(1 / (1 + abs(index - place)) for place in expected)
                order[index] = sum(weight for at, weight, side in sides if (index - at) * side > 0) / whole
        return near, order

    def _anchors(self, side: Sequence[Bystander], frame: tuple[str, ...], others: Bystanders) -> list[tuple[int, int]]:
        """(rank, place now) of the bystanders of one side that are known again for certain."""
        says = Counter(one.says for one in others.all)
        leads = Counter(one.leads for one in others.all)
        found = []
        for rank, one in enumerate(side):
            at = self._at_says.get(one.says) if one.says and says[one.says] == 1 else None
            if at is None and one.leads and leads[one.leads] == 1:
                at = self._at_leads.get(one.leads)
            if at is not None and self._frames[at] == frame:
                found.append((rank, at))
        return found

    def ordinals(self, others: Bystanders, own: Bystander) -> list[float | None]:
        """For each candidate whether it is the same one among those that say the same as the sought one was, counted
        from either end, 0..1; None where there was and is but one."""
        if not others.ordered or not own.says:
            return [None] * len(self.seen)
        above, below = (sum(one.says == own.says for one in side) for side in (others.before, others.after))
        found = self._turns([one.says for one in self.seen], above, below)
        return [
            None if not one.says or (self._says[one.says] == 1 and above + below == 0) else turn
            for one, turn in zip(self.seen, found, strict=True)
        ]

    def turns(self, others: Bystanders, own: Bystander) -> list[float | None]:
        """For each candidate of the sought one's kind whether it is the same one in the row of that kind, counted from
        either end; None for another kind, and where the ends of the page are not remembered."""
        if not others.ordered or len(others.all) >= MOST:
            return [None] * len(self.seen)
        above, below = (sum(one.kind == own.kind for one in side) for side in (others.before, others.after))
        found = self._turns([one.kind for one in self.seen], above, below)
        return [turn if one.kind == own.kind else None for one, turn in zip(self.seen, found, strict=True)]

    def _turns(self, keys: Sequence[str], above: int, below: int) -> list[float]:
        total, seen = Counter(keys), Counter[str]()
        found = []
        for key in keys:
            ahead = seen[key]
            seen[key] += 1
            found.append(((ahead == above) + (total[key] - 1 - ahead == below)) / 2)
        return found
