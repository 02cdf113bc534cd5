"""Words to recurrences: "every weekday at eight", "on the first of every month until Christmas".

What is left open is filled in as people mean it: a bare hour by `clauses.hour_of`, "every morning" is at eight, "every
week" on the weekday of its first day. Without any time the recurrence is not complete, to be asked about.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from msgspec.structs import replace

from language.clock import DayPart
from language.recurrences.bounds import day_after
from language.recurrences.clauses import CLAUSES, at_times, hour_of
from language.recurrences.occurring import upcoming
from language.recurrences.rule import LEAST_STEP_MIN, MOST_EVERY, Recurrence
from language.recurrences.weekdays import Parts
from language.tokens import Match, Tokens, read_whole, tokenize, trimmed, word_at

_USUAL: Final[dict[DayPart, time]] = {
    "morning": time(8),
    "afternoon": time(15),
    "evening": time(19),
    "night": time(22),
}
_MOST_COUNT: Final = 400


def parse_recurrence(text: str, now: datetime) -> Recurrence | None:
    """The recurrence that is the whole text, seen from `now` (aware); None when it is none.

    One that is over by `now`, comes more often than every five minutes, or never, is none either.
    """
    return read_whole(text, lambda tokens, index: match_recurrence(tokens, index, now))


def match_recurrence(tokens: Tokens, index: int, now: datetime) -> Match[Recurrence] | None:
    """The longest recurrence that begins at the token."""
    said, after = _gather(tokens, index, now.date())
    rule = _made(said, now) if after > index else None
    return None if rule is None else (rule, after)


def completed(rule: Recurrence, times: tuple[str, ...], now: datetime) -> Recurrence | None:
    """The recurrence at these times; None when it is over by `now`."""
    return _begun(replace(rule, times=times, start=now.date().isoformat()), now, 0)


def times_said(text: str) -> tuple[str, ...]:
    """The times of day that are the whole text ("at eight", "in the morning", "eight and noon"); () when it is none."""
    tokens = trimmed(tokenize(text))
    said, after = _gather(tokens, 0, date(2000, 1, 1), at=True)
    if not tokens or after != len(tokens) or said.keys() - {"clocks", "part", "times"}:
        return ()
    return tuple(each.isoformat("minutes") for each in _times(said) or ())


def split_recurrence(text: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """Each way in which a request has a recurrence before or after it, as the words of both, the likeliest first.

    "Every weekday at eight, read my mail", "order a pizza every Friday at seven". What happens once says "once".
    """
    tokens = trimmed(tokenize(text))
    if not any(_is_marker(token.text) for token in tokens):
        return ()
    found = []
    start = next((at for at, token in enumerate(tokens) if token.text not in _POLITE), 0)
    leading = match_recurrence(tokens, start, now)
    if leading is not None and leading[1] < len(tokens):
        rest = leading[1]
        while word_at(tokens, rest) in (",", ".", "please", "then"):
            rest += 1
        if rest < len(tokens):
            found.append((text[tokens[start].start : tokens[leading[1] - 1].end], text[tokens[rest].start :].strip()))
    end = len(tokens)
    while end and tokens[end - 1].text in (*_THANKS, ",", "."):
        end -= 1
    for at in range(end - 1, 0, -1):
        if word_at(tokens, at - 1) in (_LINKS - _ARTICLES if word_at(tokens, at) in ("every", "each") else _LINKS):
            continue
        trailing = match_recurrence(tokens[:end], at, now)
        if trailing is not None and trailing[1] == end:
            found.append((text[tokens[at].start : tokens[end - 1].end], text[: tokens[at].start].rstrip(" ,")))
    return tuple(found)


_POLITE: Final = frozenset(("please", "hey", "okay", "ok", "can", "could", "would", "you", ",", "and", "now"))
_THANKS: Final = ("please", "thanks")
_LINKS: Final = frozenset(("on", "at", "the", "and", "of", "in", "from", "until", "till", "for", "every", "each", "a"))
_ARTICLES: Final = frozenset(("a", "the"))
_MARKERS: Final = frozenset(
    ("every", "each", "once", "daily", "weekly", "fortnightly", "monthly", "quarterly", "yearly", "annually", "hourly")
    + ("weekdays", "weekends", "workdays", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays")
    + ("sundays",)
)


def _is_marker(word: str) -> bool:
    return word in _MARKERS


def _gather(tokens: Tokens, index: int, today: date, *, at: bool = False) -> tuple[Parts, int]:
    """All clauses that follow one another; `at`: a bare number at the beginning is a time."""
    said: Parts = {}
    after = index
    if at and (times := at_times(_with_at(tokens), 0, today)):
        said, after = times[0], max(times[1] - (word_at(tokens, 0) != "at"), 0)
    while True:
        start = after
        while after > index and word_at(tokens, start) in (",", "and"):
            start += 1
        options = [found for clause in CLAUSES if (found := clause(tokens, start, today)) and _agree(said, found[0])]
        best = max(options, key=lambda option: option[1], default=None)
        if best is None or best[1] <= after:
            return said, after
        said, after = {**best[0], **said}, best[1]


def _with_at(tokens: Tokens) -> Tokens:
    return tokens if word_at(tokens, 0) == "at" else tokenize("at " + " ".join(token.text for token in tokens))


def _agree(said: Parts, more: Parts) -> bool:
    """Nothing is said twice, but a unit that is named again ("every week on Mondays")."""
    return all(said[name] == value and name == "unit" for name, value in more.items() if name in said)


def _made(said: Parts, now: datetime) -> Recurrence | None:
    """The recurrence of all that was said; None when it is none."""
    today = now.date()
    parts = {**said}
    if parts.get("step"):
        parts.setdefault("unit", "week" if parts.get("weekdays") else "day")
    unit = parts.get("unit")
    if unit is None or not _dated(parts, unit, today):
        return None
    times = _times(parts)
    if times is None:
        return None
    first = max(parts.get("first") or today, today)
    if unit == "once":
        first = parts.get("date") or today
    elif not _filled(parts, unit, first):
        return None
    ending = parts.get("last")
    if "lasting" in parts:
        ending = day_after(first, parts["lasting"] - 1)
    rule = Recurrence(
        unit=unit,
        start=first.isoformat(),
        every=parts.get("every", 1),
        weekdays=parts.get("weekdays", ()) if unit != "day" else (),
        days=tuple(sorted(parts.get("days", ()), key=lambda number: number % 32)) if unit in ("month", "year") else (),
        nth=parts.get("nth", ()),
        month=parts.get("month", 0),
        times=tuple(dict.fromkeys(each.isoformat("minutes") for each in times)),
        step=parts.get("step", 0),
        until=f"{ending}T23:59" if ending else "",
        without=tuple(each.isoformat() for each in parts.get("without", ())),
        off=tuple(sorted(set(parts.get("off", ())))),
    )
    return _begun(rule, now, parts.get("count", 0)) if 1 <= rule.every <= MOST_EVERY else None


def _dated(parts: Parts, unit: str, today: date) -> bool:
    """Takes up a day that was named: of what happens once, or yearly. False when it has no place."""
    day = parts.get("date")
    if day is None and unit == "once" and len(parts.get("weekdays", ())) == 1:
        ahead = (parts.pop("weekdays")[0] - today.weekday() - 1) % 7 + 1
        day = parts["date"] = day_after(today, ahead)
    if day is None:
        return unit != "once" or bool(parts.get("clocks"))
    if unit == "year" and "days" not in parts:
        parts |= {"month": day.month, "days": (day.day,)}
        return True
    return unit == "once"


def _filled(parts: Parts, unit: str, first: date) -> bool:
    """Fills in what is left open. False when the parts do not go together."""
    if unit == "week":
        parts.setdefault("weekdays", (first.weekday(),))
        return "days" not in parts
    if unit == "day":
        return "weekdays" not in parts and "days" not in parts
    if "weekdays" in parts and "nth" not in parts:
        return False
    if "nth" not in parts:
        parts.setdefault("days", (first.day,))
    if unit == "year":
        parts.setdefault("month", first.month)
    return True


def _times(parts: Parts) -> list[time] | None:
    """The times in order; none when none was said; None when they do not go together."""
    step, part = parts.get("step", 0), parts.get("part")
    if step:
        if step < LEAST_STEP_MIN or "clocks" in parts:
            return None
        if "window" not in parts:
            return [time(0), time(23, 59)] if part is None else None
        first, last = (hour_of(clock, None) for clock in parts["window"])
        if last <= first and not parts["window"][1].sure:
            last = last.replace(hour=(last.hour + 12) % 24)
        return [first, last] if last > first else None
    if "window" in parts:
        return None
    times: list[time] = list(parts.get("times", ()))
    times += [hour_of(clock, own or part) for clock, own in parts.get("clocks", ())]
    return sorted(set(times)) if times else ([_USUAL[part]] if part is not None else [])


def _begun(rule: Recurrence, now: datetime, count: int) -> Recurrence | None:
    """The rule from its first occurrence on, so that "every two weeks on Friday" begins with the coming Friday."""
    zone = now.tzinfo
    if zone is None:
        raise ValueError("a recurrence is seen from an aware moment")
    whole = rule if rule.is_complete else replace(rule, times=("23:59",))
    found = upcoming(replace(whole, every=1), zone, now.timestamp(), 1)
    if not found:
        return None
    if rule.unit != "once":
        rule = replace(rule, start=datetime.fromtimestamp(found[0], zone).date().isoformat())
    if count > _MOST_COUNT or (count and not rule.is_complete):
        return None
    if count:
        last = datetime.fromtimestamp(upcoming(rule, zone, now.timestamp(), count)[-1], zone).replace(tzinfo=None)
        is_whole = last == max(rule.moments_of(last.date()))
        rule = replace(rule, until=f"{last.date()}T23:59" if is_whole else last.isoformat(timespec="minutes"))
    return rule
