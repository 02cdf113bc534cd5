"""The weather of a source in one form, and in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from msgspec import Struct

from cloud.sources.definitions import DAILY, Source
from cloud.sources.errors import SourceUnfit
from cloud.sources.paths import clean, values_at
from language.days import say_date
from language.measures import UNITS, Unit, converted
from language.numbers import say_number

LIKELY, POSSIBLE = 60.0, 30.0  # percent from which rain is told as such
WET_MM = 0.2
_WET = ("rain", "drizzle", "shower", "snow", "sleet", "hail", "storm")


class Sky(Struct, frozen=True, kw_only=True):
    """What is known of a moment or a day. Temperatures and wind are in the source's units; None: not told.

    `rain`: percent where the source's unit says so, else millimetres.
    """

    temperature: float | None = None
    low: float | None = None
    wind: float | None = None
    rain: float | None = None
    humidity: float | None = None
    feels: float | None = None
    words: str = ""


class Weather(Struct, frozen=True, kw_only=True):
    """Now, and the days that are told."""

    now: Sky
    days: dict[date, Sky]


def weather_of(source: Source, data: Any) -> Weather:
    """What an answer says, by the source's mapping. Raises SourceUnfit."""
    try:
        found = {name: values_at(data, path) for name, path in source.find.items()}
        now = {name: values for name, values in found.items() if name not in DAILY}
        daily = [_day(source, found, at) for at in range(len(found.get("day", ())))]
        weather = Weather(now=_now(source, now), days={day: sky for day, sky in daily if sky != Sky()})
    except ValueError as error:
        raise SourceUnfit("Its answer is not what I was told it would be.") from error
    if weather.now == Sky() and not weather.days:
        raise SourceUnfit("Its answer has none of what I was told to look for.")
    return weather


def describe(source: Source, weather: Weather, day: date, today: date) -> str | None:
    """The weather of a day in a sentence; None when the source does not tell of that day."""
    later = weather.days.get(day)
    parts = []
    if day == today and weather.now != Sky():
        parts.append(_now_words(source, weather.now))
    if later is not None:
        parts.append(_day_words(source, later, say_date(day, today)))
    return " ".join(filter(None, parts)) or None


def rain_words(source: Source, weather: Weather, day: date, today: date) -> str | None:
    """Whether it rains on a day, and whether an umbrella is due; None when the source does not tell."""
    sky = weather.days.get(day)
    if sky is None and day == today:
        sky = weather.now
    if sky is None or (sky.rain is None and not sky.words):
        return None
    when = say_date(day, today)
    when = when if when in ("today", "tomorrow") else f"on {when}"
    wet = any(word in sky.words.lower() for word in _WET)
    if sky.rain is None:
        return f"Yes, {when} it says {sky.words}." if wet else f"It does not say so: {when} it says {sky.words}."
    if _in_percent(source):
        chance = f"The chance of rain {when} is {say_number(round(sky.rain))} percent"
        umbrella = "take an umbrella" if sky.rain >= LIKELY else "an umbrella may help" if sky.rain >= POSSIBLE else ""
        return f"{chance}: {umbrella}." if umbrella else f"{chance}, so you need no umbrella."
    if sky.rain < WET_MM and not wet:
        return f"No rain {when}, so you need no umbrella."
    return f"Yes, {_amount(sky.rain, _unit(source, 'rain', 'mm'))} of rain {when}: take an umbrella."


def rows_of(source: Source, weather: Weather, day: date, today: date) -> list[tuple[str, str]]:
    """The same for the eye: what it is, and what it says."""
    sky = weather.days.get(day)
    rows: list[tuple[str, str]] = []
    now = weather.now if day == today else Sky()
    temperature = _unit(source, "temperature", "celsius").short
    for label, value, unit in (
        ("Now", now.temperature, temperature),
        ("Feels like", now.feels, temperature),
        ("High", sky.temperature if sky else None, temperature),
        ("Low", sky.low if sky else None, temperature),
        ("Wind", (sky.wind if sky and sky.wind is not None else now.wind), _unit(source, "wind", "km h").short),
        ("Rain", (sky.rain if sky and sky.rain is not None else now.rain), _unit(source, "rain", "mm").short),
    ):
        if value is not None:
            rows.append((label, f"{value:g} {unit}"))
    return rows


