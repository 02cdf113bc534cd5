"""Schedules: what is done again and again, when it is next, and what became of it; made, changed and left out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, tzinfo
from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from cloud.clock import Clock
from cloud.commands import Overlap
from cloud.portal.doors import Doors
from cloud.portal.http import Table, answer, body
from cloud.schedules.deciding import Schedule, coming
from cloud.schedules.making import Maker
from cloud.schedules.records import Past, Records
from cloud.schedules.words import say_moment
from language.durations import DAY
from language.recurrences.reading import split_recurrence
from language.recurrences.saying import say_recurrence

SHOWN = 5  # instants to come
MOST_SHOWN = 400
MOST_LATE_S, MOST_PATIENCE_S = 7.0 * DAY, 1.0 * DAY


class Given(Struct, frozen=True, forbid_unknown_fields=True):
    """A new schedule: all of it in `text`, or the times in `when`. What is left out is as it usually is."""

    text: str
    when: str = ""
    zone: str = ""
    overlap: Overlap | UnsetType = UNSET
    late_s: float | UnsetType = UNSET
    patience_s: float | UnsetType = UNSET
    device: str | UnsetType = UNSET
    key: str = ""


class Changed(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be otherwise from now on."""

    text: str | UnsetType = UNSET
    when: str | UnsetType = UNSET
    zone: str | UnsetType = UNSET
    overlap: Overlap | UnsetType = UNSET
    late_s: float | UnsetType = UNSET
    patience_s: float | UnsetType = UNSET
    device: str | UnsetType = UNSET


class Skipped(Struct, frozen=True, forbid_unknown_fields=True):
    """The instants to leave out, UTC seconds; none: the next one. `back`: they count again."""

    due_at: tuple[float, ...] = ()
    back: bool = False


