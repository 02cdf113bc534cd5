"""Weather and facts from the sources that the owner configured. What a source says is told as its words, and is never
more than that."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import structlog

from cloud.lam.errors import ToolError
from cloud.lam.inference import NO_SOURCE
from cloud.lam.toolbox import Card, Outcome, Row, Run
from cloud.sources.definitions import WEATHER, Source, needs_place, slots_of
from cloud.sources.errors import SourceError
from cloud.sources.fetching import Fetching
from cloud.sources.paths import values_at
from cloud.sources.tables import read_table
from cloud.sources.weather import describe, rain_words, rows_of, say_age, weather_of
from cloud.tools.spoken import SpokenTool, text_of
from language.choices import choice_named
from language.entities import Choice, Slot, Value
from wire.limits import ROWS

_DAY = Slot(name="day", kind="date", required=False)
_BLANK = re.compile(r"\{([^{}]*)\}")
log = structlog.get_logger(__name__)


def source_tools(sources: Mapping[str, Source], fetching: Fetching | None) -> tuple[SpokenTool, ...]:
    """The tools of weather, which are always there, and one for each source of facts."""
    weather = WeatherTools(sources.get(WEATHER), fetching)
    facts = [
        FactTool(name, source, fetching).tool() for name, source in sources.items() if name != WEATHER and source.asks
    ]
    return (*weather.tools(), *facts)


class WeatherTools:
    """The weather, and whether it rains."""

    def __init__(self, source: Source | None, fetching: Fetching | None) -> None:
        self._source = source
        self._fetching = fetching

    def tools(self) -> tuple[SpokenTool, ...]:
        """Both of them."""
        source = self._source
        choices = tuple(Choice(place) for place in source.places) if source is not None else ()
        place = Slot(
            name="place",
            kind="choice" if choices else "text",
            choices=choices,
            required=source is not None and needs_place(source),
            question="For which place?",
        )
        return (
            SpokenTool(
                name="weather",
                description="tell the weather",
                utterances=(
                    "(what's|what is|how's|how is) the weather [like] [today|outside|now]",
                    "(what's|what is|how's|how is) the weather [like] [for|on] {day}",
                    "(what's|what is|how's|how is) the weather [like] in {place} [for|on] {day}",
                    "(what's|what is|how's|how is) the weather [like] in {place}",
                    "(what's|what is) the (forecast|temperature) [outside] [for {day}]",
                    "(what's|what is) the (forecast|temperature) in {place}",
                    "how (warm|cold|hot) is it [outside]",
                ),
                slots=(_DAY, place),
                work=self._tell,
            ),
            SpokenTool(
                name="rain",
                description="tell whether it rains",
                utterances=(
                    "will it rain [today]",
                    "will it rain [on] {day}",
                    "will it rain in {place}",
                    "will it rain [on] {day} in {place}",
                    "is it (raining|going to rain) [today|outside]",
                    "do i need an umbrella [today]",
                    "do i need an umbrella [on|for] {day}",
                ),
                slots=(_DAY, place),
                work=self._tell_rain,
            ),
        )

    async def _tell(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return await self._answer(arguments, run, rain=False)

    async def _tell_rain(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        return await self._answer(arguments, run, rain=True)

    async def _answer(self, arguments: Mapping[str, Value], run: Run, *, rain: bool) -> Outcome:
        source = self._source
        if source is None or self._fetching is None:
            return _no_source()
        place, now = text_of(arguments, "place"), run.now()
        today = now.date()
        day = date.fromisoformat(text_of(arguments, "day") or today.isoformat())
        name = source.name or "the weather source"
        try:
            answer = await self._fetching.get(WEATHER, source, _place_values(source, place))
            weather = weather_of(source, answer.data)
        except SourceError as error:
            raise ToolError(_failed(name, error)) from error
        words = (rain_words if rain else describe)(source, weather, day, today)
        if words is None:
            raise ToolError(f"{_first(name)} does not tell of that day.")
        rows = tuple(Row(label, value) for label, value in rows_of(source, weather, day, today))
        title = place.title() if place and needs_place(source) else "Weather"
        return _told(name, answer.at, now, words, title=title, rows=rows)


class FactTool:
    """One source of facts: its own sentences, and its answer."""

    def __init__(self, setting: str, source: Source, fetching: Fetching | None) -> None:
        self._setting = setting
        self._source = source
        self._fetching = fetching

    def tool(self) -> SpokenTool:
        """Named by its setting."""
        return SpokenTool(
            name=self._setting,
            description=f"look something up in {self._source.name or self._setting}",
            utterances=self._source.asks,
            slots=tuple(self._slot(name) for name in slots_of(self._source)),
            work=self._tell,
        )

    def _slot(self, name: str) -> Slot:
        """What a file can be asked for is known."""
        if self._source.file:
            rows = read_table(Path(self._source.file))
            values = dict.fromkeys(row.get(self._source.column, "") for row in rows)
            return Slot(name=name, kind="choice", choices=tuple(Choice(value) for value in values if value))
        if name == "place" and self._source.places:
            return Slot(name=name, kind="choice", choices=tuple(Choice(place) for place in self._source.places))
        return Slot(name=name, kind="text")

    async def _tell(self, arguments: Mapping[str, Value], run: Run) -> Outcome:
        said = {name: text_of(arguments, name) for name in slots_of(self._source)}
        name, now = self._source.name or self._setting, run.now()
        try:
            found, at = self._looked_up(said, now) if self._source.file else await self._asked(said)
        except SourceError as error:
            raise ToolError(_failed(name, error)) from error
        words = _BLANK.sub(lambda blank: found.get(blank[1], ""), self._source.say)
        rows = tuple(Row(label, value) for label, value in found.items() if value and label not in said)
        return _told(name, at, now, words, title=_first(next(iter(said.values()), name)), rows=rows)

    def _looked_up(self, said: Mapping[str, str], now: datetime) -> tuple[dict[str, str], float]:
        """The row of the file; it is read anew, so that it may change while the cloud runs."""
        path = Path(self._source.file)
        wanted = next(iter(said.values()))
        try:
            rows, at = read_table(path), path.stat().st_mtime
        except (OSError, ValueError) as error:
            log.warning("source_unreadable", source=self._setting, reason=str(error))
            raise ToolError(f"I cannot read {self._source.name or self._setting} any more.") from error
        for row in rows:
            key = row.get(self._source.column, "")
            if key and choice_named((Choice(key),), wanted) is not None:
                return {**row, **said}, at
        raise ToolError(f"{_first(self._source.name or self._setting)} has nothing about {wanted}.")

    async def _asked(self, said: Mapping[str, str]) -> tuple[dict[str, str], float]:
        if self._fetching is None:
            raise ToolError(NO_SOURCE)
        place = said.get("place", "")
        values = {**said, **(_place_values(self._source, place) if place else {})}
        answer = await self._fetching.get(self._setting, self._source, values)
        found = dict(said)
        for name, path in self._source.find.items():
            try:
                listed = values_at(answer.data, path)
            except ValueError as error:
                raise ToolError(_failed(self._source.name or self._setting, error)) from error
            if not listed:
                raise ToolError(f"{_first(self._source.name or self._setting)} has nothing about that.")
            texts = [f"{value:g}" if isinstance(value, float) else value for value in listed[:5]]
            found[name] = ", ".join(self._source.words.get(text, text) for text in texts)
        return found, answer.at


def _place_values(source: Source, place: str) -> dict[str, str]:
    """What goes into an address for a place. Raises ToolError for one that the source does not know."""
    if not source.places:
        return {"place": place}
    known = choice_named(tuple(Choice(name) for name in source.places), place)
    if known is None:
        raise ToolError(f"{_first(source.name or 'the source')} does not know {place}.")
    return {"place": known, **source.places[known]}


def _told(name: str, at: float, now: datetime, words: str, *, title: str, rows: tuple[Row, ...]) -> Outcome:
    age = say_age(now.timestamp() - at)
    said_at = datetime.fromtimestamp(at, now.tzinfo)
    clock = said_at.strftime("%H:%M" if said_at.date() == now.date() else "%-d %B %H:%M")
    card = Card(title=title, body="" if rows else words, rows=(*rows[: ROWS - 1], Row("Source", f"{name}, {clock}")))
    return Outcome(status="done", sentence=f"According to {name}, {age}: {words}", card=card)


def _failed(name: str, error: Exception) -> str:
    reason = str(error) if isinstance(error, SourceError) else "Its answer is not what I was told it would be."
    return f"I asked {name}. {reason}"


def _no_source() -> Outcome:
    body = "The owner can configure one: see “Sources” in the operations guide."
    return Outcome(status="done", sentence=NO_SOURCE, card=Card(title="No source", body=body))


def _first(words: str) -> str:
    return words[:1].upper() + words[1:]