def say_age(seconds: float) -> str:
    """ "as of now", "as of ten minutes ago", "as of three hours ago"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "as of now"
    count, unit = (minutes, "minute") if minutes < 90 else (round(minutes / 60), "hour")
    return f"as of {say_number(count)} {unit}{'' if count == 1 else 's'} ago"


def _now(source: Source, found: Mapping[str, tuple[str | float, ...]]) -> Sky:
    numbers = {name: _number(found, name, 0) for name in ("temperature", "wind", "rain", "humidity", "feels")}
    return Sky(words=_words(source, found, "sky", 0), **numbers)


def _day(source: Source, found: Mapping[str, tuple[str | float, ...]], at: int) -> tuple[date, Sky]:
    day = date.fromisoformat(str(found["day"][at])[:10])
    return day, Sky(
        temperature=_number(found, "high", at),
        low=_number(found, "low", at),
        wind=_number(found, "day_wind", at),
        rain=_number(found, "day_rain", at),
        words=_words(source, found, "day_sky", at),
    )


def _number(found: Mapping[str, tuple[str | float, ...]], name: str, at: int) -> float | None:
    values = found.get(name, ())
    return float(values[at]) if at < len(values) else None


def _words(source: Source, found: Mapping[str, tuple[str | float, ...]], name: str, at: int) -> str:
    """The sky in words: those of the setting for this value, else what the source says itself."""
    values = found.get(name, ())
    if at >= len(values):
        return ""
    value = values[at]
    text = f"{value:g}" if isinstance(value, float) else value
    return clean(source.words.get(text, text if not isinstance(value, float) else ""))


def _now_words(source: Source, sky: Sky) -> str:
    if sky.temperature is None:
        return f"It is {sky.words} now." if sky.words else ""
    words = f"It is {_degrees(source, sky.temperature)} now{f', {sky.words}' if sky.words else ''}"
    if sky.feels is not None and abs(sky.feels - sky.temperature) >= 3:
        words += f", and feels like {say_number(round(sky.feels))}"
    return f"{words}."


def _day_words(source: Source, sky: Sky, when: str) -> str:
    parts = [sky.words] if sky.words else []
    if sky.temperature is not None:
        low = f"{say_number(round(sky.low))} to " if sky.low is not None else "up to "
        parts.append(f"{low}{_degrees(source, sky.temperature)}")
    if sky.rain is not None and _in_percent(source):
        parts.append(f"{say_number(round(sky.rain))} percent chance of rain")
    elif sky.rain is not None and sky.rain >= WET_MM:
        parts.append(f"{_amount(sky.rain, _unit(source, 'rain', 'mm'))} of rain")
    return f"{when[:1].upper()}{when[1:]}: {', '.join(parts)}." if parts else ""


def _degrees(source: Source, value: float) -> str:
    unit = _unit(source, "temperature", "celsius")
    number = round(value)
    return f"{say_number(number)} {'degree' if number == 1 else 'degrees'}{'' if unit.short == '°C' else ' Fahrenheit'}"


def _amount(value: float, unit: Unit) -> str:
    millimetres = converted(Fraction(str(value)), unit, UNITS["mm"])
    number = round(float(millimetres)) or 1
    return f"{say_number(number)} millimetre{'' if number == 1 else 's'}"


def _unit(source: Source, name: str, usual: str) -> Unit:
    return UNITS[source.units.get(name, usual).lower()]


def _in_percent(source: Source) -> bool:
    return _unit(source, "rain", "mm").kind == "percent"