class Schedules(Struct, frozen=True, kw_only=True):
    """`zone_of` gives the zone of a schedule, `run_now` begins one by hand."""

    doors: Doors
    records: Records
    maker: Maker
    zone_of: Callable[[Schedule], tzinfo]
    run_now: Callable[[Schedule], Awaitable[str]]
    clock: Clock

    def table(self) -> Table:
        """Path, method and handler of each address."""
        one = "/api/schedules/{schedule}"
        return (
            ("/api/schedules", "GET", self.schedules),
            ("/api/schedules", "POST", self.add),
            ("/api/schedules/preview", "POST", self.preview),
            (one, "GET", self.schedule),
            (one, "POST", self.change),
            (one, "DELETE", self.remove),
            (one + "/restore", "POST", self.restore),
            (one + "/pause", "POST", self.pause),
            (one + "/resume", "POST", self.restore),
            (one + "/skip", "POST", self.skip),
            (one + "/run", "POST", self.run),
        )

    async def schedules(self, request: Request) -> Response:
        """Those that are not over, in the order in which they were made."""
        person = self.doors.person(request)
        count = _count(request)
        listed = [self._told(one, count) for one in await self.records.of(person)]
        return answer({"schedules": listed, "now": self.clock()})

    async def schedule(self, request: Request) -> Response:
        """One, with what became of its last instants."""
        person = self.doors.person(request)
        found = await self._named(request, person)
        history = [_past(one) for one in await self.records.history(person, found.id)]
        return answer(self._told(found, _count(request)) | {"history": history})

    async def preview(self, request: Request) -> Response:
        """What a new one would be: its times in words, its next instants, what it would do. Nothing is kept."""
        person = self.doors.person(request)
        given = await body(request, Given)
        return answer(self._told(await self._draft(person, given), SHOWN))

    async def add(self, request: Request) -> Response:
        """Keeps a new one."""
        person = self.doors.person(request)
        given = await body(request, Given)
        kept = await self.records.add(await self._draft(person, given))
        return answer(self._told(kept, SHOWN), 201)

    async def change(self, request: Request) -> Response:
        """Changes one. Another request is understood anew, other times count from now."""
        person = self.doors.person(request)
        given = await body(request, Changed)
        found = await self._named(request, person)
        values = _chosen(given)
        if given.zone is not UNSET or given.text is not UNSET or given.when is not UNSET:
            values |= await self._made_anew(person, found, given)
        return answer(self._told(await self.records.change(person, found.id, **values), SHOWN))

    async def _made_anew(self, person: str, found: Schedule, given: Changed) -> dict[str, Any]:
        here = datetime.fromtimestamp(self.clock(), self.zone_of(found))
        text = found.text if given.text is UNSET else given.text
        kept = "" if split_recurrence(text, here) else say_recurrence(found.rule, here.date())
        when = kept if given.when is UNSET else given.when
        zone = found.zone if given.zone is UNSET else given.zone
        draft = await self.maker.draft(person, text, when=when, zone=zone)
        names = ("name", "text", "call", "tools", "effect", "rule", "zone", "settled_at")
        values = {name: getattr(draft, name) for name in names} | {"settled_wall": "", "skipped": ()}
        return values if draft.effect == found.effect else values | {"late_s": draft.late_s}

    async def remove(self, request: Request) -> Response:
        """Ends one; it can be restored."""
        person = self.doors.person(request)
        found = await self._named(request, person)
        return answer(self._told(await self.records.stop(person, found.id, ended_at=self.clock()), 0))

    async def restore(self, request: Request) -> Response:
        """Lets one go on that was removed or paused, from now."""
        person = self.doors.person(request)
        found = await self._named(request, person)
        return answer(self._told(await self.records.resume(person, found.id, self.clock()), SHOWN))

    async def pause(self, request: Request) -> Response:
        """Lets one rest until it is resumed."""
        person = self.doors.person(request)
        found = await self._named(request, person)
        paused = self.clock() if found.paused_at is None else found.paused_at
        return answer(self._told(await self.records.stop(person, found.id, paused_at=paused), SHOWN))

    async def skip(self, request: Request) -> Response:
        """Leaves out instants, or lets them count again."""
        person = self.doors.person(request)
        given = await body(request, Skipped)
        found = await self._named(request, person)
        due = given.due_at or tuple(coming(found, self.zone_of(found), self.clock(), 1))
        if not due or len(due) > MOST_SHOWN:
            raise HTTPException(422, f"“{found.name}” is not due again, or that is more than {MOST_SHOWN} at once")
        if given.back:
            kept = await self.records.change(
                person, found.id, skipped=[each for each in found.skipped if each not in due]
            )
        else:
            kept = await self.records.skip(person, found.id, due)
        return answer(self._told(kept, SHOWN) | {"skipped": list(due)})

    async def run(self, request: Request) -> Response:
        """Begins one now, by hand; answers with its task."""
        person = self.doors.person(request)
        found = await self._named(request, person)
        return answer({"task": await self.run_now(found)}, 202)

    async def _named(self, request: Request, person: str) -> Schedule:
        """By its id, also when it is over; else by words of its name."""
        name = request.path_params["schedule"]
        return await self.records.get_or_none(person, name) or await self.records.named(person, name)

    async def _draft(self, person: str, given: Given) -> Schedule:
        known = f"key-{given.key}"[:64] if given.key else ""
        draft = await self.maker.draft(person, given.text, when=given.when, zone=given.zone, known_as=known)
        return msgspec.structs.replace(draft, **_chosen(given))

    def _told(self, schedule: Schedule, count: int) -> dict[str, Any]:
        zone = self.zone_of(schedule)
        now = datetime.fromtimestamp(self.clock(), zone)
        names = ("id", "name", "text", "effect", "zone", "overlap", "late_s", "patience_s", "device", "created_at")
        told = {name: getattr(schedule, name) for name in names}
        return told | {
            "when": say_recurrence(schedule.rule, now.date()),
            "in_zone": str(zone),
            "next": [_instant(each, zone, now) for each in coming(schedule, zone, now.timestamp(), count)],
            "skips": [_instant(each, zone, now) for each in schedule.skipped if each > now.timestamp()],
            "paused": schedule.paused_at is not None,
            "ended": schedule.ended_at is not None,
        }


def _chosen(given: Given | Changed) -> dict[str, Any]:
    """What was chosen of how it is done. Raises HTTPException for what no schedule can have."""
    names = ("overlap", "late_s", "patience_s", "device")
    values = {name: value for name in names if (value := getattr(given, name)) is not UNSET}
    for name, most in (("late_s", MOST_LATE_S), ("patience_s", MOST_PATIENCE_S)):
        if not 0 <= values.get(name, 0.0) <= most:
            raise HTTPException(422, f"{name} is from 0 to {most:.0f} seconds, not {values[name]}")
    if len(values.get("device", "")) > 64:
        raise HTTPException(422, "there is no such device")
    return values


def _count(request: Request) -> int:
    """How many instants are wanted: `next` in the address."""
    given = request.query_params.get("next", str(SHOWN))
    return min(int(given), MOST_SHOWN) if given.isascii() and given.isdigit() and len(given) < 6 else SHOWN


def _instant(instant: float, zone: tzinfo, now: datetime) -> dict[str, Any]:
    moment = datetime.fromtimestamp(instant, zone)
    return {"at": instant, "wall": moment.isoformat(timespec="minutes"), "words": say_moment(moment, now)}


def _past(past: Past) -> dict[str, Any]:
    names = ("due_at", "status", "task", "by_hand", "at")
    told = {name: getattr(past.firing, name) for name in names}
    return told | {"ended": past.ended, "sentence": past.sentence}
